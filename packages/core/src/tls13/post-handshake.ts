import type { CustomExtension } from '../config/custom-extensions.ts';
import type { HashFunction } from '../crypto/provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { Move } from '../machine/define.ts';
import type { Command, Context } from '../machine/step.ts';
import type { NewSessionTicket } from '../messages/new-session-ticket.ts';
import type { KeyUpdate } from '../messages/key-update.ts';
import { encodeMessage } from '../messages/tls13.ts';
import type { Session } from '../values/session.ts';
import { hkdfExpandLabel } from '../crypto/hkdf.ts';
import { nextTrafficSecret } from './key-schedule.ts';
import type { ClientAuthentication, ServerAuthentication } from './post-handshake-auth.ts';
import { hashOf, trafficKeys, type Suite13 } from './suites.ts';

/** A connection after its handshake; the same for both sides (RFC 9846 §4.7). */
export interface ConnectedState {
  readonly at: 'connected';
  readonly suite: Suite13;
  readonly readSecret: Uint8Array;
  readonly writeSecret: Uint8Array;
  /** What tickets are made from; absent where there are none. */
  readonly resumption: Resumption | undefined;
  /** Server: on what terms tickets are issued. */
  readonly tickets?:
    | {
        readonly lifetimeSeconds: number;
        readonly maxSessionAgeMs: number;
        readonly maxEarlyDataBytes: number;
        /** Those that stand in tickets are sent. */
        readonly customExtensions: readonly CustomExtension[];
        /** Whether they carry an extension that means nothing (RFC 8701 §4.1). */
        readonly grease: boolean;
        /** How many have been begun. */
        readonly issued: number;
      }
    | undefined;
  /** Work that goes on beside reading and sending. */
  readonly tasks: {
    /** The number of the next one. */
    readonly next: number;
    /** Tickets that are being sealed, or wait for others of their batch. */
    readonly open: ReadonlyMap<number, IssuedTicket>;
  };
  /** Whether the peer still owes us a KeyUpdate that we asked for. */
  readonly peerUpdateRequested: boolean;
  /** Client: those that may stand in tickets are received. */
  readonly customExtensions?: readonly CustomExtension[];
  /** Client: present where it has offered post_handshake_auth. */
  readonly clientAuthentication?: ClientAuthentication;
  /** Server: present where the client has offered it. */
  readonly serverAuthentication?: ServerAuthentication;
}

/** One of those that were begun together. */
export interface IssuedTicket {
  /** The number of the first task of them. */
  readonly batch: number;
  /** Absent once it is sealed, or could not be. */
  readonly ticket?: Omit<NewSessionTicket, 'ticket'>;
  /** The message, once it is sealed. */
  readonly message?: Uint8Array | undefined;
}

/** From which sessions are made (RFC 9846 §4.7.1). */
export interface Resumption {
  /** resumption_secret; each ticket's key is derived from it. */
  readonly secret: Uint8Array;
  /** What all sessions of this connection have in common. */
  readonly base: Omit<
    Session,
    'secret' | 'ticket' | 'ageAdd' | 'lifetimeSeconds' | 'issuedAtMs' | 'maxEarlyDataBytes'
  >;
}

export type ConnectedCommand = Extract<
  Command,
  { readonly name: 'updateKeys' | 'answerKeyUpdate' | 'writeLimitReached' }
>;

/** Where every connection begins. */
export const noTasks: ConnectedState['tasks'] = { next: 1, open: /* @__PURE__ */ new Map() };

/** The pre-shared key of one ticket (RFC 9846 §4.7.1). */
export function ticketSecret(
  hash: HashFunction,
  resumptionSecret: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  return hkdfExpandLabel(hash, resumptionSecret, 'resumption', nonce, hash.outputBytes);
}

/** The peer has changed its sending keys (RFC 9846 §4.7.3). */
export function onKeyUpdate(
  state: ConnectedState,
  message: KeyUpdate,
  context: Context,
): Move<ConnectedState> {
  if (!context.carrier.keyUpdateMessage) {
    throw new TlsError('peer.unexpectedMessage', 'a KeyUpdate where keys are not changed by messages', {
      section: 'RFC 9001 §6',
      handshakeMessage: 'key_update',
    });
  }
  const readSecret = nextTrafficSecret(hashOf(state.suite, context.provider), state.readSecret);
  const keys = trafficKeys(
    state.suite,
    context.provider,
    'application',
    readSecret,
    context.limits.recordsPerKey,
  );
  return {
    state: { ...state, readSecret, peerUpdateRequested: false },
    effects: [
      { do: 'countKeyUpdate', direction: 'received' },
      { do: 'installReadKeys', keys, boundary: context.boundary() },
      ...(message.updateRequested ? [{ do: 'oweKeyUpdate' } as const] : []),
      { do: 'wipe', secrets: [state.readSecret] },
    ],
  };
}

/** We change our sending keys: asked by the application, the peer, or the key's limit. */
export function onConnectedCommand(
  state: ConnectedState,
  command: ConnectedCommand,
  context: Context,
): Move<ConnectedState> {
  // RFC 9846 §4.7.3: no second update_requested before the peer has answered the first.
  const requestPeer = command.name === 'updateKeys' && command.requestPeer && !state.peerUpdateRequested;
  const writeSecret = nextTrafficSecret(hashOf(state.suite, context.provider), state.writeSecret);
  const keys = trafficKeys(
    state.suite,
    context.provider,
    'application',
    writeSecret,
    context.limits.recordsPerKey,
  );
  return {
    state: { ...state, writeSecret, peerUpdateRequested: state.peerUpdateRequested || requestPeer },
    effects: [
      // "encrypt their KeyUpdate messages with the old keys": sent first, keys changed after.
      { do: 'send', messages: [encodeMessage({ type: 'key_update', updateRequested: requestPeer })] },
      { do: 'countKeyUpdate', direction: 'sent' },
      { do: 'installWriteKeys', keys },
      { do: 'wipe', secrets: [state.writeSecret] },
    ],
  };
}
