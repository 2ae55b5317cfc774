/**
 * X.509 on any crypto provider. Reading: `parseCertificate`, `parsePem`. Deciding: `verifyChain`,
 * `createVerifier`. Own identity: `loadCredential`. Making: `makeCertificate`, `issueDelegatedCredential`,
 * `makeTestPki`.
 */
export { X509Error, isX509Error, x509ErrorCodes, type X509ErrorCode } from './errors.ts';
export { type PemBlock, encodePem, parsePem } from './pem.ts';
export { type CertificateInput, certificatesDer } from './inputs.ts';

export { Certificate, parseCertificate } from './certificate/certificate.ts';
export { CertificateCache } from './certificate/cache.ts';
export type { Extension } from './certificate/extension-list.ts';
export { type AlgorithmIdentifier, signatureAlgorithmOf } from './certificate/algorithm.ts';
export type { AccessDescription, AuthorityInfoAccess } from './extensions/authority-info-access.ts';
export type { BasicConstraints } from './extensions/basic-constraints.ts';
export type { KeyUsage } from './extensions/key-usage.ts';
export type { NameConstraints } from './extensions/name-constraints.ts';
export {
  type PolicyConstraints,
  type PolicyInformation,
  type PolicyMapping,
  anyPolicy,
} from './extensions/policies.ts';
export type { AuthorityKeyIdentifier } from './extensions/key-identifiers.ts';
export { type KeyPurpose, extensionIds, keyPurposeIds } from './extensions/registry.ts';

export {
  DistinguishedName,
  type NameAttribute,
  type RelativeName,
  attributeTypes,
} from './names/distinguished-name.ts';
export type { GeneralName, OtherForm } from './names/general-name.ts';
export { type HostName, matchesHostName, parseHostName } from './names/host-name.ts';
export { matchesService, type ServiceName } from './names/service-name.ts';
export { formatIpAddress, parseIpAddress } from './names/ip-address.ts';

export { type VerifyChainOptions, checkHostName, checkService, verifyChain } from './verify-chain.ts';
export {
  type NamedAnchor,
  type OtherAnchors,
  type TrustAnchor,
  TrustAnchors,
  type UnreadableAnchor,
} from './path/anchors.ts';
export type { PathPolicy } from './path/policy.ts';
export type { LimitedAnchor, TrustSettings } from './path/trust-settings.ts';
export { bitsOfKey, bitsOfLevel, type SecurityLevel } from './path/security-level.ts';
export { type NodeTlsError, nodeTlsError, nodeTlsPolicy } from './path/node-tls.ts';
export {
  type FailedPath,
  type PathOutcome,
  type PathRefusal,
  type Problem,
  type VerifyCode,
  verifyCodes,
} from './path/outcome.ts';
export {
  type PeerVerdict,
  type PeerVerifier,
  type VerifierOptions,
  acceptAnyPeer,
  createVerifier,
} from './verifier.ts';

export { checkRevocation } from './revocation/check.ts';
export type { RevocationContext, RevocationOptions, StapledResponse } from './revocation/options.ts';
export { CertificateRevocationList, parseCrl } from './revocation/crl/crl.ts';
export { type CrlInput, CrlSet, type UnreadableCrl } from './revocation/crl/crl-set.ts';
export { RevokedEntries } from './revocation/crl/entries.ts';
export {
  type RevocationReason,
  type RevokedCertificate,
  revocationReasons,
} from './revocation/crl/entry.ts';
export {
  type CheckOcspOptions,
  type OcspOutcome,
  checkOcspResponse,
} from './revocation/ocsp/check-response.ts';
export type { CertId } from './revocation/ocsp/cert-id.ts';
export {
  type OcspRequest,
  type OcspRequestSignature,
  isOcspRequestSignedBy,
  parseOcspRequest,
} from './revocation/ocsp/request.ts';
export { ocspGetUrl } from './revocation/ocsp/get-url.ts';
export {
  type OcspRequestContents,
  type OcspRequestSigner,
  makeOcspRequest,
} from './writer/make-ocsp-request.ts';
export {
  type BasicOcspResponse,
  type OcspResponse,
  type OcspResponseStatus,
  type SingleOcspResponse,
  parseOcspResponse,
} from './revocation/ocsp/response.ts';
export type { DistributionPoint, DistributionPointName } from './extensions/distribution-point.ts';
export type { IssuingDistributionPoint } from './extensions/issuing-distribution-point.ts';

export { type ServerEndPointOptions, serverEndPointBinding } from './server-end-point.ts';
export { type CredentialOptions, loadCredential } from './keys/load-credential.ts';
export { loadPrivateKey } from './keys/own-key.ts';
export type { DelegationInput } from './delegation/load-delegation.ts';
export {
  type DelegationContents,
  issueDelegatedCredential,
} from './delegation/issue-delegated-credential.ts';
export { type PrivateKeyOptions, privateKeyPkcs8 } from './keys/private-key-file.ts';
export { encryptPrivateKey } from './keys/encrypt-private-key.ts';
export type { DerivationInput, EncryptionOptions } from './encryption/encrypt.ts';
export type { DecryptionOptions } from './encryption/decryption.ts';
export type { Passphrase } from './encryption/passphrase.ts';
export type { WorkLimits } from './encryption/work.ts';
export { type CertificateBundle, makePkcs7, readPkcs7 } from './containers/pkcs7.ts';
export {
  type TrustedCertificate,
  encodeTrustedCertificate,
  readTrustedCertificate,
} from './containers/trusted-certificate.ts';
export { type DhParametersFile, encodeDhParameters, readDhParameters } from './containers/dh-parameters.ts';
export { loadPublicKey, publicKeySpki } from './keys/public-key-file.ts';
export { type Pkcs12, type Pkcs12Options, readPkcs12 } from './containers/pkcs12/read.ts';
export { type Pkcs12Contents, makePkcs12 } from './containers/pkcs12/write.ts';
export type { Pkcs12Identity } from './containers/pkcs12/identities.ts';
export type {
  Pkcs12Certificate,
  Pkcs12Crl,
  Pkcs12Entry,
  Pkcs12Key,
  Pkcs12Secret,
} from './containers/pkcs12/safe-contents.ts';
export { signatureSchemesFor } from './keys/signature-schemes.ts';

export { type CertificateContents, makeCertificate } from './writer/make-certificate.ts';
export type { ExtensionContents } from './writer/contents.ts';
export type { AlternativeNames, ExtensionInput, Subtrees } from './writer/extensions.ts';
export {
  type CertificateRequest,
  parseCertificateRequest,
  verifyCertificateRequest,
} from './request/certificate-request.ts';
export {
  type RequestContents,
  type RequestedCertificate,
  makeCertificateFromRequest,
  makeCertificateRequest,
} from './writer/make-request.ts';
export {
  type AccessPlaces,
  type PolicyConstraintsInput,
  type PolicyInput,
  authorityInfoAccess,
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from './writer/policy-extensions.ts';
export { type CrlContents, type RevokedInput, makeCrl } from './writer/make-crl.ts';
export {
  type OcspAnswerInput,
  type OcspResponseContents,
  makeOcspErrorResponse,
  makeOcspResponse,
} from './writer/make-ocsp-response.ts';
export {
  type DistributionPointInput,
  type IssuingDistributionPointInput,
  type ReasonFlag,
  crlDistributionPoints,
} from './writer/distribution-points.ts';
export { ocspNoCheck, tlsFeature } from './writer/revocation-extensions.ts';
export type { NameInput } from './writer/name.ts';
export { type Issued, type TestPki, type TestPkiOptions, makeTestPki } from './writer/test-pki.ts';
