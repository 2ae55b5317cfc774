import { ApiMisuseError, type HashName } from '@sealwire/core';
import { anyPolicy } from '../extensions/policies.ts';
import {
  defaultMaxDelegationSeconds,
  defaultMaxCandidates,
  defaultMaxIntermediates,
  defaultMaxNameComparisons,
  defaultMaxSignatureChecks,
  defaultMinRsaBits,
} from '../limits.ts';
import type { SecurityLevel } from './security-level.ts';

/** What is asked of a chain beyond RFC 5280, and the inputs of its §6.1.1; every field has a default. */
export interface PathPolicy {
  /**
   * `rfc5280` (default), or `openssl`: the rules of OpenSSL 3 without its strict flag, as `node:tls` shows them. It is told by
   * `nodeTlsPolicy`, beside which it makes little sense. It takes no notice of certificate policies; takes a trust anchor
   * for a CA by its key usage or for being of version 1; asks that key identifiers agree; counts neither anyExtendedKeyUsage
   * nor the last second of validity; puts common names under constraints of DNS names; and tells the error that OpenSSL would.
   */
  readonly profile: 'rfc5280' | 'openssl';
  /**
   * OpenSSL's security level: the strength that every key and, the trust anchor's own apart, every signature must have.
   * 1 asks for 80 bits (RSA 1,024), 2 for 112 (RSA 2,048, SHA-224), 3 for 128 (RSA 3,072, P-256, SHA-256), 4 for 192 (RSA
   * 7,680, P-384, SHA-384), 5 for 256 (P-521, SHA-512); 0 for nothing. Default 0: the
   * next two fields hold beside it, and their defaults ask for what level 2 does, and for SHA-256.
   */
  readonly securityLevel: SecurityLevel;
  /** Hashes that certificates may be signed with. Default: sha256, sha384, sha512. Adding `sha1` is dangerous. */
  readonly signatureHashes: readonly HashName[];
  /** Smallest RSA modulus of any key in the chain, in bits. Default 2,048. */
  readonly minRsaBits: number;
  /** Certificates between the end entity's and the trust anchor. Default 10. */
  readonly maxIntermediates: number;
  /** Whether a trust anchor must be self-signed, as OpenSSL asks without its "partial chain" flag. Default false. */
  readonly anchorsMustBeSelfIssued: boolean;
  /**
   * user-initial-policy-set: object identifiers of the certificate policies that are acceptable, in the trust anchor's
   * domain. Default: `2.5.29.32.0`, any policy. It alone refuses nothing: see `initialExplicitPolicy`.
   */
  readonly initialPolicySet: readonly string[];
  /** Whether the chain must be valid for a policy of `initialPolicySet`, even if no CA asks for that. Default false. */
  readonly initialExplicitPolicy: boolean;
  /** Whether policy mappings of CAs are forbidden from the start. Default false. */
  readonly initialPolicyMappingInhibit: boolean;
  /** Whether anyPolicy in certificates stands for nothing from the start. Default false. */
  readonly initialAnyPolicyInhibit: boolean;
  /** Seconds that a delegated credential may be valid from now on (RFC 9345 §4.1.3). Default 604,800: 7 days. */
  readonly maxDelegationSeconds: number;
  /** Bounds on the work for one chain; defaults 100, 2,000 and 250,000. */
  readonly maxSignatureChecks: number;
  readonly maxCandidates: number;
  readonly maxNameComparisons: number;
}

export function pathPolicy(given: Partial<PathPolicy> = {}): PathPolicy {
  const policy = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    if (!(name in defaults))
      throw new ApiMisuseError(`expected a field of PathPolicy, got ${JSON.stringify(name)}`);
    if (value === undefined) continue;
    const expected = defaults[name as keyof PathPolicy];
    const allowed: readonly unknown[] | undefined = choices[name as keyof typeof choices];
    if (allowed === undefined ? !isLike(value, expected) : !allowed.includes(value)) {
      const wanted =
        allowed === undefined ? `like ${JSON.stringify(expected)}` : `one of ${allowed.join(', ')}`;
      throw new ApiMisuseError(`expected ${name} to be ${wanted}, got ${JSON.stringify(value)}`);
    }
    Object.assign(policy, { [name]: value });
  }
  return policy;
}

function isLike(value: unknown, expected: PathPolicy[keyof PathPolicy]): boolean {
  if (typeof expected === 'number') return Number.isSafeInteger(value) && Number(value) >= 0;
  if (typeof expected === 'boolean') return typeof value === 'boolean';
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

const choices = {
  profile: ['rfc5280', 'openssl'],
  securityLevel: [0, 1, 2, 3, 4, 5],
} as const satisfies Partial<Record<keyof PathPolicy, readonly unknown[]>>;

const defaults: PathPolicy = {
  profile: 'rfc5280',
  securityLevel: 0,
  signatureHashes: ['sha256', 'sha384', 'sha512'],
  minRsaBits: defaultMinRsaBits,
  maxIntermediates: defaultMaxIntermediates,
  anchorsMustBeSelfIssued: false,
  initialPolicySet: [anyPolicy],
  initialExplicitPolicy: false,
  initialPolicyMappingInhibit: false,
  initialAnyPolicyInhibit: false,
  maxDelegationSeconds: defaultMaxDelegationSeconds,
  maxSignatureChecks: defaultMaxSignatureChecks,
  maxCandidates: defaultMaxCandidates,
  maxNameComparisons: defaultMaxNameComparisons,
};
