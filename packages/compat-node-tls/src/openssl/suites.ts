import { type CipherSuite, suites13 } from '@sealwire/core';
import { suites12 } from '@sealwire/core/tls12';
import type { OpensslVersion } from '../process/host.ts';
import { suiteRows } from './suite-table.ts';

/** A cipher suite as OpenSSL knows it, whether or not anybody here implements it. */
export interface Suite {
  /** IANA's number. */
  readonly id: number;
  /** OpenSSL's name: `ECDHE-RSA-AES128-GCM-SHA256`. */
  readonly name: string;
  /** IANA's name: `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
  readonly standardName: string;
  /** The oldest version that has it, as cipher strings call it. */
  readonly since: SuiteVersion;
  readonly keyExchange: KeyExchange;
  readonly authentication: Authentication;
  readonly encryption: Encryption;
  readonly mac: Mac;
  /** Whether the string FIPS means it. */
  readonly isFips: boolean;
  /** Whether DEFAULT means it; what encrypts nothing is not among the defaults either, but for another reason. */
  readonly isDefault: boolean;
}

export type SuiteVersion = 'SSLv3' | 'TLSv1' | 'TLSv1.2' | 'TLSv1.3';
export type KeyExchange = 'RSA' | 'DH' | 'ECDH' | 'PSK' | 'RSAPSK' | 'DHEPSK' | 'ECDHEPSK' | 'SRP' | 'any';
export type Authentication = 'RSA' | 'DSS' | 'ECDSA' | 'None' | 'PSK' | 'SRP' | 'any';
export type Mac = 'MD5' | 'SHA1' | 'SHA256' | 'SHA384' | 'AEAD';
export type Encryption =
  | 'None'
  | 'AES128'
  | 'AES256'
  | 'AES128GCM'
  | 'AES256GCM'
  | 'AES128CCM'
  | 'AES256CCM'
  | 'AES128CCM8'
  | 'AES256CCM8'
  | 'CAMELLIA128'
  | 'CAMELLIA256'
  | 'ARIA128GCM'
  | 'ARIA256GCM'
  | 'CHACHA20';

/** Everything that OpenSSL of that version names, TLS 1.3 included. */
export function suitesOf(version: OpensslVersion): readonly Suite[] {
  return version === '3.0' ? suites30 : suites;
}

export function suiteByName(name: string): Suite | undefined {
  return byName.get(name);
}

/** For what a connection negotiated: `getCipher()` shows `name`, `standardName` and `shownVersion`. */
export function suiteById(id: number): Suite | undefined {
  return byId.get(id);
}

/** The `version` that `getCipher()` shows: the oldest that has the suite, in yet another spelling. */
export function shownVersion({ since }: Suite): string {
  return since === 'TLSv1' ? 'TLSv1.0' : since;
}

/** What the suite is worth in bits; 3.5 counts the length of a tag of eight bytes. */
export function bitsOfSuite({ encryption }: Suite, version: OpensslVersion): number {
  if (encryption === 'None') return 0;
  if (version !== '3.0' && encryption.endsWith('CCM8')) return 64;
  return encryption === 'CHACHA20' || encryption.includes('256') ? 256 : 128;
}

/** What HIGH and MEDIUM mean; of the suites that are left nothing is LOW. */
export function gradeOf(suite: Suite, version: OpensslVersion): 'HIGH' | 'MEDIUM' | undefined {
  const bits = bitsOfSuite(suite, version);
  if (bits === 0) return undefined;
  return bits < 128 ? 'MEDIUM' : 'HIGH';
}

/**
 * The numbers of suites that the core has; ARIA, Camellia, CCM with a certificate, DSS and SRP are dropped. A suite named twice
 * counts once.
 */
export function implemented(names: Iterable<string>): CipherSuite[] {
  const ids = new Set<CipherSuite>();
  for (const name of names) {
    const suite = byName.get(name);
    if (suite !== undefined && known.has(suite.id)) ids.add(suite.id as CipherSuite);
  }
  return [...ids];
}

function suiteOf(row: string): Suite {
  const [id, name, standardName, since, keyExchange, authentication, encryption, mac, flags = ''] =
    row.split(' ');
  return {
    id: Number.parseInt(id as string, 16),
    name: name as string,
    standardName: standardName as string,
    since: since as SuiteVersion,
    keyExchange: keyExchange as KeyExchange,
    authentication: authentication as Authentication,
    encryption: encryption as Encryption,
    mac: mac as Mac,
    isFips: flags.includes('F'),
    isDefault: !flags.includes('N'),
  };
}

const suites: readonly Suite[] = suiteRows.trim().split('\n').map(suiteOf);
/** Suites of TLS 1.3 that encrypt nothing (RFC 9150) came with 3.4. */
const suites30: readonly Suite[] = suites.filter((s) => s.since !== 'TLSv1.3' || s.encryption !== 'None');

const byName: ReadonlyMap<string, Suite> = new Map(suites.map((suite) => [suite.name, suite]));
const byId: ReadonlyMap<number, Suite> = new Map(suites.map((suite) => [suite.id, suite]));
const known: ReadonlySet<number> = new Set<number>([...Object.values(suites13), ...Object.values(suites12)]);
