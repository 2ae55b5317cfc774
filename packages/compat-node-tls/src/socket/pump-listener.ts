import type { Decision, Output } from '@sealwire/core';

/** What comes of a connection, to whoever shows it to the application. */
export interface PumpListener {
  /** The carrier is connected: whoever wants to begin a handshake may. */
  carrierConnected(): void;
  carrierFailed(error: Error): void;
  carrierClosed(): void;
  /** Gives whether native code has taken it, which keeps what it has no room for. */
  data(bytes: Uint8Array): boolean;
  /** Nothing more will come, whether the peer has said so or its transport has ended. */
  ended(): void;
  /** Of bytes in either direction: an idle timer starts anew. */
  active(): void;
  connected(): void;
  failed(output: Extract<Output, { type: 'failed' }>): void;
  decision(decision: Decision): void;
  notice(output: Notice): void;
}

export type Notice = Extract<
  Output,
  {
    type:
      | 'decisionCancelled'
      | 'fact'
      | 'keylog'
      | 'renegotiating'
      | 'renegotiationRefused'
      | 'session'
      | 'sessionInvalid'
      | 'trace'
      | 'writable'
      | 'earlyDataRejected'
      | 'clientAuthentication';
  }
>;
