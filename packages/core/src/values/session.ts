import type { PeerEvidence } from './peer-evidence.ts';

/**
 * What is kept of a connection so that a later one can resume it (RFC 9846 §2.2): plain data, for the caller to
 * keep; `encodeSession` and `decodeSession` turn it into bytes and back. It holds a secret: whoever has it can
 * resume.
 */
export interface Session {
  /** 0x0304 for TLS 1.3, 0x0303 for TLS 1.2. No other version resumes it. */
  readonly version: number;
  /** The suite of the connection; in TLS 1.3 another one may resume it if its hash is the same. */
  readonly cipherSuite: number;
  /** The pre-shared key of this ticket; before TLS 1.3 the master secret (48 bytes). */
  readonly secret: Uint8Array;
  /** What the client shows; 1 to 65,535 bytes, on a server empty, as it is where `sessionId` leads to the session. */
  readonly ticket: Uint8Array;
  /** Before TLS 1.3: the name under which the server keeps the session (RFC 5246 §7.4.1.2), 1 to 32 bytes. Absent: it has a ticket. */
  readonly sessionId?: Uint8Array | undefined;
  /** Before TLS 1.3: whether `secret` is bound to its handshake (RFC 7627). Only then it is resumed. */
  readonly extendedMainSecret?: boolean | undefined;
  /** ticket_age_add: hides the age of the ticket from onlookers; before TLS 1.3 0. */
  readonly ageAdd: number;
  /** From `issuedAtMs`; at most 604,800 (7 days). */
  readonly lifetimeSeconds: number;
  /** When the ticket was issued (server) or received (client), ms since the epoch. */
  readonly issuedAtMs: number;
  /** When the full handshake was completed from which all this comes, ms since the epoch. */
  readonly startedAtMs: number;
  /** The SNI host name of the connection. */
  readonly serverName: string | undefined;
  /** Client: the name that the server's certificate had to carry. */
  readonly expectedName: string | undefined;
  readonly alpnProtocol: string | null;
  /** Bytes of 0-RTT data that the ticket allows; 0: none. */
  readonly maxEarlyDataBytes: number;
  /** Fingerprint of the configuration's trust and client authentication: resumed only where it is the same. */
  readonly context: Uint8Array;
  /** The peer as it was authenticated in the first handshake; absent: it was not, or by a pre-shared key. */
  readonly peer: SessionPeer | undefined;
  /** The external key with which the first handshake was made: resumed only where both sides still have it. */
  readonly externalPskIdentity: Uint8Array | undefined;
  /** The application's own bytes; core does not look at them. */
  readonly applicationData: Uint8Array;
  /** TLS 1.3: the settings that were exchanged (draft-vvv-tls-alps-01), under which 0-RTT data goes. Absent: none were. */
  readonly applicationSettings?: SessionSettings | undefined;
}

/** Application settings of both sides (draft-vvv-tls-alps-01). */
export interface SessionSettings {
  /** The number of the extension that carried them. */
  readonly extensionType: number;
  /** Ours, and the peer's. */
  readonly own: Uint8Array;
  readonly peer: Uint8Array;
}

export interface SessionPeer {
  readonly evidence: PeerEvidence;
  /** The `verdict` of the accepted verifyPeer reply; plain data (see `encodeSession`). */
  readonly verdict: unknown;
  /** When that reply was asked for, ms since the epoch. */
  readonly verifiedAtMs: number;
  /** The `validUntilMs` of that reply; client. */
  readonly validUntilMs?: number | undefined;
}

/** What makes tickets of sessions, and sessions of tickets; the default answers to sealTicket, openTicket and useTicket. */
export interface TicketKeeper {
  sealTicket(ask: SealTicketAsk): SealTicketReply;
  /** Only looks: who shows a ticket may have read it off somebody else's hello. */
  openTicket(ask: OpenTicketAsk): OpenTicketReply;
  /** For tickets that are good for one connection. Absent: all may be used again. */
  useTicket?(ask: UseTicketAsk): UseTicketReply;
  /**
   * Whether it opens nothing but what it has sealed itself. Default false: tickets may be older than the process, and so may hellos
   * with 0-RTT data, of which a copy has been taken by the process before (RFC 9846 §8.2).
   */
  readonly opensOnlyOwn?: boolean;
}

