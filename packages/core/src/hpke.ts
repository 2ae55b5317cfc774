/** Hybrid public key encryption (RFC 9180), base mode, over a provider: what Encrypted Client Hello stands on. */
export { hpkeOf, type Hpke, type HpkeContext } from './hpke/hpke.ts';
export type { Encapsulation, Kem } from './hpke/kem.ts';
export { hpkeAeads, type HpkeAead } from './registry/hpke-aeads.ts';
export { hpkeKdfs, type HpkeKdf } from './registry/hpke-kdfs.ts';
export { hpkeKems, type HpkeKem } from './registry/hpke-kems.ts';
