import { ApiMisuseError, type CryptoProvider, type HashName } from '@sealwire/core';
import { hashIds } from '../../certificate/algorithm.ts';
import { type Certificate, parseCertificate } from '../../certificate/certificate.ts';
import { tags } from '../../der/reader.ts';
import {
  derElement,
  derExplicit,
  derNull,
  derObjectIdentifier,
  derOctetString,
  derSequence,
} from '../../der/write.ts';
import { extensionIds } from '../../extensions/registry.ts';
import { maxNonceBytes } from '../../limits.ts';
import { certIdHashes, keyBits } from './cert-id.ts';

export interface OcspRequestContents {
  readonly provider: CryptoProvider;
  /** Certificates that are asked about, and of each the issuer's: DER. RFC 5019 §2.1.1 wants one alone. */
  readonly certificates: readonly { readonly certificate: Uint8Array; readonly issuer: Uint8Array }[];
  /** Of names and keys in CertID. Default `sha1`, which every responder knows; RFC 9919 wants `sha256`. */
  readonly hash?: (typeof certIdHashes)[number];
  /**
   * 1 to 128 octets that must come back, from a source that nobody can guess: 32 are usual (RFC 8954 §2.1). Absent: none,
   * and any response in force will do, also one that was made before (RFC 5019).
   */
  readonly nonce?: Uint8Array;
}

/** An unsigned OCSPRequest (RFC 6960 §4.1.1), DER; it goes to the responder as application/ocsp-request. */
export function makeOcspRequest(contents: OcspRequestContents): Uint8Array {
  const { provider, certificates, hash = 'sha1', nonce } = contents;
  if (certificates.length === 0) throw new ApiMisuseError('expected at least one certificate to ask about');
  if (nonce !== undefined && (nonce.length < 1 || nonce.length > maxNonceBytes))
    throw new ApiMisuseError(`expected a nonce of 1 to ${maxNonceBytes} octets, got ${nonce.length}`);
  const requests = certificates.map(({ certificate, issuer }) =>
    derSequence(writeCertId(parseCertificate(certificate), parseCertificate(issuer), hash, provider)),
  );
  const extensions = nonce === undefined ? [] : [derExplicit(2, derSequence(writeNonce(nonce)))];
  return derSequence(derSequence(derSequence(...requests), ...extensions));
}

/** CertID of a certificate. */
export function writeCertId(
  certificate: Certificate,
  issuer: Certificate,
  hash: HashName,
  provider: CryptoProvider,
): Uint8Array {
  const name = certIdHashes.find((known) => known === hash);
  const digest = name && provider.hashes[name];
  if (digest === undefined)
    throw new ApiMisuseError(
      `expected one of ${certIdHashes.join(', ')} that ${provider.name} has, got ${hash}`,
    );
  if (!certificate.issuer.equals(issuer.subject))
    throw new ApiMisuseError(
      `expected the certificate of ${certificate.issuer}, got that of ${issuer.subject}`,
    );
  return derSequence(
    derSequence(derObjectIdentifier(hashIds[name!]), derNull),
    derOctetString(digest.digest([certificate.issuer.der])),
    derOctetString(digest.digest([keyBits(issuer.spki)])),
    derElement(tags.integer, certificate.serialNumber),
  );
}

/** The extension id-pkix-ocsp-nonce, whose value is an OCTET STRING once more (RFC 8954 §2.1). */
export function writeNonce(nonce: Uint8Array): Uint8Array {
  return derSequence(derObjectIdentifier(extensionIds.ocspNonce), derOctetString(derOctetString(nonce)));
}
