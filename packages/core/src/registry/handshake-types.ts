// Generated from packages/core/registry/handshake-types.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Handshake message types (RFC 9846 §4). Any number is a value of this type; the table holds the ones with a name. */
export type HandshakeType = Registered<'HandshakeType'>;

export const handshakeTypes = {
  /** RFC 5246 */
  hello_request: 0x00 as HandshakeType,
  /** RFC 9846 */
  client_hello: 0x01 as HandshakeType,
  /** RFC 9846 */
  server_hello: 0x02 as HandshakeType,
  /** RFC 6347 */
  hello_verify_request: 0x03 as HandshakeType,
  /** RFC 9846 */
  new_session_ticket: 0x04 as HandshakeType,
  /** RFC 9846 */
  end_of_early_data: 0x05 as HandshakeType,
  /** RFC 9846 */
  encrypted_extensions: 0x08 as HandshakeType,
  /** RFC 9846 */
  certificate: 0x0b as HandshakeType,
  /** RFC 5246 */
  server_key_exchange: 0x0c as HandshakeType,
  /** RFC 9846 */
  certificate_request: 0x0d as HandshakeType,
  /** RFC 5246 */
  server_hello_done: 0x0e as HandshakeType,
  /** RFC 9846 */
  certificate_verify: 0x0f as HandshakeType,
  /** RFC 5246 */
  client_key_exchange: 0x10 as HandshakeType,
  /** RFC 9846 */
  finished: 0x14 as HandshakeType,
  /** RFC 6066 */
  certificate_url: 0x15 as HandshakeType,
  /** RFC 6066 */
  certificate_status: 0x16 as HandshakeType,
  /** RFC 4680 */
  supplemental_data: 0x17 as HandshakeType,
  /** RFC 9846 */
  key_update: 0x18 as HandshakeType,
  /** RFC 8879 */
  compressed_certificate: 0x19 as HandshakeType,
  /** draft-agl-tls-nextprotoneg-04 */
  next_protocol: 0x43 as HandshakeType,
  /** RFC 9846 */
  message_hash: 0xfe as HandshakeType,
} as const;
