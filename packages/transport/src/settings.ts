import {
  ApiMisuseError,
  type Answers,
  type ClientConfig,
  type ClientOptions,
  type X509Credential,
  type Connection,
  type CryptoProvider,
  type DecisionKind,
  type Output,
  ownOnly,
  pinnedPublicKeys,
  clientOptionNames,
  serverOptionNames,
  type ServerConfig,
  type Session,
  type ServerOptions,
  type TraceEvent,
  withSessions,
} from '@sealwire/core';
import {
  acceptAnyPeer,
  type CertificateInput,
  type DelegationInput,
  loadCredential,
  type Passphrase,
  type TrustAnchors,
} from '@sealwire/x509';
import { checkedClock, type Clock } from './clock.ts';
import { told } from './told.ts';
import { verifierFor } from './verifiers.ts';
import type { Decide } from './decide.ts';
import { checkedEarlyData } from './early-data.ts';
import { refuseForeignOptions } from './foreign-options.ts';
import { keptSettings } from './kept-settings.ts';

/** What a transport brings along for those who say nothing. */
export interface TransportDefaults {
  readonly provider: CryptoProvider;
  /** Whom a client trusts that is told nothing of it. Without it a client must be told. */
  readonly roots?: () => TrustAnchors;
}

/**
 * What begins clients: of `@sealwire/core`, or of `@sealwire/core/tls13`. It is an argument, so that a bundle carries nothing but what
 * its entries begin with.
 */
export interface ClientBeginnings {
  clientConfig(options: ClientOptions): ClientConfig;
  createClient(config: ClientConfig): Connection;
}

/** What begins servers. */
export interface ServerBeginnings {
  serverConfig(options: ServerOptions): ServerConfig;
  createServer(config: ServerConfig): Connection;
}

/** What both roles can be told beside the options of `@sealwire/core`. `C` is what a transport makes of a connection. */
export interface TransportOptions<C = unknown> {
  /** Default: that of the transport. */
  readonly provider?: CryptoProvider;
  /**
   * The certificates that are trusted to certify peers, as PEM or DER, or a `TrustAnchors`. A client that is told
   * nothing of whom to trust takes the default of the transport, if it has one; a server has no default.
   */
  readonly roots?: CertificateInput | TrustAnchors;
  /**
   * Public keys, as DER SubjectPublicKeyInfos, that a peer may present in place of a certificate (RFC 7250). With them
   * `peerCertificateTypes` is by default `rawPublicKey`, and `x509` besides if there are `roots`.
   */
  readonly rawPublicKeys?: readonly Uint8Array[];
  /** Exactly `false`: accept any peer. Whoever is on the way can then read and change everything. */
  readonly verify?: false;
  /** Our certificate and its issuers, as PEM or DER; with `privateKey`, `delegations` or both. */
  readonly certificate?: CertificateInput;
  /** The key of the first certificate: PKCS #8, PKCS #1 or SEC 1, as PEM or DER. */
  readonly privateKey?: string | Uint8Array;
  /** Of `privateKey`, if it is encrypted. Text, as UTF-8, or bytes. */
  readonly passphrase?: Passphrase;
  /**
   * Delegated credentials of `certificate` and their keys (RFC 9345), most wanted first: shown to peers that take them.
   * Without `privateKey` no other peers can be served.
   */
  readonly delegations?: readonly DelegationInput[];
  /** Questions of the handshake that the application answers itself. */
  readonly decide?: Decide;
  /**
   * Time until the handshake must be complete, in ms; on a client that connects, including the connecting.
   * Default 10,000, as in Go's HTTP client: far above any honest handshake, and what a silent peer may cost.
   */
  readonly handshakeTimeoutMs?: number;
  /**
   * Time without data of the application in either direction after which the connection is given up with
   * `transport.idleTimeout`, in ms, from 1 on. It begins when the handshake is complete. Default: none.
   */
  readonly idleTimeoutMs?: number;
  /**
   * What reading does when the transport ends without close_notify. `error` (default): it ends with
   * `transport.truncated`, because data may be missing. `end`: as if all were well; only for protocols that mark
   * the end of their messages themselves.
   */
  readonly truncation?: 'error' | 'end';
  /**
   * Time for all that the protocol and the two limits above know of it: for tests and simulations. Default: the runtime's.
   */
  readonly clock?: Clock;
  /** Called with everything that passes, and the connection that it passes through. */
  readonly onTrace?: (event: TraceEvent, connection: C) => void;
  /** Called with lines for a key-log file (RFC 9850). Anyone who has them can decrypt the connection. */
  readonly onKeyLog?: (line: string, connection: C) => void;
}

