/**
 * TLS 1.2 and older as modules, for `versions` of a configuration: `[tls13, tls12, tls11]`. Without `versions` the entry
 * `@sealwire/core` speaks TLS 1.3 and 1.2; what is older must be named, and have a reason (RFC 8996).
 */
export { tls10, tls11, tls12 } from './tls12/module.ts';
/** Numbers of the suites, for `cipherSuites`. */
export { suites12 } from './registry/suites12.ts';
export { SessionTable } from './resume/session-table.ts';
