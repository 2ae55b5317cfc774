import { ApiMisuseError, type CryptoProvider, refuseUnknownOptions } from '@sealwire/core';
import { requireProvider, requireTime } from './callers.ts';
import { CertificateCache } from './certificate/cache.ts';
import type { Certificate } from './certificate/certificate.ts';
import { type X509Error, isX509Error } from './errors.ts';
import { type CertificateInput, trustedCertificates } from './inputs.ts';
import { maxPresentedCertificates } from './limits.ts';
import { formatIpAddress } from './names/ip-address.ts';
import { matchesHostName, parseHostName } from './names/host-name.ts';
import { matchesService, type ServiceName } from './names/service-name.ts';
import { type KeyPurpose, keyPurposeIds } from './extensions/registry.ts';
import { type PathInput, buildPath } from './path/build.ts';
import type { Use } from './path/certificate-checks.ts';
import { TrustAnchors } from './path/anchors.ts';
import { opensslErrors } from './path/openssl-walk.ts';
import {
  type PathOutcome,
  type PathRefusal,
  type Problem,
  type VerifyCode,
  problem,
  refusal,
} from './path/outcome.ts';
import { type PathPolicy, pathPolicy } from './path/policy.ts';
import { checkChain, crlProblems, revocationWork } from './revocation/check.ts';
import { type RevocationOptions, type StapledResponse, revocationSettings } from './revocation/options.ts';

export interface VerifyChainOptions {
  readonly provider: CryptoProvider;
  /** DER certificates as the peer sent them: its own first, the others in any order. */
  readonly chain: readonly Uint8Array[];
  /** Trust anchors: certificates, or a `TrustAnchors` that serves several calls. */
  readonly roots: CertificateInput | TrustAnchors;
  /** The moment at which all certificates must be valid, in ms since the epoch. */
  readonly timeMs: number;
  /** The extended key usage that all certificates of the chain must allow; `any`: it is not looked at. Default `serverAuth`. */
  readonly purpose?: KeyPurpose;
  /** What the first certificate's key is used for (its key usage must allow it); absent: not checked, for RFC 5280 §6 does not. */
  readonly keyUse?: 'sign' | 'encipher';
  /** DNS name or IP address that the first certificate must be for; absent: any. */
  readonly hostName?: string;
  readonly policy?: Partial<PathPolicy>;
  /** Asks about revocation; absent: it is not looked at. */
  readonly revocation?: RevocationOptions;
  /**
   * OCSP responses that came stapled to certificates of the chain. They are checked, and one that is not satisfactory ends
   * it (RFC 6066 §8), also where `revocation` asks for nothing.
   */
  readonly stapled?: readonly StapledResponse[];
  /** Keeps parsed certificates from call to call. */
  readonly cache?: CertificateCache;
}

/**
 * Whether a chain leads from its first certificate to a trust anchor at a given time, for a given purpose and
 * host name (RFC 5280 §6, RFC 9525 §6). Whatever the peer sent, the answer is a value; only mistakes in the
 * options throw (`ApiMisuseError`, or `X509Error` for PEM that is damaged).
 */
export function verifyChain(options: VerifyChainOptions): PathOutcome {
  requireOptions(options);
  const { provider, chain, timeMs, hostName } = options;
  const anchors =
    options.roots instanceof TrustAnchors
      ? options.roots
      : new TrustAnchors(trustedCertificates(options.roots));
  const policy = pathPolicy(options.policy);
  const presented = parsePresented(chain, options.cache ?? new CertificateCache(0), policy);
  if (!presented.ok) return presented.refusal;
  const use: Use = { timeMs, purpose: options.purpose ?? 'serverAuth', keyUse: options.keyUse };
  const [endEntity, ...intermediates] = presented.certificates;
  const { stapled = [] } = options;
  // Whoever asks for nothing else is told what is known for certain.
  const asked = options.revocation ?? (stapled.length > 0 ? { failure: 'soft' as const } : undefined);
  const settings = asked && revocationSettings(asked);
  const context = { timeMs, provider, policy, certificates: intermediates, stapled };
  const work = revocationWork();
  const input: PathInput = {
    endEntity: endEntity!,
    intermediates,
    anchors,
    use,
    policy,
    provider,
    ...(settings && {
      checkComplete: (complete, anchor) => checkChain(complete, settings, { ...context, anchor }, work),
      crlProblems: (walked) => crlProblems(walked, settings, context),
    }),
  };
  const outcome = buildPath(input);
  if (!outcome.ok) {
    const shown = policy.profile === 'openssl' ? inTheWordsOfOpenssl(outcome, input) : outcome;
    return shown.reason === 'unknownCa' ? withUnreadableAnchors(shown, anchors) : shown;
  }
  const wrongName = hostName === undefined ? undefined : checkHostName(endEntity!, hostName);
  return wrongName === undefined ? outcome : refusal(wrongName);
}

/** What is misspelt or of another kind would switch a check off. */
function requireOptions(options: VerifyChainOptions): void {
  refuseUnknownOptions('verifyChain', options, Object.keys(optionNames));
  const { provider, chain, timeMs, purpose = 'serverAuth', keyUse, hostName } = options;
  requireProvider(provider);
  requireTime(timeMs);
  if (!Array.isArray(chain) || !chain.every((each) => each instanceof Uint8Array))
    throw new ApiMisuseError(
      'expected chain to be a list of certificates as DER (Uint8Array); certificatesDer makes one of PEM',
    );
  if (!Object.hasOwn(keyPurposeIds, purpose)) {
    const known = Object.keys(keyPurposeIds).join(', ');
    throw new ApiMisuseError(`expected purpose to be one of ${known}, got ${JSON.stringify(purpose)}`);
  }
  if (keyUse !== undefined && keyUse !== 'sign' && keyUse !== 'encipher')
    throw new ApiMisuseError(`expected keyUse 'sign' or 'encipher', got ${JSON.stringify(keyUse)}`);
  if (hostName !== undefined && typeof hostName !== 'string')
    throw new ApiMisuseError(`expected hostName to be a string, got ${typeof hostName}`);
}

