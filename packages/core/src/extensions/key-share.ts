import type { NamedGroup } from '../registry/groups.ts';
import { opaque16, registered, struct, uint16, vector16, type CodecValue } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * key_share (RFC 9846 §4.3.8): public keys of the key exchange. The client's list may be empty, which asks for
 * a HelloRetryRequest.
 *
 *     struct {
 *         NamedGroup group;
 *         opaque key_exchange<1..2^16-1>;
 *     } KeyShareEntry;
 *
 *     struct {
 *         KeyShareEntry client_shares<0..2^16-1>;
 *     } KeyShareClientHello;
 *
 *     struct {
 *         NamedGroup selected_group;
 *     } KeyShareHelloRetryRequest;
 *
 *     struct {
 *         KeyShareEntry server_share;
 *     } KeyShareServerHello;
 */
export type KeyShareEntry = CodecValue<typeof keyShareEntry>;

const group = /* @__PURE__ */ registered<NamedGroup>(uint16, 'NamedGroup');

const keyShareEntry = /* @__PURE__ */ struct({ group, keyExchange: /* @__PURE__ */ opaque16({ min: 1 }) });

export const keyShareExtension = /* @__PURE__ */ defineExtension('key_share', {
  CH: /* @__PURE__ */ vector16(keyShareEntry),
  SH: keyShareEntry,
  HRR: group,
});
