import type { CryptoProvider, HashName } from '@sealwire/core';
import { signatureAlgorithmOf } from './certificate/algorithm.ts';
import { parseCertificate } from './certificate/certificate.ts';

export interface ServerEndPointOptions {
  /** DER of the server's own certificate, as it was presented. */
  readonly certificate: Uint8Array;
  readonly provider: CryptoProvider;
}

/**
 * The channel binding `tls-server-end-point` (RFC 5929 §4.1): the hash of the server's certificate, by the hash function
 * of its signature; by SHA-256 where that is MD5 or SHA-1. `undefined` where the binding is not defined: the signature
 * uses no hash function of its own (EdDSA), or one that the provider lacks. `X509Error` for what is no certificate.
 */
export function serverEndPointBinding({
  certificate,
  provider,
}: ServerEndPointOptions): Uint8Array | undefined {
  const algorithm = signatureAlgorithmOf(parseCertificate(certificate).signatureAlgorithm);
  if (algorithm === undefined || !('hash' in algorithm)) return undefined;
  return provider.hashes[bindingHash(algorithm.hash)]?.digest([certificate]);
}

function bindingHash(signatureHash: HashName): HashName {
  return signatureHash === 'md5' || signatureHash === 'sha1' ? 'sha256' : signatureHash;
}
