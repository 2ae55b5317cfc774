import { InternalError } from '../../errors/tls-error.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import { opaque16, registered, struct, uint16, type Codec } from '../../wire/codec.ts';

/**
 * A signature (RFC 5246 §4.7), in ServerKeyExchange and CertificateVerify. TLS 1.2 says how it was made; before, the key
 * alone does (RFC 4346 §4.7).
 *
 *     struct {
 *         SignatureAndHashAlgorithm algorithm; // TLS 1.2 alone
 *         opaque signature<0..2^16-1>;
 *     } DigitallySigned;
 *
 * SignatureAndHashAlgorithm is two numbers, of a hash and of a signature algorithm; as one they are a SignatureScheme
 * (RFC 9846 §4.3.3).
 */
export interface DigitallySigned {
  /** `undefined` in TLS 1.1 and 1.0. */
  readonly algorithm: SignatureScheme | undefined;
  readonly signature: Uint8Array;
}

/** The form of TLS 1.2, or the one before. Writing a signature of the other form is an `InternalError`. */
export function digitallySigned(hasScheme: boolean): Codec<DigitallySigned> {
  return hasScheme ? withScheme : withoutScheme;
}

const withSchemeFields = /* @__PURE__ */ struct({
  algorithm: /* @__PURE__ */ registered<SignatureScheme>(uint16, 'SignatureScheme'),
  signature: /* @__PURE__ */ opaque16(),
});

const withScheme: Codec<DigitallySigned> = {
  read: (reader) => withSchemeFields.read(reader),
  write(writer, { algorithm, signature }) {
    if (algorithm === undefined) throw new InternalError('expected a signature with its scheme');
    withSchemeFields.write(writer, { algorithm, signature });
  },
  get shape() {
    return withSchemeFields.shape;
  },
};

const withoutSchemeFields = /* @__PURE__ */ struct({ signature: /* @__PURE__ */ opaque16() });

const withoutScheme: Codec<DigitallySigned> = {
  read: (reader) => ({ algorithm: undefined, ...withoutSchemeFields.read(reader) }),
  write(writer, { algorithm, signature }) {
    if (algorithm !== undefined) throw new InternalError('expected a signature without a scheme');
    withoutSchemeFields.write(writer, { signature });
  },
  get shape() {
    return withoutSchemeFields.shape;
  },
};
