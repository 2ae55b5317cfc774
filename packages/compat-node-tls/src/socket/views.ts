import type { Facts, ProtocolVersion } from '@sealwire/core';
import type { ShownGroup } from '../openssl/group-table.ts';
import { shownGroup } from '../openssl/groups.ts';
import { nameOfVersion } from '../openssl/protocols.ts';
import { shownSigalg } from '../openssl/sigalgs.ts';
import { shownVersion, suiteById } from '../openssl/suites.ts';
import { sharedSchemes } from '../context/preference.ts';
import type { ContextState } from '../context/state.ts';
import { hostOpenssl } from '../process/host.ts';

/** What Node says of a connection, made of facts. */

export interface CipherInfo {
  /** OpenSSL's. */
  readonly name: string;
  /** IANA's. */
  readonly standardName: string;
  /** The first version that has the suite. */
  readonly version: string;
}

export type EphemeralKeyInfo = ShownGroup | Record<string, never>;

export function protocolName(version: Facts['version'] | undefined): string | null {
  return version === undefined ? null : (nameOfVersion(version as ProtocolVersion) ?? null);
}

export function cipherInfo(id: number | undefined): CipherInfo | undefined {
  const suite = id === undefined ? undefined : suiteById(id);
  if (suite === undefined) return undefined;
  const { name, standardName } = suite;
  return { name, standardName, version: shownVersion(suite) };
}

/** Of the server's side Node says nothing. */
export function ephemeralKeyInfo({ role, group, dhBits }: Partial<Facts>): EphemeralKeyInfo | null {
  if (role === 'server') return null;
  if (dhBits !== undefined) return { type: 'DH', size: dhBits };
  return group === undefined ? {} : shownGroup(group, hostOpenssl());
}

/** What a server and its client both name. */
export function sharedSigalgs(state: ContextState, ofPeer: readonly number[]): string[] {
  return sharedSchemes(state, ofPeer).flatMap((id) => shownSigalg(id, state.openssl) ?? []);
}
