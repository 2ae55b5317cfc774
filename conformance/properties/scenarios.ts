import {
  type Answers,
  compressionAlgorithms,
  type CustomExtension,
  rawPublicKeyCredential,
  type ClientOptions,
  type Connection,
  createClient,
  createServer,
  type Credential,
  type CryptoProvider,
  type Entropy,
  givenEntropy,
  namedGroups,
  type ServerOptions,
  signatureSchemes,
  suites13,
} from '@sealwire/core';
import { clientEch, encodeEchConfigList, generateEchKey, greaseEch, serverEch } from '@sealwire/core/ech';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { type ScriptStep, seededRandom, type Side } from '@sealwire/testkit';
import { loadCredential, makeTestPki, type TestPki } from '@sealwire/x509';

/** A conversation that properties are tried on: how the two sides are configured, and what they say. */
export interface Scenario {
  readonly name: string;
  readonly keys?: 'ecdsa' | 'ed25519';
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  /** Who has a certificate. Default: the server alone. */
  readonly clientHasCertificate?: boolean;
  /** Whether the keys stand for themselves (RFC 7250). */
  readonly raw?: boolean;
  /** What the server sends as soon as it may, before the client's Finished. */
  readonly halfRttData?: Uint8Array;
  readonly script: readonly ScriptStep[];
}

const { x25519, secp256r1, X25519MLKEM768 } = namedGroups;
const fast = { groups: [x25519] } as const;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const says = (by: Side, words: string): ScriptStep => ({ by, do: 'send', bytes: text(words) });
const much = seededRandom('much data')(40_000);
const orderlyEnd: readonly ScriptStep[] = [
  { by: 'client', do: 'close' },
  { by: 'server', do: 'close' },
];
const greeting: readonly ScriptStep[] = [says('client', 'question'), says('server', 'reply'), ...orderlyEnd];

const asksClient: ScriptStep = {
  by: 'server',
  do: 'call',
  run: (connection, nowMs) => void connection.requestClientAuth({ require: true }, nowMs),
};

const custom: CustomExtension = {
  type: 0xff77,
  send: { CH: text('asked'), SH: text('in the open'), EE: ({ request }) => request, CT: text('by name') },
  receive: { CH: true, SH: true, EE: true, CT: true },
};

/** A DER Name: CN=Root. */
const authorityName = new Uint8Array([
  0x30, 0x0f, 0x31, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x04, 0x52, 0x6f, 0x6f, 0x74,
]);

const retriesGroup = {
  client: { groups: [x25519, secp256r1], keyShares: [x25519] },
  server: { groups: [secp256r1] },
} as const;

const greased = {
  client: { grease: true, permuteExtensions: true },
  server: { grease: true, clientAuthentication: 'request' },
} as const;

const echKey = generateEchKey({
  provider: nodeProvider,
  publicName: 'public.test',
  entropy: givenEntropy(seededRandom('ECH key')),
});

const encrypted = {
  client: {
    ech: clientEch({ provider: nodeProvider, configList: encodeEchConfigList([echKey.config]) }),
  },
  server: { acceptEch: serverEch({ provider: nodeProvider, keys: [echKey] }) },
};

const suiteNames = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
] as const satisfies readonly (keyof typeof suites13)[];

export const plain: Scenario = { name: 'plain', script: greeting };

/**
 * Their options are functions, which no history can hold, and what they encrypt no other program can read in a
 * capture: apart from the others.
 */
export const encryptedScenarios: readonly Scenario[] = [
  { name: 'Encrypted Client Hello', ...encrypted, script: greeting },
  {
    name: 'Encrypted Client Hello, retry by group and cookie',
    client: { ...encrypted.client, ...greased.client, ...retriesGroup.client },
    server: { ...encrypted.server, ...retriesGroup.server, retryCookie: text('cookie') },
    script: greeting,
  },
  { name: 'GREASE ECH', client: { ech: greaseEch({ provider: nodeProvider }) }, script: greeting },
];

