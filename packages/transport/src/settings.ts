import {
  ApiMisuseError,
  type Answers,
  type ClientConfig,
  type ClientOptions,
  type Connection,
  type CryptoProvider,
  type DecisionKind,
  type Output,
  ownOnly,
  type ServerConfig,
  withSessions,
  type X509Credential,
} from '@sealwire/core';
import { loadCredential } from '@sealwire/x509';
import { checkedClock } from './clock.ts';
import type { Decide } from './decide.ts';
import { checkedEarlyData } from './early-data.ts';
import { refuseForeignOptions } from './foreign-options.ts';
import { keptSettings } from './kept-settings.ts';
import { coreNames, pick, tlsNames } from './option-names.ts';
import type {
  ClientBeginnings,
  InvalidSession,
  ServerBeginnings,
  TlsClientOptions,
  TlsServerOptions,
  TlsSettings,
  TransportDefaults,
  TransportOptions,
} from './options.ts';
import { told } from './told.ts';
import { peerTypes, verifyPeerAnswers, withDefaultRoots } from './trust.ts';

/** Whoever wants to hear of it. */
export function tell<C>(
  { onSession, onSessionInvalid, onTrace, onKeyLog }: TlsSettings<C>,
  output: Extract<Output, { type: 'session' | 'sessionInvalid' | 'trace' | 'keylog' }>,
  connection: C,
): void {
  if (output.type === 'session') told(() => onSession?.(output.session, connection));
  else if (output.type === 'sessionInvalid') told(() => onSessionInvalid?.(nameOf(output), connection));
  else if (output.type === 'trace') told(() => onTrace?.(output.event, connection));
  else told(() => onKeyLog?.(output.line, connection));
}

function nameOf({ sessionId, ticket }: Extract<Output, { type: 'sessionInvalid' }>): InvalidSession {
  return ticket === undefined ? { sessionId } : { ticket };
}

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function clientSettingsBy<C>(
  by: ClientBeginnings,
  given: TlsClientOptions<C>,
  defaults: TransportDefaults,
): TlsSettings<C> {
  refuseForeignOptions('client', given, tlsNames.client);
  const own = bare(given);
  // Programs say the same again and again, for one connection after the other.
  const base = keptSettings(own, [by.clientConfig, defaults.provider, defaults.roots], (options) =>
    newClientSettings(by, options, defaults),
  );
  const { sessions, sendEarlyData, onSession, onSessionInvalid } = own;
  const earlyData = checkedEarlyData(sendEarlyData);
  const isBare = sessions === undefined && earlyData === undefined;
  const config = isBare ? base.config : withSessions(base.config, sessions, earlyData !== undefined);
  const begin = () => by.createClient(config);
  return Object.assign({}, base, { config, begin, earlyData, onSession, onSessionInvalid });
}

/** Without what is of one connection alone. */
function newClientSettings<C>(
  { clientConfig, createClient }: ClientBeginnings,
  given: TlsClientOptions<C>,
  defaults: TransportDefaults,
): TlsSettings<C> & { readonly config: ClientConfig } {
  const options = withDefaultRoots(bare(given), defaults);
  const provider = options.provider ?? defaults.provider;
  const answers = verifyPeerAnswers(options, provider, true);
  if (options.roots !== undefined && options.serverName === undefined) {
    throw new ApiMisuseError('expected serverName: the name that the certificate of the server must carry');
  }
  const common = shared(options, provider, answers);
  const config = clientConfig(
    Object.assign(pick(options, coreNames.client), common, { sendEarlyData: false }),
  );
  return Object.assign(
    settings(options, config, () => createClient(config)),
    { config },
  );
}

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function serverSettingsBy<C>(
  { serverConfig, createServer }: ServerBeginnings,
  given: TlsServerOptions<C>,
  defaults: Pick<TransportDefaults, 'provider'>,
): TlsSettings<C> {
  refuseForeignOptions('server', given, tlsNames.server);
  const options = bare(given);
  const provider = options.provider ?? defaults.provider;
  const asksClients = (options.clientAuthentication ?? 'none') !== 'none';
  const common = shared(options, provider, verifyPeerAnswers(options, provider, asksClients));
  const { chooseConfig, selectCertificate, lookupPsk } = options.decide ?? {};
  const isFound = [chooseConfig, selectCertificate, lookupPsk].some((each) => each !== undefined);
  if (common.credentials.length === 0 && (options.externalPsks ?? []).length === 0 && !isFound) {
    throw new ApiMisuseError(
      'a server needs a certificate: expected certificate and privateKey, or credentials; or else externalPsks',
    );
  }
  const config = serverConfig(Object.assign(pick(options, coreNames.server), common));
  return settings(options, config, () => createServer(config));
}

