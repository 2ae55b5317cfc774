/**
 * What Node shows of certificates, without Node: for programs that were written for `node:tls` and `node:crypto`, on any
 * runtime.
 */
export {
  checkServerIdentity,
  type ServerIdentity,
  type ServerIdentityOptions,
} from './check-server-identity.ts';
export { AltNameFormatError, ServerIdentityError } from './server-identity-error.ts';
export { type LegacyCertificate, legacyCertificate, type ShowOptions } from './legacy-certificate.ts';
export { legacyCertificateChain, type LegacyChainOptions } from './legacy-chain.ts';
export { X509Certificate, type X509CertificateOptions } from './x509-certificate.ts';
export type { CheckOptions } from './check-names.ts';
export type { LegacyInfoAccess } from './general-names.ts';
export type { LegacyName } from './name-text.ts';
export type { NodeRelease } from './object-names.ts';
