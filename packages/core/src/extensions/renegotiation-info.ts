import { opaque8 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * renegotiation_info (RFC 5746 §3.2): verify_data of the handshake that is renegotiated, the client's in ClientHello,
 * both in ServerHello; empty in the first handshake of a connection.
 *
 *     struct {
 *         opaque renegotiated_connection<0..255>;
 *     } RenegotiationInfo;
 */
const renegotiatedConnection = /* @__PURE__ */ opaque8();

export const renegotiationInfoExtension = /* @__PURE__ */ defineExtension('renegotiation_info', {
  CH: renegotiatedConnection,
  SH12: renegotiatedConnection,
});