/** Everything that adds a message, an extension or a branch of the state machine. */
export const scenarios: readonly Scenario[] = [
  plain,
  { name: 'Ed25519 credentials', keys: 'ed25519', script: greeting },
  {
    name: 'hybrid key exchange',
    client: { groups: [X25519MLKEM768] },
    server: { groups: [X25519MLKEM768] },
    script: greeting,
  },
  { name: 'retry by group', ...retriesGroup, script: greeting },
  { name: 'GREASE and permuted extensions', ...greased, script: greeting },
  { name: 'retry by cookie', server: { retryCookie: text('cookie') }, script: greeting },
  {
    name: 'client authentication with a certificate',
    server: { clientAuthentication: 'require' },
    clientHasCertificate: true,
    script: greeting,
  },
  {
    name: 'client authentication without a certificate',
    server: { clientAuthentication: 'request' },
    script: greeting,
  },
  {
    name: 'compressed certificates',
    client: { certificateCompression: { accept: [compressionAlgorithms.zlib] } },
    server: {
      clientAuthentication: 'require',
      certificateCompression: { accept: [compressionAlgorithms.zlib] },
    },
    clientHasCertificate: true,
    script: greeting,
  },
  {
    name: 'raw public keys',
    raw: true,
    client: { peerCertificateTypes: ['rawPublicKey'], ownCertificateTypes: ['rawPublicKey'] },
    server: { peerCertificateTypes: ['rawPublicKey'], clientAuthentication: 'require' },
    clientHasCertificate: true,
    script: greeting,
  },
  {
    name: 'client authentication after the handshake',
    client: { postHandshakeAuth: true },
    clientHasCertificate: true,
    script: [
      says('client', 'question'),
      asksClient,
      says('server', 'who?'),
      { by: 'client', do: 'updateKeys', requestPeer: true },
      asksClient,
      ...greeting,
    ],
  },
  {
    name: 'custom extensions',
    client: { customExtensions: [custom] },
    server: { customExtensions: [custom] },
    script: greeting,
  },
  {
    name: 'ALPN',
    client: { alpnProtocols: ['h2', 'http/1.1'] },
    server: { alpnProtocols: ['http/1.1'] },
    script: greeting,
  },
  { name: 'OCSP and SCT stapling', client: { requestOcsp: true, requestScts: true }, script: greeting },
  {
    name: 'record_size_limit',
    client: { recordSizeLimit: 100 },
    server: { recordSizeLimit: 1_000 },
    script: [
      { by: 'client', do: 'send', bytes: much },
      { by: 'server', do: 'send', bytes: much.subarray(0, 9_000) },
      ...orderlyEnd,
    ],
  },
  ...suiteNames.map(
    (name): Scenario => ({
      name,
      client: { cipherSuites: [suites13[name]] },
      server: { cipherSuites: [suites13[name]] },
      script: greeting,
    }),
  ),
  { name: 'server data before the client has finished', halfRttData: text('early reply'), script: greeting },
  {
    name: 'KeyUpdate both ways',
    script: [
      says('client', 'first'),
      { by: 'client', do: 'updateKeys', requestPeer: true },
      says('server', 'second'),
      { by: 'server', do: 'updateKeys', requestPeer: false },
      { by: 'server', do: 'updateKeys', requestPeer: true },
      says('server', 'third'),
      { by: 'client', do: 'updateKeys', requestPeer: true },
      says('client', 'fourth'),
      ...orderlyEnd,
    ],
  },
  {
    name: 'data both ways',
    script: [
      { by: 'client', do: 'send', bytes: much },
      { by: 'server', do: 'send', bytes: [much.subarray(5), text('in'), text('pieces')] },
      says('client', 'more'),
      ...orderlyEnd,
    ],
  },
  {
    name: 'half-close',
    script: [
      says('client', 'last words'),
      { by: 'client', do: 'close' },
      says('server', 'still speaking'),
      { by: 'server', do: 'send', bytes: much },
      { by: 'server', do: 'close' },
    ],
  },
  { name: 'no middlebox compatibility', client: { middleboxCompatibility: false }, script: greeting },
  {
    name: 'truncated',
    script: [
      says('client', 'question'),
      { by: 'server', do: 'endTransport' },
      { by: 'client', do: 'endTransport' },
    ],
  },
  {
    name: 'everything at once',
    keys: 'ed25519',
    client: {
      ...retriesGroup.client,
      alpnProtocols: ['h2'],
      requestOcsp: true,
      requestScts: true,
      certificateAuthorities: [authorityName],
      recordSizeLimit: 500,
    },
    server: {
      ...retriesGroup.server,
      retryCookie: text('cookie'),
      clientAuthentication: 'require',
      alpnProtocols: ['h2'],
      announceGroups: true,
      certificateAuthorities: [authorityName],
      recordSizeLimit: 400,
    },
    clientHasCertificate: true,
    script: [says('client', 'question'), { by: 'server', do: 'updateKeys', requestPeer: true }, ...greeting],
  },
];

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
  const { provider = nodeProvider } = options;
  return {
    ...fast,
    ...shared(scenario, 'client', options),
    provider: withOneCodec(provider),
    serverName: 'localhost',
    credentials: scenario.clientHasCertificate === true ? [credentialOf('client', scenario, provider)] : [],
    ...scenario.client,
  };
}

