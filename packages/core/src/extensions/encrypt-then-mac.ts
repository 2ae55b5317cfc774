import { empty } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * encrypt_then_mac (RFC 7366 §2): with CBC suites the MAC is that of the ciphertext. "The extension_data field of
 * this extension SHALL be empty."
 */
export const encryptThenMacExtension = /* @__PURE__ */ defineExtension('encrypt_then_mac', {
  CH: empty,
  SH12: empty,
});
