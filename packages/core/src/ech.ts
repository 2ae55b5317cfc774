/** Encrypted Client Hello (RFC 9849): values for the option `ech` of clients and `acceptEch` of servers, and what goes with them. */
export { clientEch, type ClientEchOptions } from './ech/client.ts';
export {
  encodeEchConfigList,
  parseEchConfigList,
  type EchCipherSuite,
  type EchConfig,
  type EchConfigContents,
} from './ech/config-list.ts';
export { greaseEch } from './ech/grease.ts';
export { generateEchKey, type EchKey, type EchKeyOptions } from './ech/keys.ts';
export { backendEch, serverEch, type ServerEchOptions } from './ech/server.ts';
export type { ClientEch, ServerEch } from './machine/ech.ts';
export { hpkeAeads, type HpkeAead } from './registry/hpke-aeads.ts';
export { hpkeKdfs, type HpkeKdf } from './registry/hpke-kdfs.ts';
export { hpkeKems, type HpkeKem } from './registry/hpke-kems.ts';
