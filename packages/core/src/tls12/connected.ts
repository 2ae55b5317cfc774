import type { Context, Effect } from '../machine/step.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import { Transcript } from '../transcript/transcript.ts';
import type { SessionPeer } from '../values/session.ts';
import { owned } from '../wire/owned.ts';
import type { Agreed } from './agreed.ts';
import { exporterOf } from './keys.ts';

/** A connection after its handshake; the same for both sides. */
export interface ConnectedState {
  readonly at: 'connected';
}

/** The peer as it proved itself. */
export interface ProvenPeer extends SessionPeer {
  /** That of ServerKeyExchange or CertificateVerify; absent where the server has decrypted, not signed, and when resumed. */
  readonly scheme?: SignatureScheme | undefined;
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

function peerFacts({ evidence, verdict, scheme }: ProvenPeer): Effect {
  return {
    do: 'fact',
    facts: {
      peerEvidence: owned(evidence),
      peerVerdict: owned(verdict),
      ...(scheme === undefined ? {} : { peerSignatureScheme: scheme }),
    },
  };
}
