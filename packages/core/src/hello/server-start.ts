import { withDefaultAnswers } from '../auth/default-answers.ts';
import { checkCompressionAlgorithms } from '../negotiate/certificate-compression.ts';
import type { ServerConfig } from '../config/server.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { TlsError } from '../errors/tls-error.ts';
import { alpnExtension } from '../extensions/alpn.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import { defineMachine, type Move } from '../machine/define.ts';
import type { EchOutcome } from '../machine/ech.ts';
import type { Context, Effect, Step, Renegotiation } from '../machine/step.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { tls13Messages } from '../messages/tls13.ts';
import { receiveCustomExtensions } from '../negotiate/custom-extensions.ts';
import { selectVersion } from '../negotiate/version.ts';
import { registryName } from '../registry/registered.ts';
import { protocolVersions, type ProtocolVersion } from '../registry/versions.ts';
import { Transcript } from '../transcript/transcript.ts';
import type { ClientHelloView } from '../values/client-hello-view.ts';
import type { Facts } from '../values/facts.ts';
import type { ChooseConfigReply } from '../values/decisions.ts';
import { checkCarried, spokenModules } from './carrier-rules.ts';
import { viewOf } from './client-hello-view.ts';
import { copyOf } from '../wire/bytes.ts';
import { echKeyLog } from './ech-key-log.ts';
import { checkHelloEntries } from './hello-entries.ts';
import { configuredVersions, moduleOf, selected, sideOf } from './version-table.ts';

/** A server before a version exists: reads the ClientHello, asks which configuration serves it, picks the version. */
export type ServerStartState =
  | { readonly at: 'idle'; readonly config: ServerConfig }
  | { readonly at: 'awaitClientHello'; readonly config: ServerConfig }
  | {
      readonly at: 'decideConfig';
      readonly config: ServerConfig;
      readonly hello: ClientHello;
      readonly view: ClientHelloView;
      readonly ech: EchOutcome | undefined;
      /** Absent: the first handshake of the connection. */
      readonly renegotiation?: Renegotiation;
    };

export const serverStart = /* @__PURE__ */ defineMachine<ServerStartState, ClientHello>()(
  'server hello',
  {
    idle: { reads: [], ccs: 'refuse', data: 'refuse', commands: ['start'] },
    awaitClientHello: { reads: ['client_hello'], ccs: 'refuse', data: 'refuse', commands: [] },
    decideConfig: { reads: [], asks: 'chooseConfig', ccs: 'ignore', data: 'refuse', commands: [] },
  },
  tls13Messages,
  {
    onMessage: { awaitClientHello: onClientHello },
    onReply: { decideConfig: onConfig },
    onTaskReply: {},
    onCommand: { idle: (state) => ({ state: { at: 'awaitClientHello', config: state.config } }) },
  },
);

function onClientHello(
  { config }: Extract<ServerStartState, { at: 'awaitClientHello' }>,
  received: ClientHello,
  context: Context,
): Move<ServerStartState> {
  const opened = config.acceptEch?.receive(received, context.raw);
  const hello = opened?.hello ?? received;
  const raw = opened?.raw ?? context.raw;
  checkCompressionAlgorithms(hello.extensions);
  checkHelloEntries(hello, context.limits);
  const view = viewOf(hello, raw);
  const carried = checkCarried(hello, view, context.carrier);
  const version = negotiatedVersion(config, view, context);
  return {
    state: { at: 'decideConfig', config, hello, view, ech: opened?.outcome },
    effects: [
      // The hello that counts is the one that is hashed.
      ...(raw === context.raw
        ? []
        : [
            { do: 'innerClientHello', direction: 'received', raw } as const,
            { do: 'setTranscript', transcript: context.before.append(raw) } as const,
          ]),
      { do: 'fact', facts: Object.assign(helloFacts(hello, view), echFacts(opened?.outcome)) },
      ...carried,
      ...echKeyLog(opened?.keys),
    ],
    ask: { kind: 'chooseConfig', ask: { hello: view, version, renegotiation: 0 } },
  };
}

