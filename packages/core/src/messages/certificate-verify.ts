import type { SignatureScheme } from '../registry/signature-schemes.ts';
import { opaque16, registered, struct, uint16, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * CertificateVerify (RFC 9846 §4.5.2).
 *
 *     struct {
 *         SignatureScheme algorithm;
 *         opaque signature<0..2^16-1>;
 *     } CertificateVerify;
 */
export interface CertificateVerify {
  readonly type: 'certificate_verify';
  readonly algorithm: SignatureScheme;
  readonly signature: Uint8Array;
}

export const certificateVerify: Codec<CertificateVerify> = /* @__PURE__ */ message(
  'certificate_verify',
  /* @__PURE__ */ struct({
    algorithm: /* @__PURE__ */ registered<SignatureScheme>(uint16, 'SignatureScheme'),
    signature: /* @__PURE__ */ opaque16(),
  }),
);
