import type { Facts, Session } from '@sealwire/core';
import { type ApplicationSettings, applicationSettings } from '@sealwire/core/alps';
import type { Flags } from '../flags/table.ts';
import { ExpectationFailed } from './failure.ts';

/** Application settings (ALPS) as the flags have them: of one protocol. */
export function settingsOption(flags: Flags): { readonly applicationSettings?: ApplicationSettings } {
  const { protocol, own } = settingsOf(flags) ?? {};
  if (protocol === undefined || own === undefined) return {};
  const extensionType = flags['alps-use-new-codepoint'] === 1 ? 17_613 : 17_513;
  return { applicationSettings: applicationSettings({ settings: { [protocol]: own }, extensionType }) };
}

/** Those of the peer are there exactly where they are expected. */
export function checkSettings(flags: Flags, facts: Facts): void {
  const expected = flags['expect-peer-application-settings'];
  const { peerApplicationSettings } = facts;
  const got =
    peerApplicationSettings === undefined
      ? undefined
      : Buffer.from(peerApplicationSettings).toString('latin1');
  if (got !== expected)
    throw new ExpectationFailed(`settings of the peer: got ${String(got)}, expected ${String(expected)}`);
}

/** Whether the session was made with other settings of ours than there are now. */
export function settingsHaveChanged(flags: Flags, session: Session): boolean {
  const kept = session.applicationSettings?.own;
  const now = settingsOf(flags)?.own;
  if (kept === undefined || now === undefined) return kept !== now;
  return !Buffer.from(kept).equals(now);
}

/** The protocol, a comma, the settings. */
function settingsOf({ 'application-settings': given }: Flags) {
  if (given === undefined) return undefined;
  const comma = given.indexOf(',');
  return {
    protocol: given.slice(0, comma),
    own: new Uint8Array(Buffer.from(given.slice(comma + 1), 'latin1')),
  };
}