/**
 * Whether a certificate is for a host, as `verifyChain` asks it (RFC 9525 §6.3, §6.4): `undefined` when it is, else the problem. A DNS
 * name is compared with dNSName alone, without regard to case, with or without its final dot; a wildcard stands for one whole
 * left-most label, with two labels or more after it. An address is compared with iPAddress alone, octet by octet: 1.2.3.4 and
 * ::ffff:1.2.3.4 are two. Internationalised names are given as A-labels. Throws `X509Error` for a malformed subjectAltName.
 */
export function checkHostName(certificate: Certificate, hostName: string): Problem | undefined {
  const host = parseHostName(hostName);
  if (host === undefined) {
    return problem(
      'HOSTNAME_MISMATCH',
      0,
      `expected a DNS name in ASCII or an IP address to look for, got ${JSON.stringify(hostName)}`,
    );
  }
  const names = certificate.subjectAltName ?? [];
  if (matchesHostName(names, host)) return undefined;
  const present = names
    .flatMap((name) =>
      name.type === 'dns' ? [name.value] : name.type === 'ip' ? [formatIpAddress(name.value)!] : [],
    )
    .slice(0, 10);
  const got = present.length === 0 ? 'a certificate without host names' : present.join(', ');
  return problem(
    host.type === 'ip' ? 'IP_ADDRESS_MISMATCH' : 'HOSTNAME_MISMATCH',
    0,
    `expected ${hostName}, got ${got}`,
  );
}

/**
 * Whether a certificate is for a service: an SRV-ID or URI-ID (RFC 9525 §6.5), for protocols that say so. `undefined` when it is, else
 * the problem. Throws `X509Error` for a malformed subjectAltName, `ApiMisuseError` for a service that is none.
 */
export function checkService(certificate: Certificate, service: ServiceName): Problem | undefined {
  if (matchesService(certificate.subjectAltName ?? [], service)) return undefined;
  const kind = service.type === 'srv' ? `_${service.service}` : `${service.scheme}:`;
  return problem('HOSTNAME_MISMATCH', 0, `expected ${kind} ${service.name}, got no such name`);
}

/** Where a time cannot be read there is a word for it. */
function codeOf({ code, path }: X509Error, { profile }: PathPolicy): VerifyCode {
  if (code === 'der.badTime' && path?.endsWith('notBefore')) return 'ERROR_IN_CERT_NOT_BEFORE_FIELD';
  if (code === 'der.badTime' && path?.endsWith('notAfter')) return 'ERROR_IN_CERT_NOT_AFTER_FIELD';
  // OpenSSL finds no issuer for these.
  const isOrphan = code === 'certificate.duplicateExtension' || code === 'certificate.badName';
  return profile === 'openssl' && isOrphan ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' : 'MALFORMED_CERTIFICATE';
}

type Presented = { ok: true; certificates: readonly Certificate[] } | { ok: false; refusal: PathRefusal };

/** The peer's own certificate must parse; another that does not cannot be part of a chain and is left out. */
function parsePresented(
  chain: readonly Uint8Array[],
  cache: CertificateCache,
  policy: PathPolicy,
): Presented {
  if (chain.length === 0)
    return {
      ok: false,
      refusal: refusal(problem('MALFORMED_CERTIFICATE', 0, 'expected at least one certificate')),
    };
  if (chain.length > maxPresentedCertificates) {
    const message = `expected at most ${maxPresentedCertificates} certificates, got ${chain.length}`;
    return { ok: false, refusal: refusal(problem('WORK_LIMIT_EXCEEDED', 0, message)) };
  }
  const certificates: Certificate[] = [];
  for (const [depth, der] of chain.entries()) {
    try {
      certificates.push(cache.parse(der));
    } catch (error) {
      if (!isX509Error(error)) throw error;
      if (depth === 0)
        return { ok: false, refusal: refusal(problem(codeOf(error, policy), 0, error.message)) };
    }
  }
  return { ok: true, certificates };
}

/** The error that OpenSSL would end with; ours where it would not have refused. */
function inTheWordsOfOpenssl(outcome: PathRefusal, input: PathInput): PathRefusal {
  const wrong = opensslErrors(input).at(-1);
  return wrong === undefined ? outcome : refusal(wrong, outcome.explanation);
}

/** Somebody whose only root is damaged should not have to guess. */
function withUnreadableAnchors(outcome: PathRefusal, anchors: TrustAnchors): PathRefusal {
  const { unreadable } = anchors;
  if (unreadable.length === 0) return outcome;
  const message = `${outcome.message}; ${unreadable.length} of ${anchors.size} trust anchors cannot be read, the first: ${unreadable[0]!.error.message}`;
  return { ...outcome, message };
}

const optionNames: Readonly<Record<keyof VerifyChainOptions, true>> = {
  provider: true,
  chain: true,
  roots: true,
  timeMs: true,
  purpose: true,
  keyUse: true,
  hostName: true,
  policy: true,
  revocation: true,
  stapled: true,
  cache: true,
};
