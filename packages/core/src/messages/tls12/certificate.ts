import { opaque24, struct, vector24, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * Certificate (RFC 5246 §7.4.2): neither context nor extensions, unlike that of TLS 1.3.
 *
 *     opaque ASN.1Cert<1..2^24-1>;
 *
 *     struct {
 *         ASN.1Cert certificate_list<0..2^24-1>;
 *     } Certificate;
 */
export interface Certificate12 {
  readonly type: 'certificate';
  /** DER, the sender's own first; empty when a client has none. */
  readonly certificateList: readonly Uint8Array[];
}

export const certificate12: Codec<Certificate12> = /* @__PURE__ */ message(
  'certificate',
  /* @__PURE__ */ struct({ certificateList: /* @__PURE__ */ vector24(/* @__PURE__ */ opaque24({ min: 1 })) }),
);
