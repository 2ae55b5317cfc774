import type { ProtocolVersion } from '../registry/versions.ts';
import { registered, uint16, vector8 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * supported_versions (RFC 9846 §4.3.1): the client's versions, most wanted first; the server's choice.
 *
 *     struct {
 *         select (Handshake.msg_type) {
 *             case client_hello:
 *                  ProtocolVersion versions<2..254>;
 *             case server_hello: // and HelloRetryRequest
 *                  ProtocolVersion selected_version;
 *         };
 *     } SupportedVersions;
 */
const version = /* @__PURE__ */ registered<ProtocolVersion>(uint16, 'ProtocolVersion');

export const supportedVersionsExtension = /* @__PURE__ */ defineExtension('supported_versions', {
  CH: /* @__PURE__ */ vector8(version, { min: 2, max: 254 }),
  SH: version,
  HRR: version,
});
