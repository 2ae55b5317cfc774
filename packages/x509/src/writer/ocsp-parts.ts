import { ApiMisuseError, type CryptoProvider, type HashName } from '@sealwire/core';
import { hashIds } from '../certificate/algorithm.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { tags } from '../der/reader.ts';
import { derElement, derNull, derObjectIdentifier, derOctetString, derSequence } from '../der/write.ts';
import { extensionIds } from '../extensions/registry.ts';
import { maxNonceBytes } from '../limits.ts';
import { certIdHashes, keyBits } from '../revocation/ocsp/cert-id.ts';

/** What OCSP requests and responses are both written with. */

/** CertID of a certificate (RFC 6960 §4.1.1). */
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

/** The extension id-pkix-ocsp-nonce, whose value is an OCTET STRING once more (RFC 9654 §2.1). */
export function writeNonce(nonce: Uint8Array): Uint8Array {
  if (nonce.length < 1 || nonce.length > maxNonceBytes)
    throw new ApiMisuseError(`expected a nonce of 1 to ${maxNonceBytes} octets, got ${nonce.length}`);
  return derSequence(derObjectIdentifier(extensionIds.ocspNonce), derOctetString(derOctetString(nonce)));
}
