import type { CryptoProvider, NamedGroup, VersionModule } from '@sealwire/core';
import type { OpensslVersion } from '../process/host.ts';
import { cString, splitList, trimmed } from './conf-list.ts';
import { type Group, groups, type ShownGroup } from './group-table.ts';
import type { Refusal } from './refusal.ts';

/** What the option `ecdhCurve` says (SSL_CTX_set1_groups_list(3)), before versions and the security level are taken into account. */
export interface GroupPlan {
  /** Numbers of IANA in order, each once. An empty list is possible in 3.5: no handshake comes of it. */
  readonly ids: readonly number[];
  /** The same in classes of equal preference, in which a server may choose what saves a round trip; in 3.0 there is but one. */
  readonly classes: readonly (readonly number[])[];
  /** Groups that a client sends shares of, or `first`: one share, of the first group that can be used at all. */
  readonly keyShares: readonly number[] | 'first';
}

/** A list of names: `auto` (the default list), `P-256:X25519`, and in 3.5 the prefixes `*`, `?`, `-`, classes and `DEFAULT`. */
export function parseGroups(text: string, version: OpensslVersion): GroupPlan | Refusal {
  // Node compares with what JavaScript has, and only then makes a string of C.
  if (text === 'auto') return defaultGroups(version);
  const list = cString(text);
  return (version === '3.0' ? plainList(list) : listOfClasses(list)) ?? failed;
}

/** What holds without the option. */
export function defaultGroups(version: OpensslVersion): GroupPlan {
  const plan = version === '3.0' ? plainList(defaultList30) : listOfClasses(defaultList35);
  return plan as GroupPlan;
}

export function groupById(id: number, version: OpensslVersion): Group | undefined {
  return groups.find((group) => group.id === id && isIn(group, version));
}

/** `getEphemeralKeyInfo()` of a client: `{}` for a group that OpenSSL does not have. */
export function shownGroup(id: number, version: OpensslVersion): ShownGroup | Record<string, never> {
  return groupById(id, version)?.shown ?? {};
}

/** What of a list some version can use here: the core refuses groups that it does not have. */
export function implementedGroups(
  ids: readonly number[],
  versions: readonly VersionModule[],
  provider: CryptoProvider,
): NamedGroup[] {
  return (ids as readonly NamedGroup[]).filter((id) =>
    versions.some((version) => version.supportsGroup(id, provider)),
  );
}

/** 3.0: names, each at most once, spelt as the table has them. */
function plainList(text: string): GroupPlan | undefined {
  const ids = splitList(text, ':')?.map((name) => groupByName(name, '3.0')?.id);
  if (ids === undefined || new Set(ids).size < ids.length || !ids.every((id) => id !== undefined))
    return undefined;
  return { ids, classes: [ids], keyShares: 'first' };
}

/** 3.5: classes separated by `/`, names in any case, the second mention of a group without effect. */
function listOfClasses(text: string): GroupPlan | undefined {
  if (trimmed(text) === '') return { ids: [], classes: [], keyShares: 'first' };
  const list: GroupList = { closed: [], open: [], shares: [] };
  for (const part of splitList(text, '/') ?? ['']) {
    if (!addClass(list, part, false)) return undefined;
    if (list.open.length > 0) {
      list.closed.push(list.open);
      list.open = [];
    }
  }
  if (list.shares.length > maxKeyShares) return undefined;
  const classes = list.closed.filter((members) => members.length > 0);
  const keyShares = list.shares.length > 0 ? list.shares : 'first';
  return { ids: classes.flat(), classes, keyShares };
}

interface GroupList {
  closed: number[][];
  open: number[];
  shares: number[];
}

function addClass(list: GroupList, text: string, isDefault: boolean): boolean {
  return splitList(text, ':')?.every((item) => addItem(list, item, isDefault)) ?? false;
}

function addItem(list: GroupList, item: string, isDefault: boolean): boolean {
  const prefix = /^[*?-]*/.exec(item)?.[0] ?? '';
  const name = item.slice(prefix.length);
  if (new Set(prefix).size < prefix.length || name === '') return false;
  const [wantsShare, mayLack, isRemoved] = ['*', '?', '-'].map((sign) => prefix.includes(sign));

  const pseudo = pseudoGroups.find(([word]) => word === name.toUpperCase());
  if (pseudo !== undefined) {
    if (mayLack || isRemoved) return false;
    // The whole list joins the class that is being read, and the sign goes to its first group.
    return `${wantsShare ? '*' : ''}${pseudo[1]}`.split('/').every((part) => addClass(list, part, true));
  }
  if (name.length > maxNameLength) return false;
  const group = groupByName(name, '3.5');
  if (group === undefined) return mayLack === true || isDefault;
  if (isRemoved) {
    remove(list, group.id);
    return true;
  }
  if ([...list.closed.flat(), ...list.open].includes(group.id)) return true;
  list.open.push(group.id);
  if (wantsShare) list.shares.push(group.id);
  return true;
}

function remove(list: GroupList, id: number): void {
  const others = (ids: readonly number[]): number[] => ids.filter((other) => other !== id);
  list.closed = list.closed.map(others);
  list.open = others(list.open);
  list.shares = others(list.shares);
}

function groupByName(name: string, version: OpensslVersion): Group | undefined {
  const same = (other: string): boolean =>
    version === '3.0' ? other === name : other.toLowerCase() === name.toLowerCase();
  return groups.find((group) => isIn(group, version) && group.names.some(same));
}

function isIn({ isNew }: Group, version: OpensslVersion): boolean {
  return version !== '3.0' || !isNew;
}

const failed: Refusal = {
  refused: 'node',
  isNative: true,
  type: 'Error',
  code: 'ERR_CRYPTO_OPERATION_FAILED',
  message: 'Failed to set ECDH curve',
};

const defaultList30 = 'X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192';
const defaultList35 =
  '?*X25519MLKEM768/?*X25519:?secp256r1/?X448:?secp384r1:?secp521r1/?ffdhe2048:?ffdhe3072';

const pseudoGroups: readonly (readonly [name: string, list: string])[] = [
  ['DEFAULT', defaultList35],
  ['DEFAULT_SUITE_B', 'secp256r1:secp384r1'],
];

/** Of 3.5: more shares than these in a list are an error, and so is a longer name. */
const maxKeyShares = 4;
const maxNameLength = 63;