/** A ClientHello on a connection that has done a handshake already. */
function onClientHelloAgain(
  config: ServerConfig,
  hello: ClientHello,
  renegotiation: Renegotiation,
  { raw, limits }: Context,
): Step {
  checkHelloEntries(hello, limits);
  const view = viewOf(hello, raw);
  const { version, count } = renegotiation;
  return serverStart.enter({
    state: { at: 'decideConfig', config, hello, view, ech: undefined, renegotiation },
    effects: [
      { do: 'beginRenegotiation' },
      { do: 'setTranscript', transcript: Transcript.readable.append(raw) },
      { do: 'fact', facts: helloFacts(hello, view) },
    ],
    ask: { kind: 'chooseConfig', ask: { hello: view, version, renegotiation: count } },
  });
}

function onConfig(
  state: Extract<ServerStartState, { at: 'decideConfig' }>,
  reply: ChooseConfigReply,
  context: Context,
): Step {
  const { renegotiation } = state;
  if (!reply.ok) {
    if (reply.reason === 'noRenegotiation' && renegotiation !== undefined) return stayed(renegotiation);
    throw new TlsError(refusalCodes[reply.reason], reply.message, {
      handshakeMessage: 'client_hello',
      alert: reply.alert,
      cause: reply.cause,
    });
  }
  const config = reply.config ?? state.config;
  const version = negotiatedVersion(config, state.view, context, renegotiation);
  // The configured versions and the module table come from the same list.
  const module = moduleOf(config.versions, version)!;
  const received = receiveCustomExtensions(config.customExtensions, state.hello.extensions);
  const step = sideOf(module, 'server').onClientHello(
    {
      config,
      hello: state.hello,
      view: state.view,
      version,
      again: onClientHelloAgain,
      ...(state.ech === undefined ? {} : { ech: state.ech }),
      ...(renegotiation === undefined ? {} : { renegotiation }),
    },
    context,
  );
  // Before the first question of the handshake: who verifies and who we are is the chosen configuration's matter.
  const replaced: readonly Effect[] =
    config === state.config ? [] : [{ do: 'replaceAnswers', answers: withDefaultAnswers(config) }];
  return { ...step, effects: [...replaced, selected(module, version), ...received, ...step.effects] };
}

/** The connection goes on as it was (RFC 5246 §7.2.2). */
function stayed({ back }: Renegotiation): Step {
  const refused: readonly Effect[] = [
    { do: 'warn', alert: 'no_renegotiation' },
    { do: 'abandonRenegotiation', byPeer: false },
  ];
  return { ...back, effects: [...refused, ...back.effects] };
}

function negotiatedVersion(
  config: ServerConfig,
  view: ClientHelloView,
  { carrier }: Context,
  renegotiation?: Renegotiation,
): ProtocolVersion {
  const ours = configuredVersions(spokenModules(config.versions, carrier)).filter(
    (version) => renegotiation === undefined || version === renegotiation.version,
  );
  const version = selectVersion(ours, view.versions);
  if (version === undefined) {
    const names = (list: readonly number[]) =>
      list.map((each) => registryName(protocolVersions, each)).join(', ');
    throw new TlsError(
      'incompatible.version',
      `the client offers ${names(view.versions) || 'no version that we know'}; we speak ${names(ours)}`,
      {
        section: 'RFC 9846 §E.2',
        handshakeMessage: 'client_hello',
        field: 'supported_versions',
      },
    );
  }
  return version as ProtocolVersion;
}

function helloFacts(hello: ClientHello, view: ClientHelloView): Extract<Effect, { do: 'fact' }>['facts'] {
  return {
    clientRandom: copyOf(hello.random),
    ...(hello.extensions.has(serverNameExtension) && view.serverName !== undefined
      ? { serverName: view.serverName }
      : {}),
    ...(hello.extensions.has(alpnExtension) ? { clientAlpnProtocols: view.alpnProtocols } : {}),
  };
}

function echFacts(ech: EchOutcome | undefined): Partial<Facts> {
  if (ech === undefined) return {};
  const outerServerName = ech.kind === 'accepted' ? ech.publicName : undefined;
  return { encryptedClientHello: ech.kind, ...(outerServerName === undefined ? {} : { outerServerName }) };
}

const refusalCodes = {
  unrecognizedName: 'local.unrecognizedName',
  refused: 'local.refusedHello',
  // There is nothing to go on with.
  noRenegotiation: 'local.refusedHello',
  accessDenied: 'local.accessDenied',
} as const satisfies Record<Extract<ChooseConfigReply, { ok: false }>['reason'], ErrorCode>;
