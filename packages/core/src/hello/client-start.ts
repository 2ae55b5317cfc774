import { rankExtensions, withExtraExtensions } from '../config/arrange-extensions.ts';
import type { ClientConfig } from '../config/client.ts';
import { InternalError, TlsError } from '../errors/tls-error.ts';
import { earlyDataExtension } from '../extensions/early-data.ts';
import { ExtensionBlock } from '../extensions/block.ts';
import { extension, type RawExtension } from '../extensions/definition.ts';
import { encryptedClientHelloExtension } from '../extensions/encrypted-client-hello.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import { defineMachine, preceded, type Move } from '../machine/define.ts';
import type { EchOffer } from '../machine/ech.ts';
import { echKeyLog } from './ech-key-log.ts';
import { Flight } from '../machine/flight.ts';
import type {
  Context,
  Effect,
  HelloPlan,
  SentHello,
  Step,
  VersionModule,
  Renegotiation,
} from '../machine/step.ts';
import { padded, type ClientHello } from '../messages/client-hello.ts';
import { encodeMessage, tls13Messages } from '../messages/tls13.ts';
import type { AnyServerHello, LegacyServerHello } from '../messages/server-hello.ts';
import { isDowngraded, legacyVersionOf } from '../negotiate/version.ts';
import { registryName } from '../registry/registered.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import { protocolVersions, type ProtocolVersion } from '../registry/versions.ts';
import { Transcript } from '../transcript/transcript.ts';
import type { ChooseSessionReply } from '../values/decisions.ts';
import type { LookupPskReply } from '../values/external-psk.ts';
import { markedContext } from '../resume/offer.ts';
import type { Session } from '../values/session.ts';
import { commonExtensions } from './client-hello-extensions.ts';
import { carrierExtensions, spokenModules } from './carrier-rules.ts';
import { drawGrease, type HelloGrease } from './grease.ts';
import { permuted } from './permute.ts';
import { copyOf } from '../wire/bytes.ts';
import { configuredVersions, moduleOf, selected, sideOf } from './version-table.ts';

/**
 * A client before a version exists: builds the one ClientHello that offers everything configured (RFC 9846
 * §4.2.2), and hands over to the version that the server selects.
 */
export type ClientStartState =
  | { readonly at: 'idle'; readonly config: ClientConfig }
  | ({ readonly at: 'decideSession' } & Beginning)
  | ({ readonly at: 'decidePsk'; readonly sessions: readonly Session[] } & Beginning)
  | {
      readonly at: 'awaitServerHello';
      readonly sent: Omit<SentHello, 'carry' | 'again'>;
      /** By version module. */
      readonly carries: ReadonlyMap<VersionModule, unknown>;
    };

interface Beginning {
  readonly config: ClientConfig;
  /** Absent: the first handshake of the connection. */
  readonly renegotiation?: Renegotiation;
}

export const clientStart = /* @__PURE__ */ defineMachine<ClientStartState, AnyServerHello>()(
  'client hello',
  {
    idle: { reads: [], ccs: 'refuse', data: 'refuse', commands: ['start'] },
    decideSession: { reads: [], asks: 'chooseSession', ccs: 'refuse', data: 'refuse', commands: [] },
    decidePsk: { reads: [], asks: 'lookupPsk', ccs: 'refuse', data: 'refuse', commands: [] },
    awaitServerHello: {
      reads: ['server_hello', 'hello_retry_request', 'legacy_server_hello'],
      ccs: 'ignore',
      data: 'refuse',
      commands: [],
    },
  },
  tls13Messages,
  {
    onMessage: { awaitServerHello: onServerHello },
    onReply: { decideSession: onSessions, decidePsk: onExternalPsks },
    onTaskReply: {},
    onCommand: { idle: ({ config }, _command, context) => chooseSession({ config }, context) },
  },
);

function chooseSession(beginning: Beginning, context: Context): Move<ClientStartState> {
  const { sni, serverName, alpnProtocols, sessionContext } = beginning.config;
  return {
    state: { at: 'decideSession', ...beginning },
    ask: {
      kind: 'chooseSession',
      ask: {
        serverName: sni,
        expectedName: serverName,
        alpnProtocols,
        context: markedContext(sessionContext, context.carrier, 'offered'),
        renegotiation: beginning.renegotiation?.count ?? 0,
        nowMs: context.nowMs,
      },
    },
  };
}

