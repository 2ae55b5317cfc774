export * from './crypto/provider.ts';
export { ApiMisuseError, InternalError, TlsError } from './errors/tls-error.ts';
export type * from './values/credential.ts';
export type * from './values/peer-evidence.ts';
