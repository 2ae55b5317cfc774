import type { Facts } from '@sealwire/core';
import type { ScriptStep, Side } from '../pair/script.ts';
import type { Failure } from '../pair/side.ts';

/** A record that a connection sent, as it stood on the wire and opened. */
export interface SentRecord {
  readonly wire: Uint8Array;
  readonly type: number;
  readonly content: Uint8Array;
  readonly isProtected: boolean;
  /** Under the keys of 0-RTT data. */
  readonly isEarly: boolean;
}

/** What was known when a side said `connected`. */
export interface View {
  readonly facts: Facts;
  /** Keying material; absent where the connection had failed already when it was polled. */
  readonly exported?: Uint8Array;
}

/** What one end of a conversation has said, and how far it has come. */
export interface EndState {
  readonly side: Side;
  /** How many outputs it has had. */
  readonly outputs: number;
  /** Application data delivered, in the pieces in which it came. */
  readonly data: readonly Uint8Array[];
  /** Descriptions of the alerts that left, read from their records. */
  readonly alertsSent: readonly number[];
  /** What was known when the first handshake was done, and after each renegotiation (RFC 5746). */
  readonly views: readonly View[];
  /** The last of them. */
  readonly view: View | undefined;
  readonly failure: Failure | undefined;
  readonly isClosed: boolean;
  readonly isTruncated: boolean;
  /** Whether it reads records with the keys of 0-RTT data. */
  readonly readsEarlyData: boolean;
  /**
   * Makes the peer's Finished that this end would accept after a transcript, which `isRetried` if it begins with two
   * hellos; `undefined` before the end has keys.
   */
  readonly finishedMaker: FinishedMaker | undefined;
}

export type FinishedMaker = (transcript: readonly Uint8Array[], isRetried: boolean) => Uint8Array;

/** Everything that is done to an end; `content` is sealed with the keys that it reads with then. */
export type EndCall =
  | { readonly do: 'start'; readonly nowMs: number }
  | { readonly do: 'end'; readonly nowMs: number }
  | { readonly do: 'wire'; readonly bytes: Uint8Array; readonly nowMs: number }
  | { readonly do: 'content'; readonly type: number; readonly bytes: Uint8Array; readonly nowMs: number }
  | { readonly do: 'step'; readonly step: OwnStep; readonly nowMs: number };

/** A step that an end takes by itself. */
export type OwnStep = Exclude<
  ScriptStep,
  | { readonly do: 'wait' }
  | { readonly do: 'cutLink' }
  | { readonly do: 'vanish' }
  | { readonly do: 'endTransport' }
>;

export interface ConversationEnd extends EndState {
  /** Does it and polls everything; the records that were sent. */
  call(call: EndCall): readonly SentRecord[];
}
