import { uint16 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * record_size_limit (RFC 8449 §4): the largest protected plaintext, in bytes, that the sender wants to receive;
 * in TLS 1.3 it counts the content type and the padding. Which values are legal is decided where it is used.
 *
 *     uint16 RecordSizeLimit;
 */
export const recordSizeLimitExtension = /* @__PURE__ */ defineExtension('record_size_limit', {
  CH: uint16,
  EE: uint16,
  SH12: uint16,
});
