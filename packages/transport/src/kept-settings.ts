import { TrustAnchors } from '@sealwire/x509';

/** Names of options that are of one connection, and no part of what is compared. */
type OfOne = 'sessions' | 'sendEarlyData' | 'onSession' | 'onSessionInvalid';

/**
 * What `make` makes of these options without those of one connection, or has made of the same before. The same: each value is
 * identical, or a list of identical values, and is nothing that could have been changed in between. Whoever says anything else,
 * or a key of its own, gets new ones.
 */
export function keptSettings<Options extends object, Settings extends object>(
  options: Options,
  by: readonly unknown[],
  make: (options: Options) => Settings,
): Settings {
  // A copy: what says one thing now and another later would else be kept for options that say the first.
  const said = Object.assign({}, options, nothingOfOne);
  const wanted = fixedOf(said, by);
  const known = wanted === undefined ? undefined : kept.find((each) => isSame(each.fixed, wanted));
  if (known !== undefined) return known.settings as Settings;
  const settings = make(said);
  if (wanted === undefined) return settings;
  // The latest are kept. A list, not a map: it is a handful, told apart by all of their values.
  if (kept.length === mostKept) kept.shift();
  kept.push({ fixed: wanted, settings });
  return settings;
}

/** Names and values by turns; `undefined` where there is one that nobody knows to be as it was. */
function fixedOf(options: object, by: readonly unknown[]): readonly unknown[] | undefined {
  const fixed: unknown[] = [...by];
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(nothingOfOne, name)) continue;
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (!isFixed(name, value)) return undefined;
    fixed.push(name, Array.isArray(value) ? [...value] : value);
  }
  return fixed;
}

function isFixed(name: string, value: unknown): boolean {
  // Nothing of ours remembers a key for longer than who gave it.
  if (ofKeys.includes(name)) return false;
  if (typeof value !== 'object' || value === null) return true;
  if (name === 'provider' || value instanceof TrustAnchors) return true;
  return Array.isArray(value) && (name === 'versions' || value.every((each) => typeof each !== 'object'));
}

function isSame(known: readonly unknown[], wanted: readonly unknown[]): boolean {
  if (known.length !== wanted.length) return false;
  return known.every((one, i) => {
    const other = wanted[i];
    if (one === other) return true;
    return Array.isArray(one) && Array.isArray(other) && isSame(one, other);
  });
}

interface Kept {
  readonly fixed: readonly unknown[];
  readonly settings: object;
}

const nothingOfOne: Readonly<Record<OfOne, undefined>> = {
  sessions: undefined,
  sendEarlyData: undefined,
  onSession: undefined,
  onSessionInvalid: undefined,
};

const ofKeys: readonly string[] = ['privateKey', 'passphrase', 'certificate'];

const kept: Kept[] = [];
const mostKept = 8;
