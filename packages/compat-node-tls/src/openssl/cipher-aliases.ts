import type { OpensslVersion } from '../process/host.ts';
import {
  type Authentication,
  type Encryption,
  gradeOf,
  type KeyExchange,
  type Mac,
  type Suite,
} from './suites.ts';

/** What a word of a cipher string selects: suites that have one of each that is named. */
export interface Selection {
  readonly keyExchange?: readonly KeyExchange[];
  readonly authentication?: readonly Authentication[];
  readonly encryption?: readonly Encryption[];
  readonly mac?: readonly Mac[];
  readonly grade?: readonly Grade[];
  readonly since?: Suite['since'];
  readonly isDefault?: false;
  /** A single suite. */
  readonly id?: number;
}

/** No word means `NONE`, which is what suites without encryption have. */
export type Grade = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'FIPS';

/** Whether a suite is selected. */
export function selects(selection: Selection, suite: Suite, version: OpensslVersion): boolean {
  const { keyExchange, authentication, encryption, mac, grade, since, isDefault, id } = selection;
  return (
    (id === undefined || id === suite.id) &&
    (keyExchange === undefined || keyExchange.includes(suite.keyExchange)) &&
    (authentication === undefined || authentication.includes(suite.authentication)) &&
    (encryption === undefined || encryption.includes(suite.encryption)) &&
    (mac === undefined || mac.includes(suite.mac)) &&
    (since === undefined || since === suite.since) &&
    (isDefault === undefined || !(suite.isDefault || suite.encryption === 'None')) &&
    (grade === undefined || gradesOf(suite, version).some((g) => grade.includes(g)))
  );
}

/** A word that names one suite has all of its properties, which counts where it is joined with others by `+`. */
export function selectionOf(suite: Suite, version: OpensslVersion): Selection {
  const { id, keyExchange, authentication, encryption, mac } = suite;
  return {
    id,
    keyExchange: [keyExchange],
    authentication: [authentication],
    encryption: [encryption],
    mac: [mac],
    grade: gradesOf(suite, version),
  };
}

/** Words joined by `+`: what all of them select. `undefined`: they exclude each other. */
export function both(a: Selection, b: Selection): Selection | undefined {
  const joined = {
    ...narrowed('keyExchange', a, b),
    ...narrowed('authentication', a, b),
    ...narrowed('encryption', a, b),
    ...narrowed('mac', a, b),
    ...narrowed('grade', a, b),
  };
  if (Object.values(joined).some((values) => values.length === 0)) return undefined;
  // The version of a single suite does not count; of two suites the later one is looked for.
  const since = b.id === undefined ? b.since : undefined;
  if (a.since !== undefined && since !== undefined && a.since !== since) return undefined;
  const { isDefault, ...rest } = a;
  // The first word for a grade makes OpenSSL forget COMPLEMENTOFDEFAULT before it, but not after it.
  const isForgotten = a.grade === undefined && b.grade !== undefined;
  return { ...rest, ...(isDefault === false && !isForgotten && { isDefault }), ...b, ...joined };
}

function narrowed<K extends 'keyExchange' | 'authentication' | 'encryption' | 'mac' | 'grade'>(
  key: K,
  a: Selection,
  b: Selection,
): Record<string, readonly unknown[]> {
  const [left, right] = [a[key] as readonly unknown[] | undefined, b[key] as readonly unknown[] | undefined];
  if (left === undefined || right === undefined) {
    const only = left ?? right;
    return only === undefined ? {} : { [key]: only };
  }
  return { [key]: left.filter((value) => right.includes(value)) };
}

function gradesOf(suite: Suite, version: OpensslVersion): Grade[] {
  return [gradeOf(suite, version) ?? 'NONE', ...(suite.isFips ? (['FIPS'] as const) : [])];
}

const allEncryptions: readonly Encryption[] = [
  'AES128',
  'AES256',
  'AES128GCM',
  'AES256GCM',
  'AES128CCM',
  'AES256CCM',
  'AES128CCM8',
  'AES256CCM8',
  'CAMELLIA128',
  'CAMELLIA256',
  'ARIA128GCM',
  'ARIA256GCM',
  'CHACHA20',
];
const shown: readonly Authentication[] = ['RSA', 'DSS', 'ECDSA', 'PSK', 'SRP'];

