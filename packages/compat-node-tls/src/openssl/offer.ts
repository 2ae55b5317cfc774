import { protocolVersions, type ProtocolVersion } from '@sealwire/core';
import type { SecurityLevel } from '@sealwire/x509';
import type { OpensslVersion } from '../process/host.ts';
import { type CipherPlan, defaultNames13 } from './ciphers.ts';
import type { Group } from './group-table.ts';
import { groupById, type GroupPlan } from './groups.ts';
import type { VersionRange } from './protocols.ts';
import type { Scheme } from './scheme-table.ts';
import { allowsGroup, allowsScheme, allowsSuite, allowsVersion } from './security.ts';
import { schemeById } from './sigalgs.ts';
import { type Suite, suiteByName, type SuiteVersion } from './suites.ts';

/**
 * What is left of the lists of a context once versions, the security level and each other have been taken into account: what a
 * client of OpenSSL offers, in its order, including what this stack then drops because it does not have it.
 */
export interface OfferRules {
  readonly openssl: OpensslVersion;
  readonly level: SecurityLevel;
  /** What `offeredVersions` gave. */
  readonly versions: VersionRange;
  /** The highest that the options allow, `SSL_OP_NO_…` left aside. */
  readonly maxVersion: ProtocolVersion;
  readonly suiteB?: CipherPlan['suiteB'];
}

export interface VersionRules {
  readonly openssl: OpensslVersion;
  readonly level: SecurityLevel;
  /** Suite B (RFC 6460) begins with TLS 1.2. */
  readonly suiteB: CipherPlan['suiteB'];
  /** `SSL_OP_NO_…`. */
  readonly disabled: readonly ProtocolVersion[];
}

/** The versions that a server accepts, the oldest first. */
export function enabledVersions({ min, max }: VersionRange, rules: VersionRules): ProtocolVersion[] {
  const { openssl, level, suiteB, disabled } = rules;
  const least = suiteB === undefined || min > tls12 ? min : tls12;
  return allVersions.filter(
    (version) =>
      version >= least &&
      version <= max &&
      !disabled.includes(version) &&
      allowsVersion(level, version, openssl),
  );
}

/**
 * The versions that a client offers, of those that are enabled: they have no gaps, for where one in the middle is off, those
 * above it are not offered. `undefined`: none is left ("no protocols available").
 */
export function offeredVersions(enabled: readonly ProtocolVersion[]): VersionRange | undefined {
  const [min] = enabled;
  if (min === undefined) return undefined;
  const gap = enabled.findIndex((version, i) => version !== min + i);
  return { min, max: enabled.at(gap === -1 ? -1 : gap - 1) as ProtocolVersion };
}

/** What suites of TLS 1.2 need beside themselves. */
export interface OfferMeans {
  /** Numbers of the signature schemes of the context, of which some kind of key may be missing. */
  readonly schemes: readonly number[];
  /** There is a callback for pre-shared keys. */
  readonly hasPsk: boolean;
}

/**
 * OpenSSL's names of the suites that a client offers. `undefined`: none of them belongs to the highest version ("no ciphers
 * available").
 */
export function offeredSuites(plan: CipherPlan, rules: OfferRules, means: OfferMeans): string[] | undefined {
  const { openssl, level, versions } = rules;
  const kinds = authenticationsOf(usableSchemes(means.schemes, rules), openssl);
  const suites = [...(plan.names13 ?? defaultNames13), ...plan.names]
    .map((name) => suiteByName(name) as Suite)
    .filter((suite) => isSpoken(suite, versions) && allowsSuite(level, suite, openssl))
    .filter((suite) => isMeant(suite, kinds, means.hasPsk));
  const { max } = versions;
  if (!suites.some((suite) => isSpoken(suite, { min: max, max }))) return undefined;
  return suites.map(({ name }) => name);
}

/**
 * The groups that a client offers; a list that is empty has none that the rules allow. Whether it is sent at all depends on the
 * suites: without TLS 1.3 and without suites of elliptic curves it is not.
 */
