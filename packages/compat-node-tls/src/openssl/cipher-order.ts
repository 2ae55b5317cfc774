import type { OpensslVersion } from '../process/host.ts';
import { type Selection, selects } from './cipher-aliases.ts';
import { bitsOfSuite, type Suite, suitesOf } from './suites.ts';

/**
 * The list that a cipher string works on (openssl-ciphers(1), "CIPHER LIST FORMAT"): every suite has a place in it, those that
 * were added are active, and a suite that was killed has no place any more.
 */
export interface CipherOrder {
  readonly suites: readonly Suite[];
  readonly active: ReadonlySet<Suite>;
}

/** What the sign in front of a word does: nothing, `-`, `+`, `!`; `first` is used for the order that OpenSSL begins with. */
export type CipherRule = 'add' | 'remove' | 'last' | 'kill' | 'first';

/**
 * What is added, or told to be last, goes to the end; what is removed goes to the front, whence a later word adds it again in
 * the order it had.
 */
export function applyRule(
  order: CipherOrder,
  rule: CipherRule,
  matches: (suite: Suite) => boolean,
): CipherOrder {
  const moved = order.suites.filter((suite) => matches(suite) && isConcerned(order, rule, suite));
  if (moved.length === 0) return order;
  const gone = new Set(moved);
  const rest = order.suites.filter((suite) => !gone.has(suite));
  switch (rule) {
    case 'add':
      return { suites: [...rest, ...moved], active: new Set([...order.active, ...moved]) };
    case 'last':
      return { ...order, suites: [...rest, ...moved] };
    case 'first':
      return { ...order, suites: [...moved, ...rest] };
    case 'remove':
      return { suites: [...moved, ...rest], active: without(order.active, gone) };
    case 'kill':
      return { suites: rest, active: without(order.active, gone) };
  }
}

/** `@STRENGTH`: the stronger first, what is equal in the order it had. */
export function sortByStrength(order: CipherOrder, version: OpensslVersion): CipherOrder {
  const strengths = [...new Set([...order.active].map((suite) => bitsOfSuite(suite, version)))];
  return strengths
    .sort((a, b) => b - a)
    .reduce((sorted, bits) => applyRule(sorted, 'last', (s) => bitsOfSuite(s, version) === bits), order);
}

/** The order before the first word: nothing is active, and what is to be preferred comes first when it is added. */
export function initialOrder(version: OpensslVersion): CipherOrder {
  const known = initial.get(version);
  if (known !== undefined) return known;
  const made = madeInitialOrder(version);
  initial.set(version, made);
  return made;
}

function madeInitialOrder(version: OpensslVersion): CipherOrder {
  const suites = suitesOf(version)
    .filter(({ since }) => since !== 'TLSv1.3')
    .sort((a, b) => b.id - a.id);
  let order: CipherOrder = { suites, active: new Set() };
  const step = (rule: CipherRule, selection: Selection): void => {
    order = applyRule(order, rule, (suite) => selects(selection, suite, version));
  };
  // Ephemeral curves first, of these the ones with ECDSA; then ciphers in the order of preference.
  step('add', { keyExchange: ['ECDH'], authentication: ['ECDSA'] });
  step('add', { keyExchange: ['ECDH'] });
  step('remove', { keyExchange: ['ECDH'] });
  step('add', { encryption: ['AES128GCM', 'AES256GCM'] });
  step('add', { encryption: ['CHACHA20'] });
  step('add', { encryption: otherAes });
  step('add', {});
  // What is weak or has no forward secrecy last.
  step('last', { mac: ['MD5'] });
  step('last', { authentication: ['None'] });
  step('last', { keyExchange: ['RSA'] });
  step('last', { keyExchange: ['PSK'] });
  order = sortByStrength(order, version);
  // Then, from the least to the most important: TLS 1.2, authenticated encryption, forward secrecy, both of these.
  step('first', { since: 'TLSv1.2' });
  step('first', { mac: ['AEAD'] });
  step('first', { keyExchange: ['DH', 'ECDH'] });
  step('first', { keyExchange: ['DH', 'ECDH'], mac: ['AEAD'] });
  step('remove', {});
  return order;
}

function isConcerned({ active }: CipherOrder, rule: CipherRule, suite: Suite): boolean {
  return rule === 'kill' || active.has(suite) !== (rule === 'add');
}

function without(active: ReadonlySet<Suite>, gone: ReadonlySet<Suite>): Set<Suite> {
  return new Set([...active].filter((suite) => !gone.has(suite)));
}

const otherAes = ['AES128', 'AES256', 'AES128CCM', 'AES256CCM', 'AES128CCM8', 'AES256CCM8'] as const;

const initial = new Map<OpensslVersion, CipherOrder>();