function bare<O extends TransportOptions<never>>(options: O): O {
  const own: { decide?: Decide } = ownOnly(options);
  if (own.decide !== undefined) own.decide = ownOnly(own.decide);
  return own as O;
}

function shared(
  options: TransportOptions<never> & Pick<ClientOptions, 'credentials' | 'peerCertificateTypes'>,
  provider: CryptoProvider,
  answers: Answers,
) {
  return {
    provider,
    credentials: [...ownCredential(options, provider), ...(options.credentials ?? [])],
    ...peerTypes(options),
    answers: Object.assign({}, answers, leftToTheApplication(options.decide ?? {})),
    trace: options.onTrace !== undefined,
    keyLog: options.onKeyLog !== undefined,
  };
}

function ownCredential(
  { certificate, privateKey, passphrase, delegations }: TransportOptions<never>,
  provider: CryptoProvider,
): X509Credential[] {
  if (passphrase !== undefined && privateKey === undefined)
    throw new ApiMisuseError('passphrase is of no use without privateKey');
  if (certificate === undefined && privateKey === undefined && delegations === undefined) return [];
  if (certificate === undefined || (privateKey === undefined && delegations === undefined)) {
    const only =
      certificate !== undefined ? 'certificate' : privateKey !== undefined ? 'privateKey' : 'delegations';
    throw new ApiMisuseError(
      `expected certificate and privateKey together (or certificate and delegations), got only ${only}`,
    );
  }
  return [
    loadCredential({
      provider,
      chain: certificate,
      ...(privateKey === undefined ? {} : { key: privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(delegations === undefined ? {} : { delegations }),
    }),
  ];
}

/** A policy that returns nothing makes the core ask. */
function leftToTheApplication(decide: Decide): Answers {
  const asked = (Object.keys(decide) as DecisionKind[]).filter((kind) => decide[kind] !== undefined);
  for (const kind of asked) {
    if (!decisionKinds[kind]) {
      throw new ApiMisuseError(`decide: expected ${Object.keys(decisionKinds).join(', ')}, got ${kind}`);
    }
    if (typeof decide[kind] !== 'function') {
      throw new ApiMisuseError(`decide.${kind} must be a function, got ${typeof decide[kind]}`);
    }
  }
  return Object.fromEntries(asked.map((kind) => [kind, () => undefined]));
}

function settings<C>(
  options: TransportOptions<C>,
  config: ClientConfig | ServerConfig,
  begin: () => Connection,
): TlsSettings<C> {
  const { handshakeTimeoutMs = 10_000, idleTimeoutMs, truncation = 'error' } = options;
  for (const [name, ms] of Object.entries({ handshakeTimeoutMs, idleTimeoutMs })) {
    if (ms !== undefined && !(typeof ms === 'number' && ms > 0 && ms <= maxTimeoutMs))
      throw new ApiMisuseError(`${name} must be from 1 to ${maxTimeoutMs}, got ${String(ms)}`);
  }
  if (truncation !== 'error' && truncation !== 'end') {
    throw new ApiMisuseError(`truncation must be error or end, got ${JSON.stringify(truncation)}`);
  }
  return {
    config,
    begin,
    decide: options.decide ?? ownOnly({}),
    handshakeTimeoutMs,
    idleTimeoutMs: idleTimeoutMs ?? Number.POSITIVE_INFINITY,
    truncation,
    clock: checkedClock(options.clock),
    onTrace: options.onTrace,
    onKeyLog: options.onKeyLog,
  };
}

/** Every kind, as the compiler makes sure. */
const decisionKinds: Readonly<Record<DecisionKind, true>> = {
  chooseConfig: true,
  selectCertificate: true,
  sign: true,
  decryptPremaster: true,
  fetchStatus: true,
  verifyPeer: true,
  chooseSession: true,
  lookupPsk: true,
  openTicket: true,
  useTicket: true,
  lookupSession: true,
  storeSession: true,
  sealTicket: true,
  acceptEarlyData: true,
};

/** What `setTimeout` can count. */
const maxTimeoutMs = 2_147_483_647;
