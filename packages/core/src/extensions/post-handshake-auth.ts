import { empty } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * post_handshake_auth (RFC 9846 §4.3.6): the client may be asked for a certificate after the handshake.
 *
 *     struct {} PostHandshakeAuth;
 */
export const postHandshakeAuthExtension = /* @__PURE__ */ defineExtension('post_handshake_auth', {
  CH: empty,
});
