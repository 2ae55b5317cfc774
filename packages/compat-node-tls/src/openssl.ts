/**
 * OpenSSL's names of suites, groups and signature schemes, and the languages in which lists of them are written, for tools whose
 * users are used to OpenSSL. Pure functions and tables: nothing of Node's `tls` is loaded.
 */
export type { OpensslVersion } from './process/host.ts';
export { type CipherPlan, cipherPlan } from './openssl/ciphers.ts';
export { type Suite, implemented, suiteById, suiteByName } from './openssl/suites.ts';
export { type GroupPlan, groupById, parseGroups } from './openssl/groups.ts';
export type { Group, ShownGroup } from './openssl/group-table.ts';
export { parseSigalgs, schemeById, shownSigalg } from './openssl/sigalgs.ts';
export type { Scheme, SchemeHash, SchemeKey } from './openssl/scheme-table.ts';
export { isRefusal, type Refusal } from './openssl/refusal.ts';