/** Options of core that are spelt differently here. */
type Replaced = 'provider' | 'answers' | 'trace' | 'keyLog';

/** Who is trusted: `roots`, `rawPublicKeys`, `decide.verifyPeer` or `verify: false`; without any of them the transport's default. */
export interface TlsClientOptions<C = unknown>
  extends Omit<ClientOptions, Replaced | 'sendEarlyData'>,
    TransportOptions<C> {
  /**
   * 0-RTT data: what is sent with the first flight, if the first of `sessions` allows it (RFC 9846 §2.3). It may be
   * replayed by others and has no forward secrecy. How much the server took is `earlyDataTaken` of the connection;
   * the rest is yours to send.
   */
  readonly sendEarlyData?: Uint8Array;
  /** Called with each session that can resume this connection later (`sessions`), and the connection. It holds a secret. */
  readonly onSession?: (session: Session, connection: C) => void;
  /**
   * Called when a connection of TLS 1.2 or older ends by a fatal alert, with the name of each session of it: it must not be
   * resumed any more (RFC 5246 §7.2.2).
   */
  readonly onSessionInvalid?: (name: InvalidSession, connection: C) => void;
}

/** `ticket` or `sessionId` of a session, whichever it has. */
export type InvalidSession = Pick<Session, 'sessionId'> & Partial<Pick<Session, 'ticket'>>;

/**
 * Needs `certificate` with `privateKey` or `delegations`, or else `credentials`, unless `decide` names the certificate or there are
 * pre-shared keys (`externalPsks`, `decide.lookupPsk`).
 */
export interface TlsServerOptions<C = unknown> extends Omit<ServerOptions, Replaced>, TransportOptions<C> {}

/** Options after checking, with every default filled in; good for any number of connections. */
export interface TlsSettings<C = unknown> {
  readonly config: ClientConfig | ServerConfig;
  /** A connection that has done nothing yet, by this configuration. */
  begin(): Connection;
  readonly decide: Decide;
  readonly handshakeTimeoutMs: number;
  /** Infinity: none. */
  readonly idleTimeoutMs: number;
  readonly truncation: 'error' | 'end';
  readonly clock: Clock;
  readonly onTrace: TransportOptions<C>['onTrace'] | undefined;
  readonly onKeyLog: TransportOptions<C>['onKeyLog'] | undefined;
  readonly onSession?: TlsClientOptions<C>['onSession'] | undefined;
  readonly onSessionInvalid?: TlsClientOptions<C>['onSessionInvalid'] | undefined;
  /** Client: 0-RTT data to send. */
  readonly earlyData?: Uint8Array | undefined;
}

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
  // Programs say the same again and again, for one connection after the other.
  const base = keptSettings(given, [by.clientConfig, defaults.provider, defaults.roots], (options) =>
    newClientSettings(by, options, defaults),
  );
  const { sessions, sendEarlyData, onSession, onSessionInvalid } = bare(given);
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

