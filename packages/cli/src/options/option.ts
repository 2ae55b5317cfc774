import { usage } from '../problem.ts';

/**
 * The one description of an option. The parser, `--help`, the completions of three shells, the manual page and the table of
 * the README are made of it.
 */
export interface OptionSpec {
  /** What it does, for people; begins with a capital letter. */
  readonly help: string;
  /** What its value is called: `HOST:PORT`. Absent: it is a switch. */
  readonly value?: string;
  /** What OpenSSL calls it, without the dash, where that is not the long name. */
  readonly openssl?: readonly string[];
  /** It may be given several times. */
  readonly many?: true;
  /** All values that there are. */
  readonly choices?: readonly string[];
  /** What shells complete its value with. */
  readonly completes?: 'file' | 'directory';
  /** Of which kind it is, for `--help`. Default: what the command itself does. */
  readonly group?: string;
  /** What the text of the value means; throws `Problem` where it means nothing. */
  readonly read?: (text: string) => unknown;
}

/** Options by their long names: `ca-file` for `--ca-file`. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What was given on the command line, by long names: true for a switch, what `read` says, or the text. */
export type ValuesOf<T extends OptionTable> = {
  readonly [K in keyof T]?:
    | (T[K] extends { readonly many: true } ? readonly ValueOf<T[K]>[] : ValueOf<T[K]>)
    | undefined;
};

type ValueOf<O extends OptionSpec> = O extends { readonly read: (text: string) => infer V }
  ? V
  : O extends { readonly choices: readonly (infer C)[] }
    ? C
    : O extends { readonly value: string }
      ? string
      : true;

/** An argument that is not an option. */
export interface ArgumentSpec {
  readonly name: string;
  readonly help: string;
  readonly isOptional?: true;
  readonly many?: true;
  readonly completes?: 'file';
  readonly choices?: readonly string[];
}

/** Keeps the types of what is in the table. */
export function options<const T extends OptionTable>(table: T): T {
  return table;
}

/** A number without a sign, within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw usage(`expected a whole number from ${least} to ${most}, got ${text}`);
  };
}

/** A number of seconds, with decimals or without; in ms. */
export function secondsBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return Math.round(number * 1000);
    throw usage(`expected seconds from ${least} to ${most}, got ${text}`);
  };
}
