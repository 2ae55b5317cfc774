import { ApiMisuseError } from '../errors/tls-error.ts';
import { spelt } from './checks.ts';
import { ownOnly } from './own-only.ts';

/**
 * `ApiMisuseError` for what is no object, or has a name that is none of `names`: says which, and which was perhaps meant.
 * `what` is what the options are for, for example `client`. For layers above that have options of their own.
 */
export function refuseUnknownOptions(what: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new ApiMisuseError(`expected an object of ${what} options, got ${spelt(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new ApiMisuseError(`${unknown} is no ${what} option${hint}`);
}

/** Own options alone (`ownOnly`), all of them known: `ApiMisuseError` as `refuseUnknownOptions`. */
export function ownOptions<O extends object>(
  what: string,
  options: O,
  names: Readonly<Record<keyof O, true>>,
): O {
  refuseUnknownOptions(what, options, Object.keys(names));
  return ownOnly(options);
}

/** The one of `names` with the fewest letters to change, if they are few; `undefined`: none is like it. */
export function nearestName(unknown: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(unknown.length / 3)) + 1;
  for (const name of names) {
    const changes = editDistance(unknown.toLowerCase(), name.toLowerCase());
    if (changes >= fewest) continue;
    best = name;
    fewest = changes;
  }
  return best;
}

/** Letters to insert, leave out or replace (Levenshtein), row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
