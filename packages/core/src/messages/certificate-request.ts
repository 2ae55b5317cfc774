import type { ExtensionBlock } from '../extensions/block.ts';
import { extensions } from '../extensions/matrix.ts';
import { opaque8, struct, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * CertificateRequest (RFC 9846 §4.4.2).
 *
 *     struct {
 *         opaque certificate_request_context<0..2^8-1>;
 *         Extension extensions<0..2^16-1>;
 *     } CertificateRequest;
 */
export interface CertificateRequest {
  readonly type: 'certificate_request';
  /** Empty in the handshake, unique for each request after it. */
  readonly certificateRequestContext: Uint8Array;
  readonly extensions: ExtensionBlock<'CR'>;
}

export const certificateRequest: Codec<CertificateRequest> = /* @__PURE__ */ message(
  'certificate_request',
  /* @__PURE__ */ struct({
    certificateRequestContext: /* @__PURE__ */ opaque8(),
    extensions: /* @__PURE__ */ extensions('CR'),
  }),
);
