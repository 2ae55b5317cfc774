import { remainder } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/** padding (RFC 7685 §3): zero bytes that make a ClientHello longer. Their value means nothing and is not checked. */
export const paddingExtension = /* @__PURE__ */ defineExtension('padding', { CH: remainder });
