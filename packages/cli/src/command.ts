import type { ExitName } from './exit-codes.ts';
import type { Host } from './host.ts';
import type { ArgumentSpec, OptionTable, ValuesOf } from './options/option.ts';

/** What a command does with its values; gives what the program ends with, or throws why it could not. */
export type Action<T extends OptionTable> = (
  values: ValuesOf<T>,
  positional: readonly string[],
  host: Host,
) => Promise<ExitName>;

/** A command of the program, described for people and shells; its code is loaded when it runs. */
export interface CommandSpec {
  /** `connect`, or of two words, `cert show`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs for its help and the manual page. */
  readonly description: readonly string[];
  readonly arguments: readonly ArgumentSpec[];
  readonly options: OptionTable;
  /** Command lines without the name of the program, and what they do. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  load(): Promise<Action<OptionTable>>;
}

/** A command whose action knows the types of its options. */
export function command<const T extends OptionTable>(
  spec: Omit<CommandSpec, 'load' | 'options'> & { readonly options: T; load(): Promise<Action<T>> },
): CommandSpec {
  return spec as unknown as CommandSpec;
}
