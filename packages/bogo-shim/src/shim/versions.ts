import { tls13, type VersionModule } from '@sealwire/core';
import { tls10, tls11, tls12 } from '@sealwire/core/tls12';
import type { Flags } from '../flags/table.ts';

/** All versions, newest first, but those that the test switches off. */
export function versionsOf(flags: Flags): readonly VersionModule[] {
  const { 'min-version': oldest = 0, 'max-version': newest = 0xffff } = flags;
  return all
    .filter(({ number, off }) => number >= oldest && number <= newest && !flags[off])
    .map(({ module }) => module);
}

const all = [
  { number: 0x0304, off: 'no-tls13', module: tls13 },
  { number: 0x0303, off: 'no-tls12', module: tls12 },
  { number: 0x0302, off: 'no-tls11', module: tls11 },
  { number: 0x0301, off: 'no-tls1', module: tls10 },
] as const satisfies readonly {
  readonly number: number;
  readonly off: keyof Flags;
  readonly module: VersionModule;
}[];

/** Who has keys and looks at no certificates takes no server that has nothing but one. */
export function needsPsk(flags: Flags): boolean {
  const looks = flags['verify-peer'] || flags['use-custom-verify-callback'];
  return !looks && flags.credentials.some(({ type }) => type === 'psk');
}