/** What nothing is said of is verified against the transport's list, wherever certificates may be presented. */
function withDefaultRoots<C>(options: TlsClientOptions<C>, defaults: TransportDefaults): TlsClientOptions<C> {
  const { roots, rawPublicKeys, verify, decide, peerCertificateTypes } = options;
  const isSaid = [roots, rawPublicKeys, verify, decide?.verifyPeer].some((each) => each !== undefined);
  if (isSaid || defaults.roots === undefined || peerCertificateTypes?.includes('x509') === false)
    return options;
  return ownOnly({ ...options, roots: defaults.roots() });
}

function bare<O extends TransportOptions<never>>(options: O): O {
  const { decide } = ownOnly(options);
  return ownOnly(decide === undefined ? options : { ...options, decide: ownOnly(decide) });
}

/** Who answers `verifyPeer`. Nothing is ever accepted because an option was left out. */
function verifyPeerAnswers(
  options: TransportOptions<never>,
  provider: CryptoProvider,
  isNeeded: boolean,
): Answers {
  const { roots, rawPublicKeys, verify, decide } = options;
  const isPinned = roots !== undefined || rawPublicKeys !== undefined;
  const given = [isPinned, verify === false, decide?.verifyPeer !== undefined].filter(Boolean);
  if (given.length > 1) {
    throw new ApiMisuseError(
      'roots or rawPublicKeys, decide.verifyPeer and verify: false exclude each other',
    );
  }
  if (verify !== undefined && verify !== false)
    throw new ApiMisuseError(
      `verify can only be false, and peers are verified without it; got ${String(verify)}`,
    );
  if (given.length === 0 && isNeeded) {
    throw new ApiMisuseError(
      'nothing says which peers to trust: expected roots (certificates as PEM or DER), rawPublicKeys, ' +
        'decide.verifyPeer, or verify: false to accept anyone',
    );
  }
  if (roots !== undefined) {
    const verifyPeer = verifierFor({
      provider,
      roots,
      ...(rawPublicKeys === undefined ? {} : { rawPublicKeys }),
    });
    return { verifyPeer };
  }
  if (rawPublicKeys !== undefined) return { verifyPeer: pinnedPublicKeys(rawPublicKeys) };
  if (verify === false) return { verifyPeer: acceptAnyPeer({ dangerouslySkipAuthentication: true }) };
  return {};
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

function peerTypes({
  rawPublicKeys,
  roots,
  peerCertificateTypes,
}: TransportOptions<never> & Pick<ClientOptions, 'peerCertificateTypes'>): Pick<
  ClientOptions,
  'peerCertificateTypes'
> {
  if (rawPublicKeys === undefined || peerCertificateTypes !== undefined) return {};
  return { peerCertificateTypes: roots === undefined ? ['rawPublicKey'] : ['rawPublicKey', 'x509'] };
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

/** The names of the options, as the compiler makes sure: what is misspelt is refused, not left out in silence. */
const transport: Readonly<Record<keyof TransportOptions, true>> = {
  certificate: true,
  clock: true,
  decide: true,
  delegations: true,
  handshakeTimeoutMs: true,
  idleTimeoutMs: true,
  onKeyLog: true,
  onTrace: true,
  passphrase: true,
  privateKey: true,
  provider: true,
  rawPublicKeys: true,
  roots: true,
  truncation: true,
  verify: true,
};

const replaced: Readonly<Record<Replaced, true>> = {
  answers: true,
  keyLog: true,
  provider: true,
  trace: true,
};

/** Options of core that keep their names here. */
const coreNames = {
  client: clientOptionNames.filter((name) => !Object.hasOwn(replaced, name)),
  server: serverOptionNames.filter((name) => !Object.hasOwn(replaced, name)),
} as const;

export const tlsNames = {
  client: [...Object.keys(transport), 'onSession', 'onSessionInvalid', ...coreNames.client],
  server: [...Object.keys(transport), ...coreNames.server],
} as const;

/** The options of these names alone. */
export function pick<O extends object>(options: O, names: readonly string[]): O {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name))) as O;
}
