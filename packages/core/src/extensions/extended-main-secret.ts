import { empty } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * extended_main_secret (RFC 7627 §5.1, where it is called extended_master_secret): the secret of the connection is
 * bound to the whole handshake. "The 'extension_data' field of this extension is empty."
 */
export const extendedMainSecretExtension = /* @__PURE__ */ defineExtension('extended_main_secret', {
  CH: empty,
  SH12: empty,
});
