import { TrustAnchors } from '@sealwire/x509';

/** Names of options that are of one connection, and no part of what is compared. */
type OfOne = 'sessions' | 'sendEarlyData' | 'onSession' | 'onSessionInvalid';

/**
 * What `make` makes of these options without those of one connection, or has made of the same before. The same: each value is
 * identical, or a list of identical values, and is nothing that could have been changed in between. Whoever says anything else,
 * or a key of its own, gets new ones. `options` are values, as `ownOnly` makes them: what says one thing now and another later
 * would be kept for options that say the first.
 */
export function keptSettings<Options extends object, Settings extends object>(
  options: Options,
  by: readonly unknown[],
  make: (options: Options) => Settings,
): Settings {
  for (const { fixed, settings } of kept) if (says(options, by, fixed)) return settings as Settings;
  const said = Object.assign({}, options, nothingOfOne);
  const wanted = fixedOf(said, by);
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

/** Whether `fixedOf` would give this list; compared in place, since that is asked for each connection. */
function says(options: object, by: readonly unknown[], fixed: readonly unknown[]): boolean {
  let at = 0;
  for (const each of by) if (fixed[at++] !== each) return false;
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(nothingOfOne, name)) continue;
    if (fixed[at++] !== name) return false;
    if (!isSame(fixed[at++], (options as Readonly<Record<string, unknown>>)[name])) return false;
  }
  return at === fixed.length;
}

function isSame(known: unknown, other: unknown): boolean {
  if (known === other) return true;
  if (!Array.isArray(known) || !Array.isArray(other) || known.length !== other.length) return false;
  for (let i = 0; i < known.length; i++) if (!isSame(known[i], other[i])) return false;
  return true;
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
