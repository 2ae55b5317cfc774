import { namedGroups, signatureSchemes as schemes, suites13 } from '@sealwire/core';
import { suites12 } from '@sealwire/core/tls12';
import type { CredentialValues, Flags } from '../flags/table.ts';

/** What a policy leaves of what is configured otherwise. */
interface CompliancePolicy {
  readonly suites: readonly number[];
  readonly groups?: readonly number[];
  /** Both to sign and to verify with. */
  readonly schemes?: readonly number[];
  readonly oldestVersion?: number;
}

/**
 * The flags with what their policy says in the place of what they say: the runner's library has names for these configurations, ours
 * has options for all that is in them. Suites are the business of `policySuites`.
 */
export function underPolicy(flags: Flags): Flags {
  const policy = policyOf(flags);
  if (policy === undefined) return flags;
  const { groups, schemes: signing, oldestVersion } = policy;
  const credential = (values: CredentialValues) =>
    signing === undefined ? values : { ...values, 'signing-prefs': signing };
  return {
    ...flags,
    ...(oldestVersion === undefined ? {} : { 'min-version': oldestVersion }),
    ...(groups === undefined ? {} : { curves: groups }),
    ...(signing === undefined ? {} : { 'verify-prefs': signing }),
    'server-preference': true,
    defaultCredential: credential(flags.defaultCredential),
    credentials: flags.credentials.map(credential),
  };
}

/** The suites of a policy, best first; `undefined`: there is none. */
export function policySuites(flags: PolicyFlags): readonly number[] | undefined {
  return policyOf(flags)?.suites;
}

export function isUnderPolicy(flags: PolicyFlags): boolean {
  return policyOf(flags) !== undefined;
}

type PolicyFlags = Pick<Flags, keyof typeof policies>;

function policyOf(flags: PolicyFlags): CompliancePolicy | undefined {
  const name = policyNames.find((each) => flags[each]);
  return name === undefined ? undefined : policies[name];
}

/** Numbers of the documents, with what the runner's tests add to them: ML-KEM-1024 for CNSA. */
const policies = {
  // NIST SP 800-52r2 §3.
  'fips-202205': {
    suites: [
      suites13.TLS_AES_128_GCM_SHA256,
      suites13.TLS_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
      suites12.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ],
    groups: [namedGroups.secp256r1, namedGroups.secp384r1],
    schemes: [
      schemes.ecdsa_secp256r1_sha256,
      schemes.ecdsa_secp384r1_sha384,
      schemes.rsa_pss_rsae_sha256,
      schemes.rsa_pss_rsae_sha384,
      schemes.rsa_pss_rsae_sha512,
      schemes.rsa_pkcs1_sha256,
      schemes.rsa_pkcs1_sha384,
      schemes.rsa_pkcs1_sha512,
    ],
    oldestVersion: 0x0303,
  },
  // WPA3 §3.5, its 192-bit mode.
  'wpa-202304': {
    suites: [
      suites13.TLS_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ],
    groups: [namedGroups.secp384r1],
    schemes: [
      schemes.ecdsa_secp384r1_sha384,
      schemes.rsa_pss_rsae_sha384,
      schemes.rsa_pss_rsae_sha512,
      schemes.rsa_pkcs1_sha384,
      schemes.rsa_pkcs1_sha512,
    ],
    oldestVersion: 0x0303,
  },
  // An order and nothing more.
  'cnsa-202407': {
    suites: [
      suites13.TLS_AES_256_GCM_SHA384,
      suites13.TLS_AES_128_GCM_SHA256,
      suites13.TLS_CHACHA20_POLY1305_SHA256,
    ],
  },
  // RFC 9151.
  'cnsa1-202603': {
    suites: [
      suites13.TLS_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
      suites12.TLS_RSA_WITH_AES_256_GCM_SHA384,
    ],
    groups: [namedGroups.MLKEM1024, namedGroups.secp384r1],
    schemes: [schemes.ecdsa_secp384r1_sha384, schemes.rsa_pss_rsae_sha384, schemes.rsa_pkcs1_sha384],
    oldestVersion: 0x0303,
  },
  // draft-becker-cnsa2-tls-profile.
  'cnsa2-202603': {
    suites: [suites13.TLS_AES_256_GCM_SHA384],
    groups: [namedGroups.MLKEM1024],
    schemes: [schemes.ecdsa_secp384r1_sha384, schemes.rsa_pss_rsae_sha384, schemes.rsa_pkcs1_sha384],
    oldestVersion: 0x0304,
  },
} as const satisfies Readonly<Record<string, CompliancePolicy>>;

const policyNames = Object.keys(policies) as (keyof typeof policies)[];
