import { ApiMisuseError } from '@sealwire/core';
import { X509Error } from '../errors.ts';
import { looksLikeDer } from '../inputs.ts';
import { type PemBlock, parsePem } from '../pem.ts';
import { fromPkcs1, fromSec1, isPkcs8 } from './pkcs8.ts';

/**
 * A private key as people have it, brought into the one form that providers take: DER PKCS #8, unencrypted
 * (RFC 5958). Accepted: PKCS #8, PKCS #1 (RFC 8017 §A.1.2) and SEC 1 (RFC 5915), each as PEM or DER; in a PEM
 * text the first private key counts. Throws `X509Error` with a `key.…` or `pem.…` code.
 */
export function privateKeyPkcs8(input: string | Uint8Array): Uint8Array {
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new ApiMisuseError(`expected a private key as PEM or DER, got ${typeof input}`);
  }
  if (typeof input !== 'string' && looksLikeDer(input)) return fromDer(input);
  const block = parsePem(input).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined)
    throw new X509Error(
      'pem.noBlock',
      'expected a PRIVATE KEY block of PEM (the contents of a file, not its path)',
    );
  return fromBlock(block);
}

function fromBlock(block: PemBlock): Uint8Array {
  const { label, der, offset } = block;
  if (label === 'ENCRYPTED PRIVATE KEY' || /ENCRYPTED/.test(block.headers.get('Proc-Type') ?? '')) {
    throw new X509Error('key.encrypted', 'expected a private key that is not encrypted', { offset });
  }
  switch (label) {
    case 'PRIVATE KEY':
      if (!isPkcs8(der))
        throw new X509Error('key.malformed', 'expected a PKCS #8 PrivateKeyInfo', { offset });
      return der;
    case 'RSA PRIVATE KEY':
      return fromPkcs1(der) ?? malformed('an RSAPrivateKey of PKCS #1', offset);
    case 'EC PRIVATE KEY':
      return fromSec1(der) ?? malformed('an ECPrivateKey with a named curve', offset);
    default:
      throw new X509Error('key.unsupported', `expected a PKCS #8, RSA or EC private key, got ${label}`, {
        offset,
      });
  }
}

/** DER carries no label: the three structures differ in their second element. */
function fromDer(der: Uint8Array): Uint8Array {
  if (isPkcs8(der)) return der;
  return fromSec1(der) ?? fromPkcs1(der) ?? malformed('a private key of PKCS #8, PKCS #1 or SEC 1', 0);
}

function malformed(expected: string, offset: number): never {
  throw new X509Error('key.malformed', `expected ${expected}`, { offset });
}
