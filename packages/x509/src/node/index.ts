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
