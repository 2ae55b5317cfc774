/**
 * What a flag of the runner takes, and what it leaves behind. A switch takes nothing; all others take the argument
 * that follows. A flag that is repeated either replaces what it said before or adds to it.
 */
export interface Kind<Value> {
  readonly takesValue: boolean;
  readonly initial: Value;
  /** The value after this occurrence; throws `UsageError` for an argument that is none. */
  read(argument: string, before: Value): Value;
}

/** The value that a kind leaves behind. */
export type ValueOf<K> = K extends Kind<infer Value> ? Value : never;

/** The runner says something that has no meaning: our mistake or its. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const toggle: Kind<boolean> = { takesValue: false, initial: false, read: () => true };

/** Decimal, perhaps negative. */
export const number: Kind<number | undefined> = {
  takesValue: true,
  initial: undefined,
  read: (argument) => integer(argument),
};

export const numbers: Kind<readonly number[] | undefined> = {
  takesValue: true,
  initial: undefined,
  read: (argument, before = []) => [...before, integer(argument)],
};

/** Raw, and possibly empty; one character a byte. */
export const text: Kind<string | undefined> = {
  takesValue: true,
  initial: undefined,
  read: (argument) => argument,
};

/** Base64, as often as it comes. */
export const byteStrings: Kind<readonly Uint8Array[] | undefined> = {
  takesValue: true,
  initial: undefined,
  read: (argument, before = []) => [...before, bytes.read(argument, undefined)!],
};

/** Base64. */
export const bytes: Kind<Uint8Array | undefined> = {
  takesValue: true,
  initial: undefined,
  read(argument) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(argument) || argument.length % 4 !== 0)
      throw new UsageError(`expected base64, got ${JSON.stringify(argument)}`);
    return new Uint8Array(Buffer.from(argument, 'base64'));
  },
};

function integer(argument: string): number {
  const value = Number(argument);
  if (/^-?\d+$/.test(argument) && Number.isSafeInteger(value)) return value;
  throw new UsageError(`expected a decimal integer, got ${JSON.stringify(argument)}`);
}
