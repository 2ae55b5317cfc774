import {
  ApiMisuseError,
  type CryptoProvider,
  type PrivateKey,
  type RandomSource,
  type SignatureAlgorithm,
} from '@sealwire/core';
import { parseCertificate } from '../certificate/certificate.ts';
import { contextTag } from '../der/reader.ts';
import {
  derElement,
  derExplicit,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derSequenceOf,
} from '../der/write.ts';
import { extensionIds } from '../extensions/registry.ts';
import { requireSameKey } from '../keys/own-key.ts';
import type { certIdHashes } from '../revocation/ocsp/cert-id.ts';
import { toDer } from './asn1.ts';
import { writeCertId, writeNonce } from './ocsp-parts.ts';
import { usualSignatureAlgorithm } from '../keys/usual-algorithm.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { signatureOver } from './signed.ts';

export interface OcspRequestContents {
  readonly provider: CryptoProvider;
  /** Certificates that are asked about, and of each the issuer's: DER. RFC 9919 §3.1.1 wants one alone. */
  readonly certificates: readonly { readonly certificate: Uint8Array; readonly issuer: Uint8Array }[];
  /** Of names and keys in CertID. Default `sha1`, which every responder knows; RFC 9919 wants `sha256`. */
  readonly hash?: (typeof certIdHashes)[number];
  /**
   * 1 to 128 octets that must come back, from a source that nobody can guess: 32 are usual (RFC 9654 §2.1). Absent: none,
   * and any response in force will do, also one that was made before (RFC 9919 §5).
   */
  readonly nonce?: Uint8Array;
  /** By which algorithms the response may be signed, the best first (RFC 6960 §4.4.7.1). Default: nothing is said. */
  readonly preferredSignatureAlgorithms?: readonly SignatureAlgorithm[];
  /** Who asks, for responders that want to know. Absent: the request is not signed, as is usual. */
  readonly signer?: OcspRequestSigner;
}

export interface OcspRequestSigner {
  /** DER certificate, whose subject becomes the name of the requestor, and its key. */
  readonly certificate: Uint8Array;
  readonly key: PrivateKey;
  /** DER certificates to put along, the signer's own first. Default: that alone. */
  readonly chain?: readonly Uint8Array[];
  /** Default: what suits the key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Where the signature's randomness comes from. */
  readonly source?: RandomSource;
}

/**
 * An OCSPRequest (RFC 6960 §4.1.1), DER; it goes to the responder as application/ocsp-request, or, if it is short, in the
 * address (`ocspGetUrl`). Throws `ApiMisuseError` for contents that cannot be written, `X509Error` for certificates that cannot
 * be read.
 */
export function makeOcspRequest(contents: OcspRequestContents): Uint8Array {
  const { provider, certificates, hash = 'sha1', signer } = contents;
  if (certificates.length === 0) throw new ApiMisuseError('expected at least one certificate to ask about');
  const requests = certificates.map(({ certificate, issuer }) =>
    derSequence(writeCertId(parseCertificate(certificate), parseCertificate(issuer), hash, provider)),
  );
  const extensions = extensionsOf(contents);
  const tbs = derSequence(
    ...(signer === undefined ? [] : [requestorName(signer, provider)]),
    derSequenceOf(requests),
    ...(extensions.length === 0 ? [] : [derExplicit(2, derSequence(...extensions))]),
  );
  return derSequence(tbs, ...(signer === undefined ? [] : [derExplicit(0, signatureOf(tbs, signer))]));
}

function extensionsOf({ nonce, preferredSignatureAlgorithms }: OcspRequestContents): Uint8Array[] {
  const extensions = nonce === undefined ? [] : [writeNonce(nonce)];
  if (preferredSignatureAlgorithms === undefined) return extensions;
  if (preferredSignatureAlgorithms.length === 0)
    throw new ApiMisuseError('expected at least one preferred signature algorithm');
  const algorithms = preferredSignatureAlgorithms.map((each) =>
    derSequence(toDer(writeSignatureAlgorithm(each))),
  );
  const value = derOctetString(derSequence(...algorithms));
  return [
    ...extensions,
    derSequence(derObjectIdentifier(extensionIds.ocspPreferredSignatureAlgorithms), value),
  ];
}

/** "If the request is signed, the requestor SHALL specify its name in the requestorName field" (§4.1.2). */
function requestorName({ certificate, key }: OcspRequestSigner, provider: CryptoProvider): Uint8Array {
  const { subject, spki } = parseCertificate(certificate);
  requireSameKey(key, spki, provider, 'the key of the certificate of whoever signs the request');
  if (subject.isEmpty)
    throw new ApiMisuseError('expected a certificate with a subject: it names who signs the request');
  return derExplicit(1, derElement(contextTag.constructed(4), subject.der));
}

function signatureOf(tbs: Uint8Array, signer: OcspRequestSigner): Uint8Array {
  const { certificate, key, chain = [certificate], source } = signer;
  const algorithm = signer.signatureAlgorithm ?? usualSignatureAlgorithm(key.kind);
  return derSequence(...signatureOver(tbs, algorithm, key, source), derExplicit(0, derSequence(...chain)));
}