export interface SealTicketAsk {
  /** What the ticket must lead back to. */
  readonly session: Session;
  /** 32 fresh bytes of the connection's entropy, so that sealing needs no randomness of its own. */
  readonly random: Uint8Array;
  /** The connection's clock, ms since the epoch. */
  readonly nowMs: number;
}

export type SealTicketReply =
  | {
      readonly ok: true;
      /** 1 to 65,535 bytes: the session itself, sealed, or the name under which it is kept. */
      readonly ticket: Uint8Array;
    }
  /** No ticket is sent; the connection goes on. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

/**
 * What a session must have to be resumed in this handshake. Whoever keeps sessions in a form of somebody else, which has no
 * place for it, and knows in another way that they belong here, takes it for the session's own.
 */
export interface SessionTerms {
  /** The SNI of the ClientHello; the session's `serverName` is to be the same. */
  readonly serverName: string | undefined;
  /** Fingerprint of the configuration; the session's `context` is to be the same. */
  readonly context: Uint8Array;
}

export interface OpenTicketAsk extends SessionTerms {
  /** What the client shows, in its order of preference; external identities stand here as well. */
  readonly identities: readonly Uint8Array[];
  /** When the ClientHello arrived, ms since the epoch. */
  readonly nowMs: number;
}

export type OpenTicketReply =
  | {
      readonly ok: true;
      /** Absent: none of the identities is a ticket of ours. */
      readonly found?: {
        /** Which of `identities`. */
        readonly index: number;
        readonly session: Session;
        /** The ticket's time is nearly over: send another one, whatever `tickets.countWhenResumed` says. Default false. */
        readonly renew?: boolean;
      };
    }
  /** As if nothing were found. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

export interface UseTicketAsk {
  /** What the client shows; its binder is right, so that it knows the session's secret. */
  readonly ticket: Uint8Array;
  /** When the ClientHello arrived, ms since the epoch. */
  readonly nowMs: number;
}

export type UseTicketReply =
  | {
      readonly ok: true;
      /** false: it has been used before, perhaps a moment ago by another connection; as if it had not been found. */
      readonly use: boolean;
    }
  /** As if the answer were not to use it. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

/** Keeps sessions of TLS 1.2 and older on the server, under their ids; the default answers to lookupSession and storeSession. */
export interface SessionStore {
  /** Leaves the session where it is: it may be resumed many times. */
  lookupSession(ask: LookupSessionAsk): LookupSessionReply;
  storeSession(ask: StoreSessionAsk): StoreSessionReply;
  /** Forgets a session: its connection ended by a fatal alert (RFC 5246 §7.2.2). Absent: see the output `sessionInvalid`. */
  delete?(sessionId: Uint8Array): void;
}

export interface LookupSessionAsk extends SessionTerms {
  /** What the client shows, 1 to 32 bytes. Clients of TLS 1.3 make one up (RFC 9846 §E.4). */
  readonly sessionId: Uint8Array;
  /** When the ClientHello arrived, ms since the epoch. */
  readonly nowMs: number;
}

export type LookupSessionReply =
  | {
      readonly ok: true;
      /** Absent: there is none of this id. */
      readonly session?: Session;
    }
  /** As if there were none. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

export interface StoreSessionAsk {
  /** To be found by its `sessionId`, until `lifetimeSeconds` after `issuedAtMs`. */
  readonly session: Session;
  /** The connection's clock, ms since the epoch. */
  readonly nowMs: number;
}

export type StoreSessionReply =
  | { readonly ok: true }
  /** It is not kept; the connection goes on. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };
