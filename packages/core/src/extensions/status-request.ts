import { certificateStatusTypes, type CertificateStatusType } from '../registry/certificate-status-types.ts';
import { empty, opaque16, opaque24, remainder, struct, vector16, type Codec } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * status_request (RFC 6066 §8, RFC 9846 §4.5.1.1): a wish for a stapled OCSP response, and the response in the
 * entry of the certificate it speaks of. A server wishes with an empty extension in CertificateRequest.
 *
 *     struct {
 *         CertificateStatusType status_type;
 *         select (status_type) {
 *             case ocsp: OCSPStatusRequest;
 *         } request;
 *     } CertificateStatusRequest;
 *
 *     struct {
 *         ResponderID responder_id_list<0..2^16-1>;
 *         Extensions  request_extensions;
 *     } OCSPStatusRequest;
 *
 *     opaque ResponderID<1..2^16-1>;
 *     opaque Extensions<0..2^16-1>;
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
export type CertificateStatusRequest =
  | {
      readonly kind: 'ocsp';
      /** DER ResponderIDs that the client trusts; empty: known by other means. */
      readonly responderIds: readonly Uint8Array[];
      /** DER Extensions of OCSP; empty: none. */
      readonly requestExtensions: Uint8Array;
    }
  /** A status type that nobody defined yet: to be ignored. */
  | { readonly kind: 'other'; readonly statusType: CertificateStatusType; readonly request: Uint8Array };

const ocspRequest = /* @__PURE__ */ struct({
  responderIds: /* @__PURE__ */ vector16(/* @__PURE__ */ opaque16({ min: 1 })),
  requestExtensions: /* @__PURE__ */ opaque16(),
});
const ocspResponse = /* @__PURE__ */ opaque24({ min: 1 });

const statusRequest: Codec<CertificateStatusRequest> = {
  read(reader) {
    const statusType = reader.u8() as CertificateStatusType;
    if (statusType !== certificateStatusTypes.ocsp) {
      return { kind: 'other', statusType, request: remainder.read(reader) };
    }
    return {
      kind: 'ocsp',
      ...ocspRequest.read(reader),
    };
  },
  write(writer, value) {
    if (value.kind === 'other') {
      writer.u8(value.statusType);
      remainder.write(writer, value.request);
      return;
    }
    writer.u8(certificateStatusTypes.ocsp);
    ocspRequest.write(writer, value);
  },
  get shape() {
    return {
      is: 'select',
      tagName: 'status_type',
      tag: statusTypeShape,
      cases: { [certificateStatusTypes.ocsp]: ['request', ocspRequest.shape] },
      otherwise: ['request', remainder.shape],
    } as const;
  },
};

/** The DER OCSPResponse. Only `ocsp` can be asked for, so nothing else can be the answer. */
export const certificateStatus: Codec<Uint8Array> = {
  read(reader) {
    const statusType = reader.u8();
    if (statusType !== certificateStatusTypes.ocsp) reader.fail(`status type ${statusType} instead of ocsp`);
    return ocspResponse.read(reader);
  },
  write(writer, response) {
    writer.u8(certificateStatusTypes.ocsp);
    ocspResponse.write(writer, response);
  },
  get shape() {
    return {
      is: 'select',
      tagName: 'status_type',
      tag: { ...statusTypeShape, values: [certificateStatusTypes.ocsp] },
      cases: { [certificateStatusTypes.ocsp]: ['response', ocspResponse.shape] },
    } as const;
  },
};

const statusTypeShape = { is: 'uint', bytes: 1, registry: 'CertificateStatusType' } as const;

export const statusRequestExtension = /* @__PURE__ */ defineExtension('status_request', {
  CH: statusRequest,
  CR: empty,
  CT: certificateStatus,
  // The response is the message CertificateStatus.
  SH12: empty,
});
