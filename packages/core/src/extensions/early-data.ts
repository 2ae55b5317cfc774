import { empty, uint32 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * early_data (RFC 9846 §4.3.10): the client sends 0-RTT data, the server accepts it, a ticket allows it.
 *
 *     struct {} Empty;
 *
 *     struct {
 *         select (Handshake.msg_type) {
 *             case new_session_ticket:   uint32 max_early_data_size;
 *             case client_hello:         Empty;
 *             case encrypted_extensions: Empty;
 *         };
 *     } EarlyDataIndication;
 */
export const earlyDataExtension = /* @__PURE__ */ defineExtension('early_data', {
  CH: empty,
  EE: empty,
  NST: uint32,
});
