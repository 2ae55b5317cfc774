import type { SecurityLevel } from '@sealwire/x509';
import type { OpensslVersion } from '../process/host.ts';
import { parseCipherString, type SuiteB, suiteByStandardName } from './cipher-string.ts';
import { cString, trimmed } from './conf-list.ts';
import type { Refusal } from './refusal.ts';
import { suiteByName } from './suites.ts';

/** What the option `ciphers` says, before anything about versions, keys or the security level is taken into account. */
export interface CipherPlan {
  /** OpenSSL's names of the suites of TLS 1.2 and older, in order, also of those that nobody here implements. */
  readonly names: readonly string[];
  /** The suites that the string names for TLS 1.3, in order; `undefined`: it names none, and the default ones are meant. */
  readonly names13: readonly string[] | undefined;
  /** `@SECLEVEL=n`. */
  readonly securityLevel: SecurityLevel | undefined;
  /** SUITEB128 and its kin restrict groups and signatures as well. */
  readonly suiteB: SuiteB | undefined;
  /** Nothing but suites of TLS 1.3 is named: Node then raises the minimum version to 1.3, where the maximum allows it. */
  readonly isTls13Only: boolean;
}

/** Those of TLS 1.3 that are meant where none is named, for `names13`. */
export const defaultNames13: readonly string[] = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
];

/**
 * Node takes what begins with `TLS_` out of the list, for the suites of TLS 1.3 are set by another function of OpenSSL; the rest
 * is a cipher string. The caller puts `DEFAULT_CIPHERS` in the place of an empty or missing option.
 *
 * A name of a suite older than TLS 1.3 is found there, too, and stands before all others.
 */
export function cipherPlan(text: string, version: OpensslVersion): CipherPlan | Refusal {
  const items = text.split(':');
  const isFor13 = (item: string): boolean => item.startsWith('TLS_') || item.startsWith('!TLS_');
  const list = items.filter((item) => item !== '' && !isFor13(item)).join(':');
  const list13 = items.filter(isFor13).join(':');
  if (list === '' && list13 === '') return { refused: 'value', option: 'ciphers', value: items };

  const names13 = list13 === '' ? undefined : namesOf13(cString(list13), version);
  if (names13?.length === 0) return noCipherMatch;
  const old = parseCipherString(cString(list), version);
  if (old === undefined) return { refused: 'openssl', reason: 'invalid command' };
  const names = old.suites.map(({ name }) => name);
  // An empty string clears the list on purpose; older suites among those for TLS 1.3 count as a match.
  if (names.length === 0 && cString(list) !== '' && !hasOlder(names13)) return noCipherMatch;
  return {
    names,
    names13,
    securityLevel: old.securityLevel,
    suiteB: old.suiteB,
    isTls13Only: list === '',
  };
}

/** `tls.getCiphers()`: the names of what is on by default, and all of TLS 1.3, in lower case and sorted. */
export function getCiphers(version: OpensslVersion): string[] {
  const old = parseCipherString('DEFAULT', version)?.suites.map(({ name }) => name) ?? [];
  return [...old, ...defaultNames13, 'TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256']
    .map((name) => name.toLowerCase())
    .sort();
}

/** Unknown names are skipped. */
function namesOf13(list: string, version: OpensslVersion): string[] {
  return list.split(':').flatMap((item) => suiteByStandardName(trimmed(item), version)?.name ?? []);
}

function hasOlder(names13: readonly string[] | undefined): boolean {
  return names13?.some((name) => suiteByName(name)?.since !== 'TLSv1.3') ?? false;
}

const noCipherMatch: Refusal = { refused: 'openssl', reason: 'no cipher match' };
