import { opaque16, opaque8, struct, vector16 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * oid_filters (RFC 9846 §4.3.5): certificate extensions, with values in DER, that the server wants to see in the
 * client's certificate.
 *
 *     struct {
 *         opaque certificate_extension_oid<1..2^8-1>;
 *         opaque certificate_extension_values<0..2^16-1>;
 *     } OIDFilter;
 *
 *     struct {
 *         OIDFilter filters<0..2^16-1>;
 *     } OIDFilterExtension;
 */
const oidFilter = /* @__PURE__ */ struct({
  certificateExtensionOid: /* @__PURE__ */ opaque8({ min: 1 }),
  certificateExtensionValues: /* @__PURE__ */ opaque16(),
});

export const oidFiltersExtension = /* @__PURE__ */ defineExtension('oid_filters', {
  CR: /* @__PURE__ */ vector16(oidFilter),
});
