import { ApiMisuseError, type CryptoProvider } from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import { parseCertificate } from '../certificate/certificate.ts';
import { ownBytes } from '../der/bytes.ts';
import { isX509Error } from '../errors.ts';
import { type CertificateInput, certificatesDer } from '../inputs.ts';
import { defaultClockSkewSeconds } from '../limits.ts';
import type { TrustAnchor } from '../path/anchors.ts';
import type { PathPolicy } from '../path/policy.ts';
import { type CrlInput, CrlSet } from './crl/crl-set.ts';

/**
 * What is known about revoked certificates, and what is to come of it. Nothing is fetched: where CRLs and OCSP responses
 * come from, and how long they are kept, is the caller's.
 */
export interface RevocationOptions {
  /** CRLs, as PEM or DER; a `CrlSet` is read and indexed once for all that share it. */
  readonly crls?: CrlInput | CrlSet;
  /** DER OCSPResponses, for any certificates of the chain, beside those that the peer has stapled. */
  readonly ocspResponses?: readonly Uint8Array[];
  /**
   * Certificates of responders that are believed about every certificate, whoever has issued it (RFC 6960 §4.2.2.2, item 1):
   * PEM or DER. They must be valid at the time; nobody need have certified them, and no purpose is asked for. Default: none.
   */
  readonly ocspResponders?: CertificateInput;
  /**
   * Which certificates are looked up. `allButAnchor` is the default of `rfc5280`; `all`, which asks for a CRL about the
   * trust anchor as well, is the default of `openssl` and `node`, and exists for these alone.
   */
  readonly certificates?: 'endEntity' | 'allButAnchor' | 'all';
  /**
   * `hard` (default): a certificate about which nothing is known for certain is refused. `soft`: only one that is known to
   * be revoked. An attacker who keeps CRLs and responses from us undoes `soft`.
   */
  readonly failure?: 'hard' | 'soft';
  /**
   * By which rules CRLs are used: those of RFC 5280 §6.3 (default), or those of OpenSSL with CRL_CHECK and CRL_CHECK_ALL
   * (`openssl`: the first problem is told; `node`: the last, as `node:tls` with its option `crl` does).
   */
  readonly rules?: 'rfc5280' | 'openssl' | 'node';
  /** Whether delta CRLs count (RFC 5280 §5.2.4), which always need their base. Default `used`; `openssl` and `node` know none. */
  readonly deltas?: 'used' | 'ignored';
  /**
   * Certificates of those who sign CRLs with another key than certificates, or indirect CRLs: PEM or DER. They are hints,
   * and must lead to the same trust anchor; one that cannot be read is left out.
   */
  readonly crlIssuers?: CertificateInput;
  /** How old, in seconds, CRLs and OCSP responses may be, whatever they say themselves. Default: what they say; see the docs. */
  readonly maxAgeSeconds?: number;
  /** How far, in seconds, clocks may be apart. Default 300; `openssl` and `node` give nothing for CRLs. */
  readonly clockSkewSeconds?: number;
}

/** Everything decided, everything read. */
export interface RevocationSettings {
  readonly crls: CrlSet;
  readonly ocspResponses: readonly Uint8Array[];
  readonly ocspResponders: readonly Certificate[];
  readonly certificates: 'endEntity' | 'allButAnchor' | 'all';
  readonly failure: 'hard' | 'soft';
  readonly rules: 'rfc5280' | 'openssl' | 'node';
  readonly deltas: 'used' | 'ignored';
  readonly crlIssuers: readonly Certificate[];
  readonly maxAgeMs: number | undefined;
  readonly clockSkewMs: number;
}

/** What a check of a chain brings besides the options. */
export interface RevocationContext {
  /** The moment that is decided for, ms since the epoch. */
  readonly timeMs: number;
  readonly provider: CryptoProvider;
  /** Which signatures are good enough; as for the chain, with the same defaults. */
  readonly policy?: Partial<PathPolicy>;
  /** The trust anchor; needed where it has no certificate and so is not the last of the chain. */
  readonly anchor?: TrustAnchor;
  /** Certificates that the peer sent, in which those who sign CRLs may be found. Default: none. */
  readonly certificates?: readonly Certificate[];
  /** DER OCSPResponses that the peer has stapled, each about the certificate that it came with. */
  readonly stapled?: readonly StapledResponse[];
}