export function offeredGroups(plan: GroupPlan, rules: OfferRules): number[] {
  const ids = rules.suiteB === undefined ? plan.ids : suiteBGroups[rules.suiteB];
  return ids.filter((id) => {
    const group = groupById(id, rules.openssl);
    return (
      group !== undefined && isOfVersions(group.versions, rules.versions) && allowsGroup(rules.level, group)
    );
  });
}

/** The groups of which a client of TLS 1.3 sends shares. An empty list: none can be sent ("no suitable key share"). */
export function offeredShares(plan: GroupPlan, rules: OfferRules): number[] {
  const usable = (ids: readonly number[]): number[] =>
    ids.filter((id) => {
      const group = groupById(id, rules.openssl);
      return group !== undefined && group.versions !== 'until TLS 1.2' && allowsGroup(rules.level, group);
    });
  if (plan.keyShares === 'first') return usable(offeredGroups(plan, rules)).slice(0, 1);
  return usable(plan.keyShares);
}

/** The signature schemes that a client offers. */
export function offeredSchemes(ids: readonly number[], rules: OfferRules): number[] {
  return usableSchemes(ids, rules).filter(
    (id) => schemeById(id, rules.openssl)?.versions !== 'TLS 1.3' || rules.maxVersion >= tls13,
  );
}

/** Which suites make sense is asked of these: a scheme of TLS 1.3 counts although 1.3 is not spoken. */
function usableSchemes(ids: readonly number[], rules: OfferRules): number[] {
  const list = rules.suiteB === undefined ? ids : suiteBSchemes[rules.suiteB];
  return list.filter((id) => {
    const scheme = schemeById(id, rules.openssl);
    if (scheme === undefined || (scheme.versions === 'TLS 1.2' && rules.versions.min > tls12)) return false;
    return allowsScheme(rules.level, scheme);
  });
}

function isSpoken(suite: Suite, { min, max }: VersionRange): boolean {
  const until = suite.since === 'TLSv1.3' ? tls13 : tls12;
  return firstVersion[suite.since] <= max && until >= min;
}

function isMeant(suite: Suite, kinds: ReadonlySet<string>, hasPsk: boolean): boolean {
  if (suite.keyExchange === 'SRP' || suite.authentication === 'SRP') return false;
  if (suite.keyExchange.endsWith('PSK') && !hasPsk) return false;
  return !certificateKinds.includes(suite.authentication) || kinds.has(suite.authentication);
}

/** EdDSA signs for suites with ECDSA (RFC 8422 §5.1); ML-DSA for none. */
function authenticationsOf(schemes: readonly number[], openssl: OpensslVersion): Set<string> {
  return new Set(schemes.map((id) => authenticationOf(schemeById(id, openssl))));
}

/** What the suites say that go with certificates of keys that sign so; '' where none does. */
export function authenticationOf(scheme: Scheme | undefined): string {
  switch (scheme?.key) {
    case 'RSA':
    case 'RSA-PSS':
      return 'RSA';
    case 'DSA':
      return 'DSS';
    case 'ECDSA':
    case 'Ed25519':
    case 'Ed448':
      return 'ECDSA';
    default:
      return '';
  }
}

function isOfVersions(versions: Group['versions'], { min, max }: VersionRange): boolean {
  switch (versions) {
    case 'all':
      return true;
    case 'TLS 1.3':
      return max >= tls13;
    case 'until TLS 1.2':
      return min <= tls12;
  }
}

const { tls10, tls11, tls12, tls13 } = protocolVersions;
const allVersions = [tls10, tls11, tls12, tls13] as const;

const firstVersion: Readonly<Record<SuiteVersion, ProtocolVersion>> = {
  SSLv3: tls10,
  TLSv1: tls10,
  'TLSv1.2': tls12,
  'TLSv1.3': tls13,
};

const certificateKinds: readonly string[] = ['RSA', 'DSS', 'ECDSA'];

/** RFC 6460: P-256 and P-384, each with its own hash. */
const suiteBGroups = { '128': [0x0017, 0x0018], '128only': [0x0017], '192': [0x0018] } as const;
const suiteBSchemes = { '128': [0x0403, 0x0503], '128only': [0x0403], '192': [0x0503] } as const;