function onSessions(
  { at: _, ...beginning }: Extract<ClientStartState, { at: 'decideSession' }>,
  reply: ChooseSessionReply,
): Move<ClientStartState> {
  return {
    state: { at: 'decidePsk', ...beginning, sessions: reply.ok ? reply.sessions : [] },
    ask: {
      kind: 'lookupPsk',
      ask: {
        role: 'client',
        identities: [],
        serverName: beginning.config.sni,
        version: undefined,
        hint: undefined,
      },
    },
  };
}

function onExternalPsks(
  { at: _, ...beginning }: Extract<ClientStartState, { at: 'decidePsk' }>,
  reply: LookupPskReply,
  context: Context,
): Move<ClientStartState> {
  const { psks, awaitsHint = false } = reply.ok ? reply : { psks: [] };
  const plan: HelloPlan = { externalPsks: psks, awaitsHint, ...beginning };
  const { renegotiation } = plan;
  return renegotiation === undefined
    ? sendFirstHello(plan, context)
    : sendHelloAgain(plan, renegotiation, context);
}

/** Another handshake: what follows is what its version makes of it. */
function beginAgain(config: ClientConfig, renegotiation: Renegotiation, context: Context): Step {
  const effects: readonly Effect[] = [
    { do: 'beginRenegotiation' },
    { do: 'setTranscript', transcript: Transcript.readable },
  ];
  return clientStart.enter(preceded(effects, chooseSession({ config, renegotiation }, context)));
}

/** The hello that offers everything. */
function sendFirstHello(plan: HelloPlan, context: Context): Move<ClientStartState> {
  const { sent, carries, effects } = sendClientHello(
    plan,
    spokenModules(plan.config.versions, context.carrier),
    context,
  );
  return { state: { at: 'awaitServerHello', sent, carries }, effects };
}

/** The hello that offers the version which is spoken already. */
function sendHelloAgain(plan: HelloPlan, renegotiation: Renegotiation, context: Context): Step {
  const module = moduleOf(plan.config.versions, renegotiation.version);
  if (module?.client?.awaitServerHello === undefined)
    throw new InternalError('a version that is not configured');
  const { sent, carries, effects } = sendClientHello(plan, [module], context);
  const known = { carry: carries.get(module), again: beginAgain, ...sent };
  const step = module.client.awaitServerHello(known, renegotiation, context);
  return { ...step, effects: [...effects, ...step.effects] };
}

interface HelloOnItsWay {
  readonly sent: Omit<SentHello, 'carry' | 'again'>;
  /** By version module. */
  readonly carries: ReadonlyMap<VersionModule, unknown>;
  readonly effects: readonly Effect[];
}

