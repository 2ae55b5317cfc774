import type { SignatureScheme } from '../registry/signature-schemes.ts';
import { opaque16, opaque24, registered, struct, uint16, uint32, type Codec } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';
import { signatureSchemeList } from './signature-algorithms.ts';

/**
 * delegated_credential (RFC 9345 §4): the schemes that the sender verifies with the key of a delegated credential, and
 * such a credential in the entry of the certificate that delegates. The lists are those of signature_algorithms.
 *
 *     struct {
 *         uint32 valid_time;
 *         SignatureScheme dc_cert_verify_algorithm;
 *         opaque ASN1_subjectPublicKeyInfo<1..2^24-1>;
 *     } Credential;
 *
 *     struct {
 *         Credential cred;
 *         SignatureScheme algorithm;
 *         opaque signature<1..2^16-1>;
 *     } DelegatedCredential;
 */
export interface DelegatedCredential {
  readonly cred: DelegatedKey;
  /** How `signature` was made. */
  readonly algorithm: SignatureScheme;
  /** Of the certificate's key, over certificate, `cred` and `algorithm`. */
  readonly signature: Uint8Array;
}

/** The RFC's `Credential`: a key, and what it may be used for until when. */
export interface DelegatedKey {
  /** Seconds after the notBefore of the certificate that delegates, until which it is valid. */
  readonly validTimeSeconds: number;
  /** What the key signs CertificateVerify with. */
  readonly dcCertVerifyAlgorithm: SignatureScheme;
  /** DER SubjectPublicKeyInfo. */
  readonly subjectPublicKeyInfo: Uint8Array;
}

const scheme = /* @__PURE__ */ registered<SignatureScheme>(uint16, 'SignatureScheme');

export const delegatedKey: Codec<DelegatedKey> = /* @__PURE__ */ struct({
  validTimeSeconds: uint32,
  dcCertVerifyAlgorithm: scheme,
  subjectPublicKeyInfo: /* @__PURE__ */ opaque24({ min: 1 }),
});

export const delegatedCredential: Codec<DelegatedCredential> = /* @__PURE__ */ struct({
  cred: delegatedKey,
  algorithm: scheme,
  // Drafts allowed it to be empty; no signature is.
  signature: /* @__PURE__ */ opaque16({ min: 1 }),
});

export const delegatedCredentialExtension = /* @__PURE__ */ defineExtension('delegated_credential', {
  CH: signatureSchemeList,
  CR: signatureSchemeList,
  CT: delegatedCredential,
});
