import { createPublicKey, type KeyObject } from 'node:crypto';
import { provider } from '../process/provider.ts';
import {
  type Certificate,
  encodePem,
  isX509Error,
  parseCertificate,
  readTrustedCertificate,
  type SecurityLevel,
  signatureAlgorithmOf,
} from '@sealwire/x509';
import { nativeError } from '../errors/node-error.ts';
import { type OpensslReason, sslReason, thrownOpensslError } from '../errors/openssl-error.ts';
import { allowsKey } from '../openssl/security.ts';
import type { OpensslVersion } from '../process/host.ts';
import { PemReader, type PemProblem } from './pem-reader.ts';
import { sslError } from './refusals.ts';

/** One of the certificates that a context presents, or completes chains with. */
export interface OwnCertificate {
  readonly der: Uint8Array;
  readonly certificate: Certificate;
}

/** `cert`: the own certificate, and behind it those above it, as SSL_CTX_use_certificate_chain_file(3) reads them. */
export function readOwnChain(input: string | ArrayBufferView): [OwnCertificate, ...OwnCertificate[]] {
  const reader = new PemReader(input);
  const first = reader.next(trustedLabels);
  if (typeof first === 'string') throw pemError(first);
  const chain: [OwnCertificate, ...OwnCertificate[]] = [readOwnCertificate(withoutSettings(first.der))];
  for (;;) {
    const next = reader.next(plainLabels);
    if (next === 'no start line') return chain;
    if (typeof next === 'string') throw pemError(next);
    chain.push(readOwnCertificate(next.der));
  }
}

export function readOwnCertificate(der: Uint8Array): OwnCertificate {
  try {
    return { der, certificate: parseCertificate(der) };
  } catch (error) {
    if (!isX509Error(error)) throw error;
    throw malformedError(der);
  }
}

/** The kinds of keys that a context has a place for, one each; `undefined`: OpenSSL has none for this. */
export function slotOf(spki: Uint8Array): string | undefined {
  const key = readKey(spki);
  // Node 22 has no name for ML-DSA, which its OpenSSL knows.
  const type = key && (key.asymmetricKeyType ?? provider.importPublicKey(spki)?.kind.type);
  return type === 'x25519' || type === 'x448' ? undefined : type;
}

/** What is wrong with a certificate whose key has no place: OpenSSL cannot read it, and says so where it first needs it, or signs with no such key. */
export function noPlaceError({ certificate }: OwnCertificate, level: SecurityLevel): Error {
  if (readKey(certificate.spki) !== undefined) return sslError('unknown certificate type');
  const unread: OpensslReason = { library: 'digital envelope routines', number: 114, reason: 'decode error' };
  const libraryError: OpensslReason = { library: 'SSL routines', number: 268, reason: 'x509 lib' };
  return thrownOpensslError(unread, level >= 1 ? [sslReason('ee key too small')] : [libraryError, unread]);
}

function readKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** What the security level has against it; a signature over itself proves nothing, and is not looked at. */
export function requireStrength(
  { certificate }: OwnCertificate,
  level: SecurityLevel,
  role: 'ee' | 'ca',
  version: OpensslVersion,
): void {
  const kind = provider.importPublicKey(certificate.spki)?.kind;
  if (kind !== undefined && !allowsKey(level, kind)) throw sslError(`${role} key too small`);
  // Since 3.2 a chain of one's own may be signed as it likes: whoever verifies it decides.
  if (version !== '3.0' || certificate.isSelfIssued) return;
  const algorithm = signatureAlgorithmOf(certificate.signatureAlgorithm);
  const hash = algorithm !== undefined && 'hash' in algorithm ? algorithm.hash : undefined;
  if (hash !== undefined && level >= 1 && brokenHashes.includes(hash)) throw sslError('ca md too weak');
}

export function pemError(problem: PemProblem): Error {
  if (problem === 'empty') return nativeError(undefined, 'SSL_CTX_use_certificate_chain');
  return thrownOpensslError({ library: 'PEM routines', number: pemReasons[problem], reason: problem });
}

/** In the words of the OpenSSL that Node has, which reads the same bytes in vain. */
export function malformedError(der: Uint8Array): Error {
  const asn1 = (number: number, reason: string): OpensslReason => ({
    library: 'asn1 encoding routines',
    number,
    reason,
  });
  const inPem: OpensslReason = { library: 'PEM routines', number: 0x8_000d, reason: 'ASN1 lib' };
  const said = reasonsOf(der).map(([number, reason]) => asn1(number, reason));
  // Whatever comes behind a certificate is taken for what it is trusted for.
  if (said.length === 0) said.push(asn1(0x8_010a, 'nested asn1 error'), asn1(168, 'wrong tag'));
  const last = said.pop()!;
  return thrownOpensslError(last, [inPem, ...said]);
}

function reasonsOf(der: Uint8Array): [number: number, reason: string][] {
  try {
    createPublicKey(encodePem('CERTIFICATE', der));
    return [];
  } catch (error) {
    const { opensslErrorStack = [], message } = error as Error & { opensslErrorStack?: string[] };
    // From Node 22 on the error itself stands among them.
    const lines = opensslErrorStack.at(-1) === message ? opensslErrorStack : [...opensslErrorStack, message];
    return lines.flatMap((line) => {
      const [, number, reason] = /^error:068([0-9A-F]{5}):asn1 encoding routines::(.*)$/.exec(line) ?? [];
      if (number === undefined || reason === undefined) return [];
      return [[Number.parseInt(number, 16), reason] as [number, string]];
    });
  }
}

function withoutSettings(der: Uint8Array): Uint8Array {
  try {
    return readTrustedCertificate(der).certificate;
  } catch (error) {
    if (!isX509Error(error)) throw error;
    throw malformedError(der);
  }
}

const pemReasons: Readonly<Record<Exclude<PemProblem, 'empty'>, number>> = {
  'no start line': 108,
  'bad end line': 102,
  'bad base64 decode': 100,
};

/** Those that are worth less than level 1 asks for. Level 3 and above refuse the keys first that still go with the next ones. */
const brokenHashes: readonly string[] = ['md5', 'sha1'];

export const plainLabels: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);
/** A certificate that says what it is trusted for. */
export const trustedLabels: ReadonlySet<string> = new Set([...plainLabels, 'TRUSTED CERTIFICATE']);
