import { ApiMisuseError } from '../errors/tls-error.ts';

/** What the types say, for callers without a type checker: `ApiMisuseError` names the option and what came. */

/** A choice between words, the default first. A misspelt word must not become the weakest of them in silence. */
export function oneOf<Word extends string>(
  name: string,
  words: readonly [Word, ...Word[]],
  given: Word | undefined,
): Word {
  if (given === undefined) return words[0];
  if (words.includes(given)) return given;
  throw new ApiMisuseError(`${name} must be one of ${words.join(', ')}, got ${spelt(given)}`);
}

/** A string would pass for a list of its letters. */
export function arrayOr<List extends readonly unknown[]>(
  name: string,
  given: List | undefined,
  otherwise: List,
): List {
  if (given === undefined) return otherwise;
  if (Array.isArray(given)) return given;
  throw new ApiMisuseError(`${name} must be an array, got ${spelt(given)}`);
}

/** A number of a registry in hexadecimal, `0x1301`, or what came in its place, `"x25519"`. */
export function registered(value: unknown): string {
  return typeof value === 'number' ? `0x${value.toString(16)}` : spelt(value);
}

/** Names stand in the table of their registry, of which `example` is one. */
export function requireNumber(name: string, example: string, value: unknown): void {
  if (typeof value === 'number') return;
  throw new ApiMisuseError(`${name} holds numbers of the registry, such as ${example}, got ${spelt(value)}`);
}

/** So that `"1"` is not taken for 1. */
export function spelt(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
