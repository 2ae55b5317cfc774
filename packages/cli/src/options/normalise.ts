import type { OptionTable } from './option.ts';

/**
 * The command line in the one form that the parser takes: `-connect host`, `--connect host` and `-connect=host` all become
 * `--connect=host`, `-CAfile x` becomes `--ca-file=x`. Values are joined to their options, so that one that begins with a
 * dash stays a value. What is no option of the table is left for the parser to complain about, and after `--` everything.
 */
export function normalised(args: readonly string[], table: OptionTable): string[] {
  const names = namesIn(table);
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return [...result, ...args.slice(i)];
    const [, given = '', equals, value = ''] = /^--?([A-Za-z0-9][\w-]*)(=)?(.*)$/s.exec(arg) ?? [];
    const name = names.get(given);
    const isWhole = equals !== undefined || value === '';
    if (name === undefined || !isWhole) {
      result.push(arg.length > 2 && given !== '' && !arg.startsWith('--') ? `-${arg}` : arg);
      continue;
    }
    if (equals !== undefined) result.push(`--${name}=${value}`);
    else if (table[name]!.value === undefined || i + 1 === args.length) result.push(`--${name}`);
    else result.push(`--${name}=${args[++i]}`);
  }
  return result;
}

/** From every spelling to the long name. */
export function namesIn(table: OptionTable): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([name, { openssl = [] }]) =>
      [name, ...openssl].map((each): [string, string] => [each, name]),
    ),
  );
}