function sendClientHello(
  plan: HelloPlan,
  modules: readonly VersionModule[],
  context: Context,
): HelloOnItsWay {
  const { config } = plan;
  const random = context.entropy.random(32);
  // RFC 9846 §E.4: a session id that cannot be resumed makes middleboxes take TLS 1.3 for TLS 1.2.
  const mayLookOlder = config.middleboxCompatibility && context.carrier.compatibilityMode;
  const seemsOlder = mayLookOlder && modules.some(({ isLegacy }) => !isLegacy);
  const anySessionId = seemsOlder ? context.entropy.random(32) : new Uint8Array(0);
  const carries = new Map<VersionModule, unknown>();
  const versions = configuredVersions(modules);
  const own = [
    ...commonExtensions(config, versions, plan.renegotiation === undefined, context.carrier),
    ...carrierExtensions(context.carrier),
  ];
  const last: RawExtension[] = [];
  const cipherSuites: number[] = [];
  const signals = new Set<CipherSuite>();
  let sessionId: Uint8Array | undefined;
  for (const module of modules) {
    const contribution = sideOf(module, 'client').contributeHello(plan, context);
    // Versions that are alike ask for the same.
    own.push(...contribution.extensions.filter(({ type }) => !own.some((each) => each.type === type)));
    if (contribution.last !== undefined) last.push(contribution.last);
    cipherSuites.push(...contribution.cipherSuites);
    for (const signal of contribution.signals ?? []) signals.add(signal);
    sessionId ??= contribution.sessionId;
    carries.set(module, contribution.carry);
  }
  // Here it shall stand; what is in it depends on everything else.
  const encryptsHello = config.ech !== undefined && plan.renegotiation === undefined;
  if (encryptsHello) own.push(extension('CH', encryptedClientHelloExtension, new Uint8Array(0)));
  const offered = config.cipherSuites.filter((suite) => cipherSuites.includes(suite));
  if (offered.length === 0) {
    throw new TlsError(
      'local.noCredential',
      'all of cipherSuites need a pre-shared key, and lookupPsk has none for them',
      { section: 'RFC 4279 §2', handshakeMessage: 'client_hello', field: 'cipher_suites' },
    );
  }
  const grease = config.grease ? drawGrease(context.entropy) : undefined;
  const unpadded: ClientHello = {
    type: 'client_hello',
    legacyVersion: legacyVersionOf(versions) as ProtocolVersion,
    random,
    legacySessionId: sessionId ?? anySessionId,
    cipherSuites: [...(grease === undefined ? offered : grease.cipherSuites(offered)), ...signals],
    legacyCompressionMethods: new Uint8Array([0]),
    extensions: ExtensionBlock.of('CH', [...arranged(own, config, grease, context), ...last]),
  };
  const padding = config.padHello ? padded(unpadded) : unpadded;
  const ech = encryptsHello ? config.ech?.begin(padding, context) : undefined;
  let hello = ech?.inner ?? padding;
  const sentWith = (carry: unknown): SentHello => ({ config, hello, carry, again: beginAgain });
  for (const [module, carry] of carries) {
    hello = sideOf(module, 'client').completeHello(sentWith(carry), context.after, context);
  }
  const raw = encodeMessage(hello);
  const wrapped = ech?.wrap(hello);
  const sent = wrapped?.sent ?? hello;
  const flight = Flight.after(context.after).append(sent === hello ? raw : encodeMessage(sent));
  const known: Effect = {
    do: 'fact',
    facts: {
      clientRandom: copyOf(sent.random),
      ...(config.sni === undefined ? {} : { serverName: config.sni }),
    },
  };
  const inner: readonly Effect[] =
    wrapped?.offer.kind === 'real' ? [{ do: 'innerClientHello', direction: 'sent', raw }] : [];
  const following = [...carries].flatMap(([module, carry]) =>
    sideOf(module, 'client').afterHello(sentWith(carry), raw, context),
  );
  return {
    sent: { config, hello: sent, ...echProgress(wrapped?.offer, context.after.append(raw)) },
    carries,
    effects: [known, ...echKeyLog(wrapped?.keys), ...inner, ...flight.finish(), ...following],
  };
}

function echProgress(offer: EchOffer | undefined, transcript: Transcript): Pick<SentHello, 'ech'> {
  if (offer === undefined) return {};
  return {
    ech: offer.kind === 'real' ? { state: 'offered', offer, transcript } : { state: 'grease', offer },
  };
}

/** All extensions in the order of the wire. */
function arranged(
  own: readonly RawExtension[],
  config: ClientConfig,
  grease: HelloGrease | undefined,
  { entropy }: Context,
): RawExtension[] {
  const all = withExtraExtensions(grease === undefined ? own : grease.lists(own, config), config, 'CH');
  const list = config.permuteExtensions ? permuted(all, entropy) : all;
  return rankExtensions(grease === undefined ? list : grease.around(list), config.extensionOrder);
}

function onServerHello(
  state: Extract<ClientStartState, { at: 'awaitServerHello' }>,
  message: AnyServerHello,
  context: Context,
): Step {
  const offered = spokenModules(state.sent.config.versions, context.carrier);
  const version = selectedVersion(message);
  const module = moduleOf(offered, version);
  // RFC 9846 §4.3.1: the extension of a ServerHello names no version that does without it.
  if (message.type !== 'legacy_server_hello' && module?.isLegacy === true)
    throw unofferedVersion(version, message);
  const versions = configuredVersions(offered);
  if (isDowngraded(versions, version, message.random)) throw downgraded(version, message);
  if (module === undefined) throw unofferedVersion(version, message);
  if (module.isLegacy && state.sent.hello.extensions.has(earlyDataExtension)) {
    // Such a server has no keys to read our alert with.
    const effects: readonly Effect[] = [
      { do: 'dropWriteKeys' },
      { do: 'fail', error: lostEarlyData(version) },
    ];
    return clientStart.enter({ state, effects });
  }
  const { sent, effects } = module.isLegacy ? withoutEch(state.sent) : { sent: state.sent, effects: [] };
  const known: SentHello = { carry: state.carries.get(module), again: beginAgain, ...sent };
  const step = sideOf(module, 'client').onServerHello(known, message, context);
  return { ...step, effects: [selected(module, version as ProtocolVersion), ...effects, ...step.effects] };
}

