import { certificateStatus as response } from '../../extensions/status-request.ts';
import type { Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * CertificateStatus (RFC 6066 §8): the stapled OCSP response, after Certificate, if ServerHello had status_request. It
 * may be missing even then.
 *
 *     struct {
 *         CertificateStatusType status_type;
 *         select (status_type) {
 *             case ocsp: OCSPResponse;
 *         } response;
 *     } CertificateStatus;
 *
 *     opaque OCSPResponse<1..2^24-1>;
 */
export interface CertificateStatus {
  readonly type: 'certificate_status';
  /** The DER OCSPResponse. */
  readonly response: Uint8Array;
}

export const certificateStatus: Codec<CertificateStatus> = /* @__PURE__ */ message('certificate_status', {
  read: (reader) => ({ response: response.read(reader) }),
  write: (writer, value: { readonly response: Uint8Array }) => response.write(writer, value.response),
  get shape() {
    return response.shape;
  },
});