/** With a policy that is whole. */
export type WholeContext = RevocationContext & { readonly policy: PathPolicy };

export interface StapledResponse {
  readonly certificate: Uint8Array;
  readonly ocspResponse: Uint8Array;
}

/** Mistakes in the options throw `ApiMisuseError`, damaged PEM and certificates `X509Error`. */
export function revocationSettings(options: RevocationOptions): RevocationSettings {
  for (const [name, value] of Object.entries(options)) requireKnown(name, value);
  const rules = options.rules ?? 'rfc5280';
  const certificates = options.certificates ?? (rules === 'rfc5280' ? 'allButAnchor' : 'all');
  if (certificates === 'all' && rules === 'rfc5280')
    throw new ApiMisuseError("expected certificates 'endEntity' or 'allButAnchor': nobody revokes an anchor");
  if (rules !== 'rfc5280' && (options.ocspResponses?.length ?? 0) > 0)
    throw new ApiMisuseError(`expected no ocspResponses with the rules of ${rules}, which know CRLs alone`);
  const { crls = [], ocspResponses = [], ocspResponders = [], crlIssuers = [], maxAgeSeconds } = options;
  return {
    crls: crls instanceof CrlSet ? crls : new CrlSet(crls),
    ocspResponses,
    ocspResponders: dersOf(ocspResponders).map((der) => parseCertificate(ownBytes(der))),
    certificates,
    failure: options.failure ?? 'hard',
    rules,
    deltas: options.deltas ?? 'used',
    crlIssuers: dersOf(crlIssuers).flatMap(readable),
    maxAgeMs: maxAgeSeconds === undefined ? undefined : maxAgeSeconds * 1_000,
    clockSkewMs: (options.clockSkewSeconds ?? defaultClockSkewSeconds) * 1_000,
  };
}

/** None may be an empty list. */
function dersOf(input: CertificateInput): Uint8Array[] {
  return Array.isArray(input) && input.length === 0 ? [] : certificatesDer(input);
}

/** One that cannot be read has signed nothing that counts. */
function readable(der: Uint8Array): Certificate[] {
  try {
    return [parseCertificate(ownBytes(der))];
  } catch (error) {
    if (isX509Error(error)) return [];
    throw error;
  }
}

function requireKnown(name: string, value: unknown): void {
  if (!Object.hasOwn(expected, name))
    throw new ApiMisuseError(`expected a field of RevocationOptions, got ${name}`);
  if (value === undefined) return;
  const words = expected[name as keyof RevocationOptions];
  if (words === 'seconds') {
    if (typeof value !== 'number' || !(value >= 0))
      throw new ApiMisuseError(`expected ${name} to be a number of seconds, got ${String(value)}`);
  } else if (words === 'responses') {
    if (!Array.isArray(value) || !value.every((each) => each instanceof Uint8Array))
      throw new ApiMisuseError(`expected ${name} to be a list of DER OCSPResponses`);
  } else if (words !== 'input' && !(words as readonly unknown[]).includes(value)) {
    throw new ApiMisuseError(
      `expected ${name} to be one of ${words.join(', ')}, got ${JSON.stringify(value)}`,
    );
  }
}

const expected: Readonly<
  Record<keyof RevocationOptions, readonly string[] | 'seconds' | 'responses' | 'input'>
> = {
  crls: 'input',
  ocspResponses: 'responses',
  ocspResponders: 'input',
  certificates: ['endEntity', 'allButAnchor', 'all'],
  failure: ['hard', 'soft'],
  rules: ['rfc5280', 'openssl', 'node'],
  deltas: ['used', 'ignored'],
  crlIssuers: 'input',
  maxAgeSeconds: 'seconds',
  clockSkewSeconds: 'seconds',
};
