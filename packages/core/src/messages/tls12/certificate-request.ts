import { InternalError } from '../../errors/tls-error.ts';
import type { ClientCertificateType } from '../../registry/client-certificate-types.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import {
  opaque16,
  registered,
  struct,
  uint16,
  uint8,
  vector16,
  vector8,
  type Codec,
} from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * CertificateRequest of TLS 1.2 and older (RFC 5246 §7.4.4, RFC 4346 §7.4.4).
 *
 *     opaque DistinguishedName<1..2^16-1>;
 *
 *     struct {
 *         ClientCertificateType certificate_types<1..2^8-1>;
 *         SignatureAndHashAlgorithm
 *           supported_signature_algorithms<2..2^16-2>; // TLS 1.2 alone
 *         DistinguishedName certificate_authorities<0..2^16-1>;
 *     } CertificateRequest;
 */
export interface CertificateRequest12 {
  readonly type: 'certificate_request';
  readonly certificateTypes: readonly ClientCertificateType[];
  /** Most wanted first; `undefined` in TLS 1.1 and 1.0. */
  readonly supportedSignatureAlgorithms: readonly SignatureScheme[] | undefined;
  /** DER names of the authorities that the server accepts; empty: any. */
  readonly certificateAuthorities: readonly Uint8Array[];
}

/** The form of TLS 1.2, or the one before. Writing a request of the other form is an `InternalError`. */
export function certificateRequest12(hasSchemes: boolean): Codec<CertificateRequest12> {
  return message('certificate_request', hasSchemes ? withSchemes : withoutSchemes);
}

type Fields = Omit<CertificateRequest12, 'type'>;

const certificateTypes = /* @__PURE__ */ vector8(
  /* @__PURE__ */ registered<ClientCertificateType>(uint8, 'ClientCertificateType'),
  { min: 1 },
);

const certificateAuthorities = /* @__PURE__ */ vector16(/* @__PURE__ */ opaque16({ min: 1 }));

const withSchemesFields = /* @__PURE__ */ struct({
  certificateTypes,
  supportedSignatureAlgorithms: /* @__PURE__ */ vector16(
    /* @__PURE__ */ registered<SignatureScheme>(uint16, 'SignatureScheme'),
    { min: 2, max: 0xfffe },
  ),
  certificateAuthorities,
});

const withSchemes: Codec<Fields> = {
  read: (reader) => withSchemesFields.read(reader),
  write(writer, { supportedSignatureAlgorithms, ...others }) {
    if (supportedSignatureAlgorithms === undefined) {
      throw new InternalError('expected a CertificateRequest with signature schemes');
    }
    withSchemesFields.write(writer, { ...others, supportedSignatureAlgorithms });
  },
  get shape() {
    return withSchemesFields.shape;
  },
};

const withoutSchemesFields = /* @__PURE__ */ struct({ certificateTypes, certificateAuthorities });

const withoutSchemes: Codec<Fields> = {
  read: (reader) => ({ supportedSignatureAlgorithms: undefined, ...withoutSchemesFields.read(reader) }),
  write(writer, { supportedSignatureAlgorithms, ...others }) {
    if (supportedSignatureAlgorithms !== undefined) {
      throw new InternalError('expected a CertificateRequest without signature schemes');
    }
    withoutSchemesFields.write(writer, others);
  },
  get shape() {
    return withoutSchemesFields.shape;
  },
};
