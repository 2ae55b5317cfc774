import { peerFacts, type ProvenPeer } from '../auth/proven-peer.ts';
import type { Context, Effect } from '../machine/step.ts';
import { Transcript } from '../transcript/transcript.ts';
import type { Agreed } from './agreed.ts';
import { exporterOf } from './keys.ts';

/** A connection after its handshake; the same for both sides. */
export interface ConnectedState {
  readonly at: 'connected';
}

/** Both Finished have been exchanged. */
export function connected(
  agreed: Agreed,
  main: Uint8Array,
  peer: ProvenPeer | undefined,
  context: Context,
): { readonly state: ConnectedState; readonly effects: readonly Effect[] } {
  return {
    state: { at: 'connected' },
    effects: [
      ...(peer === undefined ? [] : [peerFacts(peer)]),
      { do: 'setTranscript', transcript: Transcript.empty },
      { do: 'connected', exporter: exporterOf(agreed, main, context) },
      { do: 'writable', as: 'full' },
    ],
  };
}
