import { ApiMisuseError, type CryptoProvider, refuseUnknownOptions } from '@sealwire/core';
import { requireDer, requireProvider, requireTime } from '../../callers.ts';
import { parseCertificate } from '../../certificate/certificate.ts';
import { ownBytes } from '../../der/bytes.ts';
import { type PathPolicy, pathPolicy } from '../../path/policy.ts';
import type { VerifyCode } from '../../path/outcome.ts';
import { statusOfOne } from '../check.ts';
import { type RevocationOptions, revocationSettings } from '../options.ts';
import { superior } from '../status.ts';

export interface CheckOcspOptions
  extends Pick<RevocationOptions, 'crls' | 'ocspResponders' | 'maxAgeSeconds' | 'clockSkewSeconds'> {
  readonly provider: CryptoProvider;
  /** DER OCSPResponse, as the responder sent it. */
  readonly response: Uint8Array;
  /** DER of the certificate that was asked about, and of its issuer's, which must have been verified. */
  readonly certificate: Uint8Array;
  readonly issuer: Uint8Array;
  /** The moment that is decided for, ms since the epoch. */
  readonly timeMs: number;
  /** The nonce of the request, which must come back. Absent: none was sent. */
  readonly nonce?: Uint8Array;
  /** Which signatures are good enough. */
  readonly policy?: Partial<PathPolicy>;
}

export type OcspOutcome =
  | {
      readonly status: 'good';
      /** Until when the answer holds, in ms since the epoch, with what clocks may be apart. */
      readonly untilMs: number;
    }
  | {
      /** `unknown`: the response is not to be believed, or the responder does not know the certificate. */
      readonly status: 'revoked' | 'unknown';
      readonly code: VerifyCode;
      readonly message: string;
    };

/**
 * What one OCSP response says about one certificate (RFC 6960 §3.2). Whatever the response contains, the answer is a value;
 * `X509Error` is thrown for certificates that cannot be read, `ApiMisuseError` for mistakes in the options.
 */
export function checkOcspResponse(options: CheckOcspOptions): OcspOutcome {
  refuseUnknownOptions('checkOcspResponse', options, Object.keys(optionNames));
  const { provider, response, timeMs, nonce, policy } = options;
  requireProvider(provider);
  requireTime(timeMs);
  requireDer(options.certificate, 'certificate');
  requireDer(options.issuer, 'issuer');
  if (!(response instanceof Uint8Array))
    throw new ApiMisuseError(`expected response as DER in a Uint8Array, got ${typeof response}`);
  const { crls, ocspResponders, maxAgeSeconds, clockSkewSeconds } = options;
  const settings = revocationSettings({
    ...(crls === undefined ? {} : { crls }),
    ...(ocspResponders === undefined ? {} : { ocspResponders }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
  });
  const target = {
    certificate: parseCertificate(ownBytes(options.certificate)),
    depth: 0,
    above: [superior(parseCertificate(ownBytes(options.issuer)))],
  };
  const context = { timeMs, provider, policy: pathPolicy(policy) };
  const status = statusOfOne(ownBytes(response), target, settings, context, nonce);
  if (status.kind === 'good') return { status: 'good', untilMs: status.untilMs };
  const { code, message } = status.problem;
  return { status: status.kind, code, message };
}

const optionNames: Readonly<Record<keyof CheckOcspOptions, true>> = {
  provider: true,
  response: true,
  certificate: true,
  issuer: true,
  timeMs: true,
  nonce: true,
  policy: true,
  crls: true,
  ocspResponders: true,
  maxAgeSeconds: true,
  clockSkewSeconds: true,
};
