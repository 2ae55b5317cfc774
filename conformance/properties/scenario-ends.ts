import {
  type Answers,
  type ClientOptions,
  type Connection,
  createClient,
  createServer,
  type Credential,
  type CryptoProvider,
  type DecisionMap,
  type Entropy,
  type ExternalPsk,
  givenEntropy,
  namedGroups,
  type Output,
  rawPublicKeyCredential,
  type ServerOptions,
  type Session,
  type SessionStore,
  type TicketKeeper,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { nodeProvider } from '@sealwire/crypto-node';
import { type ScriptStep, seededRandom, type Side } from '@sealwire/testkit';
import { rsaPkcs8Hex } from './rsa-key.ts';
import {
  type DelegationInput,
  issueDelegatedCredential,
  loadCredential,
  makeCertificate,
  makeTestPki,
  type TestPki,
} from '@sealwire/x509';

/** A conversation that properties are tried on: how the two sides are configured, and what they say. */
export interface Scenario {
  readonly name: string;
  readonly keys?: 'ecdsa' | 'ed25519' | 'mldsa' | 'rsa';
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  /** Who has a certificate. Default: the server alone. */
  readonly clientHasCertificate?: boolean;
  /** Whether the keys stand for themselves (RFC 7250). */
  readonly raw?: boolean;
  /** Whether keys sign that the certificates delegate to (RFC 9345). */
  readonly delegated?: boolean;
  /** What the server sends as soon as it may, before the client's Finished. */
  readonly halfRttData?: Uint8Array;
  /** What the client sends with its first flight (RFC 9846 §2.3), and whether the server takes it. */
  readonly earlyData?: { readonly bytes: Uint8Array; readonly isTaken: boolean };
  /** What the client asks to resume. */
  readonly sessions?: readonly Session[];
  /** What makes sessions of the server's tickets. */
  readonly keeper?: TicketKeeper;
  /** What keeps sessions by their ids; tickets are not sent then. */
  readonly store?: SessionStore;
  /** How many handshakes the connection has in the end. Default 1. */
  readonly handshakes?: number;
  /** Keys that both sides have. */
  readonly psks?: readonly ExternalPsk[];
  readonly script: readonly ScriptStep[];
}

export interface EndOptions {
  readonly provider?: CryptoProvider;
  /** Let every question but those of `answersOf` become an output. */
  readonly asksEverything?: boolean;
  readonly seed?: string;
  /** Key-log and trace outputs, for somebody in the middle. */
  readonly isTapped?: boolean;
  /** In place of the seeded entropy. */
  readonly entropy?: (side: Side) => Entropy;
}

/** One end of a scenario. The same arguments give the same bytes. */
export function clientOf(scenario: Scenario, options: EndOptions = {}): Connection {
  return createClient(clientOptionsOf(scenario, options));
}

export function serverOf(scenario: Scenario, options: EndOptions = {}): Connection {
  return createServer(serverOptionsOf(scenario, options));
}

export function clientOptionsOf(scenario: Scenario, options: EndOptions = {}): ClientOptions {
  const provider = providerOf(scenario, options.provider);
  return {
    ...fast,
    ...shared(scenario, 'client', options),
    provider: withOneCodec(provider),
    serverName: 'localhost',
    credentials: scenario.clientHasCertificate === true ? [credentialOf('client', scenario, provider)] : [],
    ...(scenario.sessions && { sessions: scenario.sessions }),
    ...(scenario.psks && { externalPsks: scenario.psks }),
    ...scenario.client,
  };
}

export function serverOptionsOf(scenario: Scenario, options: EndOptions = {}): ServerOptions {
  const provider = providerOf(scenario, options.provider);
  return {
    ...fast,
    ...shared(scenario, 'server', options),
    provider: withOneCodec(provider),
    credentials: [credentialOf('server', scenario, provider)],
    ...(scenario.keeper && { tickets: { keeper: scenario.keeper } }),
    ...(scenario.store && { tickets: false, sessionIds: { store: scenario.store } }),
    ...(scenario.psks && { externalPsks: scenario.psks }),
    ...scenario.server,
  };
}

/** ML-DSA is offered where it is what a scenario is about. */
export function providerOf({ keys }: Scenario, provider: CryptoProvider = nodeProvider): CryptoProvider {
  return keys === 'mldsa' ? withMlDsa(provider) : provider;
}

/** Two codecs compress the same to different bytes. */
export function withOneCodec(provider: CryptoProvider): CryptoProvider {
  return { ...provider, certificateCompression: nobleProvider.certificateCompression! };
}

function shared(scenario: Scenario, side: Side, options: EndOptions) {
  const { asksEverything = false, seed = 'scenario', isTapped = false } = options;
  const provider = providerOf(scenario, options.provider);
  const { verifyPeer, acceptEarlyData } = answersOf(side, scenario, provider);
  return {
    provider,
    entropy: options.entropy?.(side) ?? givenEntropy(seededRandom(`${seed} ${side}`)),
    answers: asksEverything
      ? silentFor(side, scenario)
      : { verifyPeer: verifyPeer!, ...(scenario.earlyData && { acceptEarlyData: acceptEarlyData! }) },
    keyLog: isTapped,
    trace: isTapped,
  };
}

/**
 * What an application would answer; `verifyPeer` accepts the other side's key, whatever its certificate says, unless it
 * delegates to another one.
 */
export function answersOf(side: Side, scenario: Scenario, provider: CryptoProvider = nodeProvider): Answers {
  const other = credentialOf(side === 'client' ? 'server' : 'client', scenario, provider);
  return {
    chooseConfig: () => ({ ok: true }),
    verifyPeer({ evidence }) {
      const delegated = delegatedKeyIn(evidence);
      // What delegates may be over, and then the certificate's own key signs.
      const key = delegated === undefined ? other.key : signingKey(other);
      const publicKey = key === 'external' ? new Uint8Array(0) : key.publicKey.spki;
      return delegated === undefined || delegated.join() === publicKey.join()
        ? { ok: true, publicKey }
        : { ok: false, reason: 'invalidDelegation', message: 'nobody has delegated to this key' };
    },
    selectCertificate: () => ({
      ok: true,
      credential:
        side === 'server' || scenario.clientHasCertificate === true
          ? credentialOf(side, scenario, provider)
          : undefined,
    }),
    fetchStatus: ({ credential }) => ({
      ok: true,
      ...(credential.type === 'x509' && credential.ocspResponse && { ocspResponse: credential.ocspResponse }),
    }),
    sign({ credential, delegation, algorithm, input }) {
      const { key } = delegation ?? credential;
      if (key === 'external') return undefined;
      return { ok: true, signature: key.sign(algorithm, input, seededRandom('draws nothing')) };
    },
    decryptPremaster({ credential: { key }, ciphertext, fallback }) {
      if (key === 'external') return undefined;
      return { ok: true, premaster: key.decryptPkcs1?.(ciphertext, fallback) ?? fallback };
    },
    chooseSession: () => ({ ok: true, sessions: scenario.sessions ?? [] }),
    lookupPsk: () => ({ ok: true, psks: scenario.psks ?? [] }),
    openTicket: (ask) => scenario.keeper?.openTicket(ask) ?? { ok: true },
    sealTicket: (ask) => scenario.keeper?.sealTicket(ask) ?? { ok: false, message: 'nothing keeps tickets' },
    lookupSession: (ask) => scenario.store?.lookupSession(ask) ?? { ok: true },
    storeSession: (ask) =>
      scenario.store?.storeSession(ask) ?? { ok: false, message: 'nothing keeps sessions' },
    acceptEarlyData: () => ({ ok: true, accept: scenario.earlyData?.isTaken === true }),
  };
}

function delegatedKeyIn(evidence: DecisionMap['verifyPeer']['ask']['evidence']): Uint8Array | undefined {
  return evidence.type === 'x509'
    ? evidence.chain[0]?.delegatedCredential?.cred.subjectPublicKeyInfo
    : undefined;
}

function signingKey(credential: Credential) {
  const [delegation] = credential.type === 'x509' ? (credential.delegations ?? []) : [];
  return (delegation ?? credential).key;
}

/** Sends what is to leave before the handshake is complete; call it with every output. */
export function speakEarly(scenario: Scenario, connection: Connection, output: Output): void {
  if (output.type !== 'writable') return;
  if (output.as === 'halfRtt' && scenario.halfRttData !== undefined) connection.send(scenario.halfRttData);
  if (output.as === 'early' && scenario.earlyData !== undefined) connection.send(scenario.earlyData.bytes);
}

const fast = { groups: [namedGroups.x25519] } as const;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const ed25519 = { type: 'ed25519' } as const;
/** Policies that leave every question open. Tickets without a keeper of their own are the configuration's affair. */
function silentFor(side: Side, scenario: Scenario): Answers {
  const open = () => undefined;
  return {
    chooseConfig: open,
    verifyPeer: open,
    selectCertificate: open,
    fetchStatus: open,
    sign: open,
    lookupPsk: open,
    ...(side === 'client' && { chooseSession: open }),
    ...(scenario.keys === 'rsa' && side === 'server' && { decryptPremaster: open }),
    ...(scenario.store && side === 'server' && { lookupSession: open, storeSession: open }),
    ...(scenario.keeper &&
      side === 'server' && { openTicket: open, sealTicket: open, acceptEarlyData: open }),
  };
}

const pki = {
  ecdsa: makeTestPki({ provider: nodeProvider, nowMs: Date.UTC(2026, 0, 1), source: seededRandom('ecdsa') }),
  ed25519: makeTestPki({
    provider: nodeProvider,
    nowMs: Date.UTC(2026, 0, 1),
    keySpec: { type: 'ed25519' },
    source: seededRandom('ed25519'),
  }),
  mldsa: makeTestPki({
    provider: withMlDsa(nodeProvider),
    nowMs: Date.UTC(2026, 0, 1),
    keySpec: { type: 'ml-dsa-65' },
    source: seededRandom('mldsa'),
  }),
  delegating: makeTestPki({
    provider: nodeProvider,
    nowMs: Date.UTC(2026, 0, 1),
    delegationUsage: true,
    source: seededRandom('delegating'),
  }),
  rsa: rsaPki(),
} as const satisfies Record<string, TestPki>;

/** The same key for both, certified by keys that are quicker. */
function rsaPki(): TestPki {
  const source = seededRandom('rsa');
  const nowMs = Date.UTC(2026, 0, 1);
  const issuers = makeTestPki({ provider: nodeProvider, nowMs, source });
  const key = nodeProvider.importPrivateKey(Buffer.from(rsaPkcs8Hex, 'hex'))!;
  const leaf = (role: Side): TestPki['server'] => {
    const certificate = makeCertificate({
      provider: nodeProvider,
      source,
      subject: { O: 'Sealwire tests', CN: role },
      key,
      issuer: issuers.intermediate,
      notBeforeMs: nowMs - 86_400_000,
      notAfterMs: nowMs + 86_400_000,
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: [`${role}Auth`],
      ...(role === 'server' ? { dnsNames: ['localhost'] } : {}),
    });
    return { key, certificate, chain: [certificate, issuers.intermediate.certificate] };
  };
  return { ...issuers, server: leaf('server'), client: leaf('client') };
}

const credentials = new Map<string, Credential>();

function credentialOf(side: Side, scenario: Scenario, given: CryptoProvider): Credential {
  const provider = providerOf(scenario, given);
  const { keys = 'ecdsa', raw = false, delegated = false } = scenario;
  const name = `${side} ${keys} ${provider.name} ${raw} ${delegated}`;
  const known = credentials.get(name);
  if (known !== undefined) return known;
  const { chain, key } = pki[delegated ? 'delegating' : keys][side];
  const x509 = loadCredential({
    provider,
    chain,
    key: key.exportPkcs8(),
    ocspResponse: text('an OCSP response, opaque to the core'),
    signedCertificateTimestamps: [text('a timestamp, opaque to the core'), text('and another')],
    ...(delegated ? { delegations: [delegationOf(side)] } : {}),
  });
  const made = raw && x509.key !== 'external' ? rawPublicKeyCredential(x509.key) : x509;
  credentials.set(name, made);
  return made;
}

function delegationOf(role: Side): DelegationInput {
  const to = nodeProvider.generateKeyPair(ed25519, seededRandom(`delegated ${role}`));
  const { certificate, key } = pki.delegating[role];
  const credential = issueDelegatedCredential({
    provider: nodeProvider,
    certificate,
    key,
    to,
    role,
    nowMs: Date.UTC(2026, 0, 1),
    expiresAtMs: Date.UTC(2026, 0, 7),
    source: seededRandom('draws nothing'),
  });
  return { credential, key: to.exportPkcs8() };
}

export { nobleProvider, nodeProvider };
