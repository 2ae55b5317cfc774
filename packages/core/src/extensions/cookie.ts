import { opaque16 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * cookie (RFC 9846 §4.3.2): what the server wants to see again in the second ClientHello.
 *
 *     struct {
 *         opaque cookie<1..2^16-1>;
 *     } Cookie;
 */
const cookie = /* @__PURE__ */ opaque16({ min: 1 });

export const cookieExtension = /* @__PURE__ */ defineExtension('cookie', { CH: cookie, HRR: cookie });
