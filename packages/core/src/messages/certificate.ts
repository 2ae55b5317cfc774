import type { ExtensionBlock } from '../extensions/block.ts';
import { extensions } from '../extensions/matrix.ts';
import { opaque24, opaque8, struct, vector24, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * Certificate (RFC 9846 §4.5.1).
 *
 *     struct {
 *         select (certificate_type) {
 *             case RawPublicKey:
 *               opaque ASN1_subjectPublicKeyInfo<1..2^24-1>;
 *             case X509:
 *               opaque cert_data<1..2^24-1>;
 *         };
 *         Extension extensions<0..2^16-1>;
 *     } CertificateEntry;
 *
 *     struct {
 *         opaque certificate_request_context<0..2^8-1>;
 *         CertificateEntry certificate_list<0..2^24-1>;
 *     } Certificate;
 */
export interface Certificate {
  readonly type: 'certificate';
  /** That of the CertificateRequest which is answered; empty from a server. */
  readonly certificateRequestContext: Uint8Array;
  /** The sender's own first; empty when a client has none. */
  readonly certificateList: readonly CertificateEntry[];
}

export interface CertificateEntry {
  /** DER: a certificate, or a SubjectPublicKeyInfo where raw public keys were negotiated. */
  readonly certData: Uint8Array;
  readonly extensions: ExtensionBlock<'CT'>;
}

const certificateEntry: Codec<CertificateEntry> = /* @__PURE__ */ struct({
  certData: /* @__PURE__ */ opaque24({ min: 1 }),
  extensions: /* @__PURE__ */ extensions('CT'),
});

export const certificate: Codec<Certificate> = /* @__PURE__ */ message(
  'certificate',
  /* @__PURE__ */ struct({
    certificateRequestContext: /* @__PURE__ */ opaque8(),
    certificateList: /* @__PURE__ */ vector24(certificateEntry),
  }),
);
