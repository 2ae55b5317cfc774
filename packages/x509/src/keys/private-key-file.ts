import { ApiMisuseError, type CryptoProvider, type CurveName } from '@sealwire/core';
import {
  decryptionContext,
  type DecryptionOptions,
  requirePassword,
  wrongPassphrase,
} from '../encryption/decryption.ts';
import { isX509Error, X509Error } from '../errors.ts';
import { looksLikeDer } from '../der/looks-like-der.ts';
import { maxContainerBytes } from '../limits.ts';
import { insteadOf, type PemBlock, parsePem } from '../pem.ts';
import { decryptPem, isEncryptedPem } from './encrypted-pem.ts';
import { decryptPkcs8, isEncryptedPkcs8 } from './encrypted-pkcs8.ts';
import { curveParameters, fromPkcs1, fromSec1, isPkcs8, namedCurve } from './pkcs8.ts';

export interface PrivateKeyOptions extends DecryptionOptions {
  /** The curve of an EC key that does not say it (RFC 5915 §3 lets it be left out). */
  readonly curve?: CurveName;
}

/**
 * A private key as people have it, brought into the one form that providers take: DER PKCS #8, unencrypted
 * (RFC 5958). Accepted, each as PEM or DER: PKCS #8, plain or encrypted with a passphrase (RFC 8018: PBES2, and the older
 * PBES1 and those of RFC 7292), PKCS #1 (RFC 8017 §A.1.2) and SEC 1 (RFC 5915), as PEM also encrypted in the old way
 * (`DEK-Info`). In a PEM text the first private key counts. What is encrypted needs a provider.
 *
 * Throws `X509Error` with a `key.…`, `encryption.…` or `pem.…` code; `encryption.passphraseWrong` says that passphrase and
 * file do not go together, and never how near they came.
 */
export function privateKeyPkcs8(
  input: string | Uint8Array,
  options: PrivateKeyOptions & { readonly provider?: CryptoProvider } = {},
): Uint8Array {
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new ApiMisuseError(`expected a private key as PEM or DER, got ${typeof input}`);
  }
  if (typeof input !== 'string' && looksLikeDer(input)) {
    if (input.length > maxContainerBytes)
      throw new X509Error(
        'key.malformed',
        `expected at most ${maxContainerBytes} bytes, got ${input.length}`,
      );
    return fromDer(input, options);
  }
  const blocks = parsePem(input);
  const block = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined)
    throw new X509Error('pem.noBlock', `expected a PRIVATE KEY block of PEM${insteadOf(blocks)}`);
  const before = blocks.slice(0, blocks.indexOf(block)).findLast(({ label }) => label === 'EC PARAMETERS');
  return fromBlock(block, before === undefined ? undefined : namedCurve(before.der), options);
}

type Options = Parameters<typeof privateKeyPkcs8>[1] & {};

function fromBlock(block: PemBlock, parameters: Uint8Array | undefined, options: Options): Uint8Array {
  const { label, offset } = block;
  if (label === 'ENCRYPTED PRIVATE KEY') return decrypted(block.der, options);
  if (!isEncryptedPem(block)) return fromPlainBlock(block, parameters, options);
  const password = requirePassword(options.passphrase, `the ${label}`);
  const context = decryptionContext(providerOf(options), options);
  const der = decryptPem(block, password.bytes, context);
  if (der === undefined) throw wrongPassphrase(`the ${label}`);
  try {
    return fromPlainBlock({ label, der, headers: new Map(), offset }, parameters, options);
  } catch (error) {
    // One wrong passphrase in 256 leaves a good padding; what stands before it is noise then.
    if (isX509Error(error) && error.code === 'key.malformed') throw wrongPassphrase(`the ${label}`);
    throw error;
  }
}

function fromPlainBlock(
  { label, der, offset }: PemBlock,
  parameters: Uint8Array | undefined,
  options: Options,
): Uint8Array {
  switch (label) {
    case 'PRIVATE KEY':
      return isPkcs8(der) ? der : malformed('a PKCS #8 PrivateKeyInfo', offset);
    case 'RSA PRIVATE KEY':
      return fromPkcs1(der) ?? malformed('an RSAPrivateKey of PKCS #1', offset);
    case 'EC PRIVATE KEY':
      return (
        fromSec1(der, parameters ?? curveOf(options)) ??
        malformed('an ECPrivateKey with a named curve', offset)
      );
    default:
      throw new X509Error('key.unsupported', `expected a PKCS #8, RSA or EC private key, got ${label}`, {
        offset,
      });
  }
}

/** DER carries no label: the structures differ in their first elements. */
function fromDer(der: Uint8Array, options: Options): Uint8Array {
  if (isPkcs8(der)) return der;
  if (isEncryptedPkcs8(der)) return decrypted(der, options);
  return (
    fromSec1(der, curveOf(options)) ??
    fromPkcs1(der) ??
    malformed('a private key of PKCS #8, PKCS #1 or SEC 1', 0)
  );
}

function decrypted(der: Uint8Array, options: Options): Uint8Array {
  const password = requirePassword(options.passphrase, 'the private key');
  return decryptPkcs8(der, password, decryptionContext(providerOf(options), options));
}

function providerOf({ provider }: Options): CryptoProvider {
  if (provider === undefined)
    throw new ApiMisuseError('expected a provider, without which an encrypted private key cannot be read');
  return provider;
}

function curveOf({ curve }: Options): Uint8Array | undefined {
  return curve === undefined ? undefined : curveParameters(curve);
}

function malformed(expected: string, offset: number): never {
  throw new X509Error('key.malformed', `expected ${expected}`, { offset });
}
