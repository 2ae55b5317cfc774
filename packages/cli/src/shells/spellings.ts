import type { OptionSpec } from '../options/option.ts';

/** Every way to write an option: `--ca-file`, `-CAfile`. */
export function spellingsOf(name: string, { openssl = [] }: OptionSpec): string[] {
  return [`--${name}`, ...(openssl.length === 0 ? [`-${name}`] : openssl.map((each) => `-${each}`))];
}
