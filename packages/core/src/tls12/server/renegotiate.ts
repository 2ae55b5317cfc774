import { withDefaultAnswers } from '../../auth/default-answers.ts';
import type { ServerConfig } from '../../config/server.ts';
import type { Move } from '../../machine/define.ts';
import type { Command, Context, Effect, Step, Renegotiation } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import { countPeerBeginning, refuseRenegotiation, type Established } from '../renegotiation.ts';
import type { ServerState } from './states.ts';

/** Another handshake on the connection (RFC 5246 §7.4.1.1, RFC 5746 §3.7). */

type Enter = (move: Move<ServerState>) => Step;
type Connected = Extract<ServerState, { at: 'connected' }>;

/** The application would like to: the client is asked for a ClientHello. "Servers SHOULD NOT repeat the request". */
export function onRenegotiate(
  state: Connected,
  { config }: Extract<Command, { name: 'renegotiate' }>,
): Move<ServerState> {
  const { established, requested } = state;
  if (!established.isSecure || requested !== undefined) return { state, obeyed: false };
  return {
    state: { ...state, requested: (config as ServerConfig | undefined) ?? established.config },
    // It is in no transcript.
    effects: [
      { do: 'send', messages: [encodeMessage12({ type: 'hello_request' })] },
      { do: 'requestRenegotiation' },
    ],
  };
}

/** The client does not want to. */
export function onRefusal({ requested, ...state }: Connected): Move<ServerState> {
  return {
    state,
    effects: requested === undefined ? [] : [{ do: 'abandonRenegotiation', byPeer: true }],
  };
}

/** A ClientHello: the answer to our request, or the client's own wish. */
export function onClientHelloAgain(
  state: Connected,
  hello: ClientHello,
  context: Context,
  enter: Enter,
): Move<ServerState> {
  const { established, again, requested } = state;
  const { config: present } = established;
  if (requested !== undefined) {
    const isOther = requested !== present;
    const replaced: readonly Effect[] = isOther
      ? [{ do: 'replaceAnswers', answers: withDefaultAnswers(requested) }]
      : [];
    const restored: readonly Effect[] = isOther
      ? [{ do: 'replaceAnswers', answers: withDefaultAnswers(present) }]
      : [];
    const back = enter({ state: { at: 'connected', established, again }, effects: restored });
    const step = again(requested, hello, renegotiationOf(established, back), context);
    return { ...step, effects: [...replaced, ...step.effects] };
  }
  const limits = present.acceptRenegotiation;
  // RFC 5746 §4.4: "It is RECOMMENDED that servers not permit legacy renegotiation."
  if (limits === undefined || !established.isSecure) {
    return { state, effects: [refuseRenegotiation(present, 'another ClientHello, which is not welcome')] };
  }
  const peerBegan = countPeerBeginning(established, limits, context.nowMs);
  const counted = { ...established, peerBegan };
  const back = enter({ state: { at: 'connected', established: counted, again } });
  return again(present, hello, renegotiationOf(counted, back), context);
}

function renegotiationOf(established: Established<ServerConfig>, back: Step): Renegotiation {
  const { count, profile } = established;
  return { count, version: profile.version, back, carry: established };
}
