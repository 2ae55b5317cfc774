import { withDefaultAnswers } from '../../auth/default-answers.ts';
import type { ClientConfig } from '../../config/client.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { refuseUnsolicited } from '../../extensions/matrix.ts';
import type { Move } from '../../machine/define.ts';
import type { Command, Context, Effect, SentHello, Step, Renegotiation } from '../../machine/step.ts';
import type { ServerHello12 } from '../../messages/tls12/server-hello.ts';
import { sameVersion } from '../../negotiate/version.ts';
import { registryName } from '../../registry/registered.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { countPeerBeginning, refuseRenegotiation, type Established } from '../renegotiation.ts';
import { onAcceptableServerHello } from './server-hello.ts';
import type { ClientState } from './states.ts';

/** Another handshake on the connection (RFC 5246 §7.4.1.1, RFC 5746 §3.5). */

type Enter = (move: Move<ClientState>) => Step;
type Connected = Extract<ClientState, { at: 'connected' }>;

/** HelloRequest: the server would like to. "Clients that do so MUST respond […] with a no_renegotiation alert" (RFC 5746 §4.2). */
export function onHelloRequest(state: Connected, context: Context, enter: Enter): Move<ClientState> {
  const { established } = state;
  const limits = established.config.acceptRenegotiation;
  if (limits === undefined || !mayRenegotiate(established, established.config))
    return {
      state,
      effects: [refuseRenegotiation(established.config, 'a HelloRequest, which is not welcome')],
    };
  const peerBegan = countPeerBeginning(established, limits, context.nowMs);
  return begin(state, { ...established, peerBegan }, established.config, context, enter);
}

/** The application would like to. */
export function onRenegotiate(
  state: Connected,
  { config }: Extract<Command, { name: 'renegotiate' }>,
  context: Context,
  enter: Enter,
): Move<ClientState> {
  const { established } = state;
  const wanted = (config as ClientConfig | undefined) ?? established.config;
  if (!mayRenegotiate(established, wanted)) return { state, obeyed: false };
  const asked: Effect = { do: 'requestRenegotiation' };
  const step = begin(state, established, wanted, context, enter);
  const isOther = wanted !== established.config;
  const replaced: readonly Effect[] = isOther
    ? [{ do: 'replaceAnswers', answers: withDefaultAnswers(wanted) }]
    : [];
  // Who is asked about the handshake is settled before the first question.
  return { ...step, effects: [...replaced, ...step.effects, asked] };
}

/** RFC 5746 §4.2: with whom it is not safe it is not done, unless somebody has said that it may be. */
function mayRenegotiate({ isSecure }: Established<ClientConfig>, config: ClientConfig): boolean {
  return isSecure || config.allowInsecureRenegotiation;
}

function begin(
  { again, established: { config: present, profile } }: Connected,
  established: Established<ClientConfig>,
  config: ClientConfig,
  context: Context,
  enter: Enter,
): Step {
  const back = enter({
    state: { at: 'connected', established: { ...established, config: present }, again },
    effects: config === present ? [] : [{ do: 'replaceAnswers', answers: withDefaultAnswers(present) }],
  });
  const renegotiation: Renegotiation = {
    count: established.count,
    version: profile.version,
    back,
    carry: established,
  };
  return again(config, renegotiation, context);
}

/** The ClientHello is on its way; the server may still be sending application data. */
export function awaitServerHello(sent: SentHello, renegotiation: Renegotiation): Move<ClientState> {
  return { state: { at: 'awaitServerHello', sent, renegotiation } };
}

export function onServerHelloAgain(
  { sent, renegotiation }: Extract<ClientState, { at: 'awaitServerHello' }>,
  message: ServerHello12,
  context: Context,
): Move<ClientState> {
  refuseUnsolicited(message.extensions, sent.hello.extensions, []);
  if (!sameVersion(message.serverVersion, renegotiation.version)) {
    const [selected, spoken] = [message.serverVersion, renegotiation.version].map((version) =>
      registryName(protocolVersions, version),
    );
    throw new TlsError(
      'peer.unofferedVersion',
      `the server selects ${selected} on a connection of ${spoken}`,
      {
        section: 'RFC 5246 §7.4.1.3',
        handshakeMessage: 'server_hello',
        field: 'server_version',
      },
    );
  }
  return onAcceptableServerHello(sent, message, renegotiation, context);
}

/** "The original requester can decide whether to proceed with the connection" (RFC 5246 §7.2.2): the application does. */
export function onRefusal({
  renegotiation: { back },
}: Extract<ClientState, { at: 'awaitServerHello' }>): Step {
  return { ...back, effects: [{ do: 'abandonRenegotiation', byPeer: true }, ...back.effects] };
}
