import { empty, items } from '../wire/codec.ts';
import { protocolName } from './alpn.ts';
import { defineExtension } from './definition.ts';

/**
 * next_protocol_negotiation (draft-agl-tls-nextprotoneg-04 §3): the client asks, the server lists its protocols, the
 * client tells its choice in NextProtocol. The list has no length of its own: "a concatenation of 8-bit, length
 * prefixed byte strings", none of which is empty; there may be none at all.
 *
 *     opaque ProtocolName<1..2^8-1>;
 */
export const nextProtocolNegotiationExtension = /* @__PURE__ */ defineExtension('next_protocol_negotiation', {
  CH: empty,
  SH12: /* @__PURE__ */ items(protocolName),
});