/** RFC 9849 §6.1.4: "If the message does not negotiate TLS 1.3 or higher, the server has rejected ECH." */
function withoutEch(sent: Omit<SentHello, 'carry' | 'again'>): {
  readonly sent: Omit<SentHello, 'carry' | 'again'>;
  readonly effects: readonly Effect[];
} {
  const { ech, config } = sent;
  if (ech === undefined) return { sent, effects: [] };
  if (ech.state !== 'offered')
    return { sent, effects: [{ do: 'fact', facts: { encryptedClientHello: 'grease' } }] };
  const { offer } = ech;
  return {
    sent: { ...sent, config: { ...config, serverName: offer.publicName }, ech: { state: 'rejected', offer } },
    effects: [{ do: 'fact', facts: { encryptedClientHello: 'rejected' } }],
  };
}

function selectedVersion(message: AnyServerHello): number {
  switch (message.type) {
    case 'server_hello':
      return required(message.extensions.get(supportedVersionsExtension), message);
    case 'hello_retry_request':
      return required(message.extensions.get(supportedVersionsExtension), message);
    case 'legacy_server_hello':
      return olderVersion(message);
  }
}

/** Without supported_versions legacy_version says the version, which cannot be one that needs the extension. */
function olderVersion({ legacyVersion }: LegacyServerHello): number {
  if (legacyVersion <= protocolVersions.tls12) return legacyVersion;
  throw new TlsError(
    'peer.illegalLegacyVersion',
    `legacy_version is ${registryName(protocolVersions, legacyVersion)}, and supported_versions is missing`,
    { section: 'RFC 9846 §4.2.3', handshakeMessage: 'server_hello', field: 'legacy_version' },
  );
}

/** RFC 9846 §4.2.3, §4.2.4: supported_versions MUST be there. */
function required(version: number | undefined, message: AnyServerHello): number {
  if (version !== undefined) return version;
  throw new TlsError('peer.missingExtension', `${message.type} lacks supported_versions`, {
    section: 'RFC 9846 §4.2.4',
    handshakeMessage: message.type,
    field: 'supported_versions',
  });
}

/** A server that speaks a better version says so in its random: somebody has tampered. */
function downgraded(version: number, message: AnyServerHello): TlsError {
  const name = registryName(protocolVersions, version);
  return new TlsError(
    'peer.downgradeSentinel',
    `the server selected ${name} although it speaks a later version`,
    {
      section: 'RFC 9846 §4.2.3',
      handshakeMessage: message.type,
      field: 'random',
    },
  );
}

/** RFC 9846 §E.3: "MUST fail a connection": such a server takes 0-RTT data for garbage. */
function lostEarlyData(version: number): TlsError {
  const name = registryName(protocolVersions, version);
  return new TlsError(
    'incompatible.earlyData',
    `the server selected ${name}, and 0-RTT data has been sent; it may be tried again without such data`,
    { section: 'RFC 9846 §E.3', handshakeMessage: 'server_hello', field: 'legacy_version' },
  );
}

function unofferedVersion(version: number, message: AnyServerHello): TlsError {
  const name = registryName(protocolVersions, version);
  const detail = { handshakeMessage: message.type, field: 'supported_versions' };
  if (message.type !== 'legacy_server_hello') {
    return new TlsError('peer.unofferedVersion', `the server selected ${name}, which we did not offer`, {
      ...detail,
      section: 'RFC 9846 §4.3.1',
    });
  }
  return new TlsError('incompatible.version', `the server speaks ${name}, we offered only newer versions`, {
    ...detail,
    section: 'RFC 9846 §E.1',
  });
}
