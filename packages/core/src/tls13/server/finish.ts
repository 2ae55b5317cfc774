import type { Move } from '../../machine/define.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { Finished } from '../../messages/finished.ts';
import { checkFinished } from '../finished.ts';
import { hashOf, trafficKeys } from '../suites.ts';
import { Transcript } from '../../transcript/transcript.ts';
import type { ServerAuthentication } from '../post-handshake-auth.ts';
import type { ServerHandshake, ServerState } from './states.ts';

/** The client's Finished (RFC 9846 §4.5.3) completes the handshake. */
export function onFinished(
  { handshake, peer }: Extract<ServerState, { at: 'awaitFinished' }>,
  message: Finished,
  context: Context,
): Move<ServerState> {
  const { suite, clientHandshakeSecret, clientSecret, serverSecret } = handshake;
  const hash = hashOf(suite, context.provider);
  checkFinished(hash, clientHandshakeSecret, context.before.digest(hash), message);
  const keys = trafficKeys(
    suite,
    context.provider,
    'application',
    clientSecret,
    context.limits.recordsPerKey,
  );
  const proven: Effect[] =
    peer === undefined
      ? []
      : [
          {
            do: 'fact',
            facts: {
              peerEvidence: peer.evidence,
              peerVerdict: peer.verdict,
              peerSignatureScheme: peer.scheme,
            },
          },
        ];
  return {
    state: {
      at: 'connected',
      suite,
      readSecret: clientSecret,
      writeSecret: serverSecret,
      peerUpdateRequested: false,
      ...later(handshake, context.after),
    },
    effects: [
      ...proven,
      { do: 'installReadKeys', keys, boundary: context.boundary() },
      // Nothing follows it; post-handshake authentication keeps a copy of its own.
      { do: 'setTranscript', transcript: Transcript.empty },
      { do: 'connected', exporter: handshake.exporter },
      { do: 'writable', as: 'full' },
      { do: 'wipe', secrets: [clientHandshakeSecret] },
    ],
  };
}

/** For authentication after the handshake, where the client has offered it (RFC 9846 §4.3.6). */
function later(
  { config, clientCertificateType, postHandshakeAuth }: ServerHandshake,
  transcript: Transcript,
): { readonly serverAuthentication?: ServerAuthentication } {
  if (!postHandshakeAuth) return {};
  return {
    serverAuthentication: { config, certificateType: clientCertificateType, transcript, open: new Map() },
  };
}
