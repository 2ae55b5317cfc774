import type { OwnSettings } from '../machine/application-settings.ts';
import type { Facts } from '../values/facts.ts';
import type { Session, SessionSettings } from '../values/session.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';

/** What both sides do with application settings (draft-vvv-tls-alps-01). */

/** Whether a handshake exchanges none, as its session did, or the same of ours (§4.2). */
export function sameSettings(ours: OwnSettings | undefined, kept: SessionSettings | undefined): boolean {
  if (ours === undefined || kept === undefined) return ours === kept;
  return ours.extensionType === kept.extensionType && sameBytes(ours.own, kept.own);
}

/** "MUST NOT reveal the contents of peer's ALPS until peer's Finished message is received" (§5), unless they are known already. */
export function settingsFacts(settings: SessionSettings | undefined): Partial<Facts> {
  return settings === undefined ? {} : { peerApplicationSettings: copyOf(settings.peer) };
}

/** For sessions. */
export function keptSettings(settings: SessionSettings | undefined): Pick<Session, 'applicationSettings'> {
  if (settings === undefined) return {};
  const { extensionType, own, peer } = settings;
  return { applicationSettings: { extensionType, own, peer } };
}
