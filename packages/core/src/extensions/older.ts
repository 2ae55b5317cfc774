import { remainder } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * Extensions that TLS 1.3 does not use. A ClientHello that also offers older versions carries them, so a server
 * has them as bytes; in every other message of TLS 1.3 they are forbidden (RFC 9846 §4.3: "recognizes and which
 * is not specified for the message").
 */
const helloOnly = { CH: remainder } as const;

export const ecPointFormatsExtension = /* @__PURE__ */ defineExtension('ec_point_formats', helloOnly);
export const statusRequestV2Extension = /* @__PURE__ */ defineExtension('status_request_v2', helloOnly);
export const encryptThenMacExtension = /* @__PURE__ */ defineExtension('encrypt_then_mac', helloOnly);
export const extendedMainSecretExtension = /* @__PURE__ */ defineExtension('extended_main_secret', helloOnly);
export const sessionTicketExtension = /* @__PURE__ */ defineExtension('session_ticket', helloOnly);
export const renegotiationInfoExtension = /* @__PURE__ */ defineExtension('renegotiation_info', helloOnly);