const kx = (...keyExchange: KeyExchange[]): Selection => ({ keyExchange });
const auth = (...authentication: Authentication[]): Selection => ({ authentication });
const mac = (...macs: Mac[]): Selection => ({ mac: macs });
const grade = (...grades: Grade[]): Selection => ({ grade: grades });
const starting = (...prefixes: string[]): Selection => ({
  encryption: allEncryptions.filter((e) => prefixes.some((prefix) => e.startsWith(prefix))),
});
const exactly = (...encryption: Encryption[]): Selection => ({ encryption });

/**
 * The words of openssl-ciphers(1). Those for which OpenSSL as Node runs it has no suite (kGOST, 3DES, RC4, SEED, IDEA …) are
 * not words: it skips them like any that it does not know.
 */
export const aliases: ReadonlyMap<string, Selection> = new Map(
  Object.entries({
    ALL: { encryption: allEncryptions },
    COMPLEMENTOFALL: exactly('None'),
    COMPLEMENTOFDEFAULT: { isDefault: false },
    kRSA: kx('RSA'),
    kEDH: kx('DH'),
    kDHE: kx('DH'),
    DH: kx('DH'),
    kEECDH: kx('ECDH'),
    kECDHE: kx('ECDH'),
    ECDH: kx('ECDH'),
    kPSK: kx('PSK'),
    kRSAPSK: kx('RSAPSK'),
    kECDHEPSK: kx('ECDHEPSK'),
    kDHEPSK: kx('DHEPSK'),
    kSRP: kx('SRP'),
    aRSA: auth('RSA'),
    aDSS: auth('DSS'),
    DSS: auth('DSS'),
    aNULL: auth('None'),
    aECDSA: auth('ECDSA'),
    ECDSA: auth('ECDSA'),
    aPSK: auth('PSK'),
    aSRP: auth('SRP'),
    EDH: { ...kx('DH'), ...auth(...shown) },
    DHE: { ...kx('DH'), ...auth(...shown) },
    EECDH: { ...kx('ECDH'), ...auth(...shown) },
    ECDHE: { ...kx('ECDH'), ...auth(...shown) },
    NULL: exactly('None'),
    eNULL: exactly('None'),
    RSA: { ...kx('RSA'), ...auth('RSA') },
    ADH: { ...kx('DH'), ...auth('None') },
    AECDH: { ...kx('ECDH'), ...auth('None') },
    PSK: kx('PSK', 'RSAPSK', 'DHEPSK', 'ECDHEPSK'),
    SRP: kx('SRP'),
    AES128: starting('AES128'),
    AES256: starting('AES256'),
    AES: starting('AES'),
    AESGCM: exactly('AES128GCM', 'AES256GCM'),
    AESCCM: starting('AES128CCM', 'AES256CCM'),
    AESCCM8: exactly('AES128CCM8', 'AES256CCM8'),
    CAMELLIA128: exactly('CAMELLIA128'),
    CAMELLIA256: exactly('CAMELLIA256'),
    CAMELLIA: starting('CAMELLIA'),
    CHACHA20: exactly('CHACHA20'),
    ARIA: starting('ARIA'),
    ARIAGCM: starting('ARIA'),
    ARIA128: exactly('ARIA128GCM'),
    ARIA256: exactly('ARIA256GCM'),
    CBC: exactly('AES128', 'AES256', 'CAMELLIA128', 'CAMELLIA256'),
    MD5: mac('MD5'),
    SHA1: mac('SHA1'),
    SHA: mac('SHA1'),
    SHA256: mac('SHA256'),
    SHA384: mac('SHA384'),
    SSLv3: { since: 'SSLv3' },
    TLSv1: { since: 'TLSv1' },
    'TLSv1.0': { since: 'TLSv1' },
    'TLSv1.2': { since: 'TLSv1.2' },
    LOW: grade('LOW'),
    MEDIUM: grade('MEDIUM'),
    HIGH: grade('HIGH'),
    FIPS: grade('FIPS'),
  } satisfies Record<string, Selection>),
);
