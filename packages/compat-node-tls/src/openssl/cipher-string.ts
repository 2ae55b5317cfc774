import type { SecurityLevel } from '@sealwire/x509';
import type { OpensslVersion } from '../process/host.ts';
import { aliases, both, type Selection, selectionOf, selects } from './cipher-aliases.ts';
import {
  applyRule,
  type CipherOrder,
  type CipherRule,
  initialOrder,
  sortByStrength,
} from './cipher-order.ts';
import { type Suite, suiteByName, suitesOf } from './suites.ts';

/** Suite B (RFC 6460), which three words at the start of a string ask for; it restricts groups and signatures as well. */
export type SuiteB = '128' | '128only' | '192';

export interface CipherString {
  /** Suites of TLS 1.2 and older, in order; empty if the string selects none. */
  readonly suites: readonly Suite[];
  /** What `@SECLEVEL=n` says, the last of several. */
  readonly securityLevel: SecurityLevel | undefined;
  readonly suiteB: SuiteB | undefined;
}

/**
 * The language of openssl-ciphers(1): `HIGH:!aNULL:+SHA1:@STRENGTH:@SECLEVEL=1`. It reads to the end whatever it meets, skips
 * words that it does not know, and fails (`undefined`, "invalid command") for an unknown `@`, and where a word is missing.
 */
export function parseCipherString(text: string, version: OpensslVersion): CipherString | undefined {
  const suiteB = suiteBWords.find(([word]) => text.startsWith(word));
  const reading: Reading = { order: initialOrder(version), level: undefined, isValid: true };
  if (suiteB !== undefined) read(reading, suiteB[2], version);
  else if (text.startsWith(defaultWord)) {
    read(reading, defaultString, version);
    read(reading, text.slice(defaultWord.length).replace(/^:/, ''), version);
  } else read(reading, text, version);
  if (!reading.isValid) return undefined;
  const { suites, active } = reading.order;
  return {
    suites: suites.filter((suite) => active.has(suite)),
    securityLevel: reading.level,
    suiteB: suiteB?.[1],
  };
}

interface Reading {
  order: CipherOrder;
  level: SecurityLevel | undefined;
  isValid: boolean;
}

function read(reading: Reading, text: string, version: OpensslVersion): void {
  for (let at = 0; at < text.length; ) {
    // After a sign there has to be a word: a separator is an error, not the end of an empty item.
    const sign = signs[text.charAt(at)];
    if (sign === undefined && isSeparator(text.charAt(at))) {
      at += 1;
      continue;
    }
    if (sign !== undefined) at += 1;
    const item = readItem(text, at, sign === 'special', version);
    at = item.end;
    if (item.isBroken) reading.isValid = false;
    if (sign === 'special') obey(reading, item.word, version);
    else if (item.selection !== undefined) {
      const { selection } = item;
      reading.order = applyRule(reading.order, sign ?? 'add', (suite) => selects(selection, suite, version));
      continue;
    }
    while (at < text.length && !isSeparator(text.charAt(at))) at += 1;
  }
}

interface Item {
  /** The last word. */
  readonly word: string;
  /** `undefined`: a word is unknown, or they exclude each other. */
  readonly selection: Selection | undefined;
  /** No word where there should be one. */
  readonly isBroken: boolean;
  readonly end: number;
}

/** Words joined by `+`, up to the first that decides that nothing is selected. */
function readItem(text: string, start: number, isSpecial: boolean, version: OpensslVersion): Item {
  let selection: Selection = {};
  for (let at = start; ; ) {
    const word = wordAt(text, at, version);
    at += word.length;
    if (word === '') return { word, selection: undefined, isBroken: true, end: at + 1 };
    const goesOn = text.charAt(at) === '+';
    if (isSpecial) return { word, selection: undefined, isBroken: false, end: at };
    if (goesOn) at += 1;
    const next = meaningOf(word, version);
    const joined = next === undefined ? undefined : both(selection, next);
    if (joined === undefined || !goesOn) return { word, selection: joined, isBroken: false, end: at };
    selection = joined;
  }
}

/** The underscore came with the names of IANA, which 3.2 and later accept. */
function wordAt(text: string, at: number, version: OpensslVersion): string {
  const pattern = version === '3.0' ? /[A-Za-z0-9\-.=]*/y : /[A-Za-z0-9\-._=]*/y;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function meaningOf(word: string, version: OpensslVersion): Selection | undefined {
  const alias = aliases.get(word);
  if (alias !== undefined) return alias;
  const suite = suiteByName(word) ?? (version === '3.0' ? undefined : suiteByStandardName(word));
  return suite === undefined || suite.since === 'TLSv1.3' ? undefined : selectionOf(suite, version);
}

/** By IANA's name, as the names of TLS 1.3 are looked up. */
export function suiteByStandardName(name: string, version: OpensslVersion = '3.5'): Suite | undefined {
  return suitesOf(version).find(({ standardName }) => standardName === name);
}

function obey(reading: Reading, word: string, version: OpensslVersion): void {
  if (word === 'STRENGTH') reading.order = sortByStrength(reading.order, version);
  else if (/^SECLEVEL=[0-5]$/.test(word)) reading.level = Number(word.slice(-1)) as SecurityLevel;
  else reading.isValid = false;
}

function isSeparator(character: string): boolean {
  return character !== '' && ': ;,'.includes(character);
}

const signs: Readonly<Record<string, Exclude<CipherRule, 'add' | 'first'> | 'special'>> = {
  '-': 'remove',
  '+': 'last',
  '!': 'kill',
  '@': 'special',
};

const defaultWord = 'DEFAULT';
const defaultString = 'ALL:!COMPLEMENTOFDEFAULT:!eNULL';

/** The first that a string begins with counts, and the rest of the string is not read. */
const suiteBWords: readonly (readonly [word: string, SuiteB, string])[] = [
  ['SUITEB128ONLY', '128only', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['SUITEB128C2', '128', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['SUITEB128', '128', 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['SUITEB192', '192', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
];
