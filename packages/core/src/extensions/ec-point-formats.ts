import type { ECPointFormat } from '../registry/point-formats.ts';
import { registered, uint8, vector8 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * ec_point_formats (RFC 8422 §5.1.2, §5.2): the forms of points that the sender can parse, most wanted first; the
 * server has the list only where an elliptic curve is used. TLS 1.3 has one form and no negotiation.
 *
 *     enum {
 *         uncompressed (0),
 *         ansiX962_compressed_prime (1), ansiX962_compressed_char2 (2), // deprecated
 *         reserved (248..255)
 *     } ECPointFormat;
 *
 *     struct {
 *         ECPointFormat ec_point_format_list<1..2^8-1>
 *     } ECPointFormatList;
 */
const pointFormatList = /* @__PURE__ */ vector8(
  /* @__PURE__ */ registered<ECPointFormat>(uint8, 'ECPointFormat'),
  { min: 1 },
);

export const ecPointFormatsExtension = /* @__PURE__ */ defineExtension('ec_point_formats', {
  CH: pointFormatList,
  SH12: pointFormatList,
});
