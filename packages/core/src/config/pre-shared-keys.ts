import { ApiMisuseError } from '../errors/tls-error.ts';
import { pskKeyExchangeModes, type PskKeyExchangeMode } from '../registry/psk-key-exchange-modes.ts';
import type { ExternalPsk } from '../values/external-psk.ts';
import type { Session, SessionStore, TicketKeeper } from '../values/session.ts';
import type { Answers } from './answers.ts';
import { arrayOr, oneOf, registered, spelt } from './checks.ts';
import { ownOptions } from './option-names.ts';
import type { AcceptEarlyDataAsk, AcceptEarlyDataReply } from '../values/decisions.ts';
import { copyOf } from '../wire/bytes.ts';

/** NewSessionTickets of a server (RFC 9846 §4.7.1). */
export interface TicketOptions {
  /** After a full handshake: 0 to 16. Default 2, so that a client may open two connections at once. */
  readonly count?: number;
  /** After a resumed one: 0 to 16. Default 1, in place of the one that was used. */
  readonly countWhenResumed?: number;
  /** 1 to 604,800 seconds. Default 43,200 (12 hours). */
  readonly lifetimeSeconds?: number;
  /** A session is not resumed when the full handshake that it comes from is longer ago. Default 604,800 seconds (7 days). */
  readonly maxSessionAgeSeconds?: number;
  /** Seals and opens tickets. Default a `TicketRing` of this configuration alone. */
  readonly keeper?: TicketKeeper;
  /**
   * Bytes of the application's own to keep in the session, for `acceptEarlyData` and its own use. A session that is resumed keeps those that
   * it has; in QUIC, where they are what of the transport parameters 0-RTT data depends on (RFC 9000 §7.4.1), tickets have those of the
   * connection that issues them. Default empty.
   */
  readonly applicationData?: Uint8Array;
}

const ticketOptionNames: Readonly<Record<keyof TicketOptions, true>> = {
  count: true,
  countWhenResumed: true,
  lifetimeSeconds: true,
  maxSessionAgeSeconds: true,
  keeper: true,
  applicationData: true,
};

export interface ServerTickets extends Required<TicketOptions> {}

/** Sessions of TLS 1.2 and older that the server keeps under their ids (RFC 5246 §7.4.1.2). */
export interface SessionIdOptions {
  /** A `SessionTable` of `@sealwire/core/tls12`, or one of your own. Absent: who answers `lookupSession` and `storeSession` keeps them. */
  readonly store?: SessionStore | undefined;
  /** 1 to 604,800 seconds from the full handshake on. Default 43,200 (12 hours). */
  readonly lifetimeSeconds?: number;
}

export interface ServerSessionIds extends SessionIdOptions {
  readonly lifetimeSeconds: number;
}

/** 0-RTT data on a server (RFC 9846 §2.3, §8): it may be replayed, and is not forward secret. */
export interface ServerEarlyDataOptions {
  /** Bytes that a client may send, 1 to 2^32-1. */
  readonly maxBytes: number;
  /** By how much the age of a ticket may differ from what the client says, in ms. Default 10,000 (RFC 9846 §8.3). */
  readonly windowMs?: number;
  /** Refuses replays; the default answer to `acceptEarlyData`. Default a `ReplayGuard` of this configuration alone; where
   * tickets may be older than it (`TicketKeeper.opensOnlyOwn`), it refuses what may have come before its first question. */
  readonly guard?: EarlyDataGuard;
}

export interface EarlyDataGuard {
  acceptEarlyData(ask: AcceptEarlyDataAsk): AcceptEarlyDataReply;
}

export interface ServerEarlyData extends Required<ServerEarlyDataOptions> {}

export function checkedTickets(options: TicketOptions & { readonly keeper: TicketKeeper }): ServerTickets {
  const given = ownOptions('tickets', options, ticketOptionNames);
  const { count = 2, countWhenResumed = 1, keeper, applicationData = new Uint8Array(0) } = given;
  const { lifetimeSeconds = 43_200, maxSessionAgeSeconds = weekSeconds } = given;
  integer('tickets.count', count, 0, 16);
  integer('tickets.countWhenResumed', countWhenResumed, 0, 16);
  integer('tickets.lifetimeSeconds', lifetimeSeconds, 1, weekSeconds);
  integer('tickets.maxSessionAgeSeconds', maxSessionAgeSeconds, 1, Number.MAX_SAFE_INTEGER);
  const { useTicket } = keeper ?? {};
  if (
    typeof keeper?.sealTicket !== 'function' ||
    typeof keeper.openTicket !== 'function' ||
    (useTicket !== undefined && typeof useTicket !== 'function')
  ) {
    throw new ApiMisuseError(
      'tickets.keeper must have sealTicket and openTicket, as TicketRing and TicketTable do, and may have useTicket',
    );
  }
  if (!(applicationData instanceof Uint8Array) || applicationData.length > 65_535) {
    throw new ApiMisuseError('tickets.applicationData must be a Uint8Array of up to 65535 bytes');
  }
  return { count, countWhenResumed, lifetimeSeconds, maxSessionAgeSeconds, keeper, applicationData };
}

