import { remainder } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * encrypted_client_hello (RFC 9849 §5): bytes here, because who does not speak it must ignore what is in it. The room
 * `ech` has the structures.
 */
export const encryptedClientHelloExtension = /* @__PURE__ */ defineExtension('encrypted_client_hello', {
  CH: remainder,
  EE: remainder,
  HRR: remainder,
});

/** ech_outer_extensions (RFC 9849 §5.1): in no message; it stands in EncodedClientHelloInner alone. */
export const echOuterExtensionsExtension = /* @__PURE__ */ defineExtension('ech_outer_extensions', {});
