import { type Kind, UsageError } from './kinds.ts';
import {
  connectionFlags,
  credentialFlags,
  type CredentialValues,
  type Flags,
  newCredentialFlags,
} from './table.ts';

/** The flags for each attempt of a test. */
export interface ParsedFlags {
  readonly initial: Flags;
  /** All connections after the first. */
  readonly resume: Flags;
  /** The second attempt on a connection whose server did not take our 0-RTT data. */
  readonly retry: Flags;
}

/** A flag that is not in the table. */
export class UnknownFlag extends Error {
  override readonly name = 'UnknownFlag';
}

/**
 * Reads the runner's arguments. `-on-initial-x`, `-on-resume-x` and `-on-retry-x` set the flag x for one attempt, `-x` for
 * all three. `-on-shim-` says nothing here; flags of `-on-handshaker-` are for another program and are passed over.
 * Throws `UnknownFlag`, and `UsageError` for values that are none.
 */
export function parseFlags(argv: readonly string[]): ParsedFlags {
  const attempts = { initial: new Draft(), resume: new Draft(), retry: new Draft() };
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    const { name, attempt, isOurs } = split(argument);
    const takesValue = kindOf(name, argument)?.takesValue ?? false;
    if (takesValue && i + 1 === argv.length) throw new UsageError(`${argument} lacks its value`);
    const value = takesValue ? argv[++i]! : '';
    if (!isOurs) continue;
    for (const draft of attempt === undefined ? Object.values(attempts) : [attempts[attempt]]) {
      draft.set(name, value);
    }
  }
  const { initial, resume, retry } = attempts;
  return { initial: initial.flags, resume: resume.flags, retry: retry.flags };
}

interface FlagName {
  readonly name: string;
  readonly attempt: keyof ParsedFlags | undefined;
  readonly isOurs: boolean;
}

function split(argument: string): FlagName {
  const { program, attempt, name } =
    /^-(?:on-(?<program>shim|handshaker)-)?(?:on-(?<attempt>initial|resume|retry)-)?(?<name>.+)$/.exec(
      argument,
    )?.groups ?? {};
  if (name === undefined) throw new UsageError(`expected a flag, got ${JSON.stringify(argument)}`);
  return { name, attempt: attempt as keyof ParsedFlags | undefined, isOurs: program !== 'handshaker' };
}

/** `undefined` for a flag that opens a credential, and takes no value. */
function kindOf(name: string, argument: string): Kind<unknown> | undefined {
  if (Object.hasOwn(newCredentialFlags, name)) return undefined;
  for (const table of [connectionFlags, credentialFlags]) {
    if (Object.hasOwn(table, name)) return table[name as keyof typeof table] as Kind<unknown>;
  }
  throw new UnknownFlag(argument);
}

/** The flags of one attempt while they are being read. */
class Draft {
  readonly #connection = initialValues(connectionFlags);
  readonly #defaultCredential = newCredential('x509');
  readonly #credentials: Record<string, unknown>[] = [];

  set(name: string, value: string): void {
    const kind = kindOf(name, name);
    if (kind === undefined) {
      this.#credentials.push(newCredential(newCredentialFlags[name as keyof typeof newCredentialFlags]));
      return;
    }
    const target = Object.hasOwn(connectionFlags, name)
      ? this.#connection
      : (this.#credentials.at(-1) ?? this.#defaultCredential);
    target[name] = kind.read(value, target[name]);
  }

  /** The tables say which name has a value of which type. */
  get flags(): Flags {
    return {
      ...this.#connection,
      defaultCredential: this.#defaultCredential,
      credentials: this.#credentials,
    } as unknown as Flags;
  }
}

function newCredential(type: CredentialValues['type']): Record<string, unknown> {
  return { type, ...initialValues(credentialFlags) };
}

function initialValues(table: Readonly<Record<string, Kind<unknown>>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).map(([name, { initial }]) => [name, initial]));
}