export function checkedSessionIds(
  given: SessionIdOptions | undefined,
  answers: Answers | undefined,
): ServerSessionIds | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null)
    throw new ApiMisuseError(`sessionIds must be { store?, lifetimeSeconds? }, got ${spelt(given)}`);
  const { store, lifetimeSeconds = 43_200 } = given;
  if (
    store !== undefined &&
    (typeof store?.lookupSession !== 'function' || typeof store.storeSession !== 'function')
  ) {
    throw new ApiMisuseError('sessionIds.store must have lookupSession and storeSession');
  }
  if (store === undefined && (answers?.lookupSession === undefined || answers.storeSession === undefined)) {
    throw new ApiMisuseError(
      'sessionIds needs a store, for example a SessionTable, or answers to lookupSession and storeSession',
    );
  }
  integer('sessionIds.lifetimeSeconds', lifetimeSeconds, 1, weekSeconds);
  return { store, lifetimeSeconds };
}

export function checkedEarlyData(
  given: ServerEarlyDataOptions & { readonly guard: EarlyDataGuard },
): ServerEarlyData {
  const { maxBytes, windowMs = 10_000, guard } = given;
  integer('earlyData.maxBytes', maxBytes, 1, 0xffff_ffff);
  integer('earlyData.windowMs', windowMs, 1, weekSeconds * 1000);
  if (typeof guard?.acceptEarlyData !== 'function') {
    throw new ApiMisuseError('earlyData.guard must have acceptEarlyData, as ReplayGuard does');
  }
  return { maxBytes, windowMs, guard };
}

export function checkedPskMode(mode: PskKeyExchangeMode): PskKeyExchangeMode {
  if (mode === pskKeyExchangeModes.psk_ke || mode === pskKeyExchangeModes.psk_dhe_ke) return mode;
  throw new ApiMisuseError(`pskModes expects psk_ke (0) and psk_dhe_ke (1), got ${registered(mode)}`);
}

export function checkedExternalPsk(psk: ExternalPsk): ExternalPsk {
  const { identity, key, hash = 'sha256', usedIn = 'tls13', imported = false } = psk ?? {};
  // "implementations […] MUST support […] arbitrary PSKs up to 64 octets" (RFC 4279 §5.3): short ones, too, where others have made them.
  const least = usedIn === 'tls12' ? { identity: 0, key: 1 } : { identity: 1, key: 16 };
  if (!(identity instanceof Uint8Array) || identity.length < least.identity || identity.length > 65_535)
    throw new ApiMisuseError(
      `an external PSK needs an identity: a Uint8Array of ${least.identity} to 65535 bytes`,
    );
  if (!(key instanceof Uint8Array) || key.length < least.key || key.length > 65_535)
    throw new ApiMisuseError(
      `an external PSK needs a key: a Uint8Array of ${least.key} to 65535 random bytes`,
    );
  if (hash !== 'sha256' && hash !== 'sha384')
    throw new ApiMisuseError(`the hash of an external PSK is sha256 or sha384, got ${spelt(hash)}`);
  oneOf('usedIn of an external PSK', ['tls13', 'tls12', 'both'], usedIn);
  // RFC 9258 §5.1: what is imported is bound to the protocol that it was imported for.
  if (imported && usedIn !== 'tls13')
    throw new ApiMisuseError(`an imported PSK is for TLS 1.3 alone, got usedIn: ${spelt(usedIn)}`);
  // What was checked: the caller's arrays may be written over.
  return { ...psk, identity: copyOf(identity), key: copyOf(key) };
}

export function checkedSessions(sessions: readonly Session[] | undefined): readonly Session[] {
  return arrayOr('sessions', sessions, []).map((session) => {
    if (!(session?.ticket instanceof Uint8Array) || !(session.secret instanceof Uint8Array))
      throw new ApiMisuseError('sessions expects what the output session gave out, or decodeSession made');
    return session;
  });
}

export function checkedContext(context: Uint8Array = new Uint8Array(0)): Uint8Array {
  if (context instanceof Uint8Array && context.length <= 255) return context;
  throw new ApiMisuseError('sessionContext must be a Uint8Array of up to 255 bytes');
}

function integer(name: string, value: unknown, least: number, most: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw new ApiMisuseError(`${name} must be an integer from ${least} to ${most}, got ${spelt(value)}`);
}

/** RFC 9846 §4.7.1: "Servers MUST NOT use any value greater than 604800 seconds". */
const weekSeconds = 604_800;
