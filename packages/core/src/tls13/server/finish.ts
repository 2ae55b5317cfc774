import type { Move } from '../../machine/define.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { Finished } from '../../messages/finished.ts';
import { checkFinished } from '../finished.ts';
import { hashOf, trafficKeys } from '../suites.ts';
import type { ServerState } from './states.ts';

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
    },
    effects: [
      ...proven,
      { do: 'installReadKeys', keys, boundary: context.boundary() },
      { do: 'connected', exporter: handshake.exporter },
      { do: 'writable', as: 'full' },
      { do: 'wipe', secrets: [clientHandshakeSecret] },
    ],
  };
}