export function serverOptionsOf(scenario: Scenario, options: EndOptions = {}): ServerOptions {
  const { provider = nodeProvider } = options;
  return {
    ...fast,
    ...shared(scenario, 'server', options),
    provider: withOneCodec(provider),
    credentials: [credentialOf('server', scenario, provider)],
    ...scenario.server,
  };
}

/** Two codecs compress the same to different bytes. */
function withOneCodec(provider: CryptoProvider): CryptoProvider {
  return { ...provider, certificateCompression: nobleProvider.certificateCompression! };
}

function shared(scenario: Scenario, side: Side, options: EndOptions) {
  const { provider = nodeProvider, asksEverything = false, seed = 'scenario', isTapped = false } = options;
  const { verifyPeer } = answersOf(side, scenario, provider);
  return {
    provider,
    entropy: options.entropy?.(side) ?? givenEntropy(seededRandom(`${seed} ${side}`)),
    answers: asksEverything ? silent : { verifyPeer: verifyPeer! },
    keyLog: isTapped,
    trace: isTapped,
  };
}

/** What an application would answer; `verifyPeer` accepts the other side's key, whatever its certificate says. */
export function answersOf(side: Side, scenario: Scenario, provider: CryptoProvider = nodeProvider): Answers {
  const otherKey = credentialOf(side === 'client' ? 'server' : 'client', scenario, provider).key;
  return {
    chooseConfig: () => ({ ok: true }),
    verifyPeer: () => ({
      ok: true,
      publicKey: otherKey === 'external' ? new Uint8Array(0) : otherKey.publicKey.spki,
    }),
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
    sign({ credential: { key }, scheme, input }) {
      if (key === 'external') return undefined;
      const algorithm = scheme === signatureSchemes.ed25519 ? ed25519 : ecdsa;
      return { ok: true, signature: key.sign(algorithm, input, seededRandom('draws nothing')) };
    },
  };
}

const ed25519 = { type: 'ed25519' } as const;
const ecdsa = { type: 'ecdsa', hash: 'sha256' } as const;
const silent: Answers = {
  chooseConfig: () => undefined,
  verifyPeer: () => undefined,
  selectCertificate: () => undefined,
  fetchStatus: () => undefined,
  sign: () => undefined,
};

const pki = {
  ecdsa: makeTestPki({ provider: nodeProvider, nowMs: Date.UTC(2026, 0, 1), source: seededRandom('ecdsa') }),
  ed25519: makeTestPki({
    provider: nodeProvider,
    nowMs: Date.UTC(2026, 0, 1),
    keySpec: { type: 'ed25519' },
    source: seededRandom('ed25519'),
  }),
} as const satisfies Record<string, TestPki>;

const credentials = new Map<string, Credential>();

function credentialOf(side: Side, scenario: Scenario, provider: CryptoProvider): Credential {
  const { keys = 'ecdsa', raw = false } = scenario;
  const name = `${side} ${keys} ${provider.name} ${raw}`;
  const known = credentials.get(name);
  if (known !== undefined) return known;
  const { chain, key } = pki[keys][side];
  const x509 = loadCredential({
    provider,
    chain,
    key: key.exportPkcs8(),
    ocspResponse: text('an OCSP response, opaque to the core'),
    signedCertificateTimestamps: [text('a timestamp, opaque to the core'), text('and another')],
  });
  const made = raw && x509.key !== 'external' ? rawPublicKeyCredential(x509.key) : x509;
  credentials.set(name, made);
  return made;
}

export { nobleProvider, nodeProvider };
