import {
  compressionAlgorithms,
  type CustomExtension,
  givenEntropy,
  namedGroups,
  signatureSchemes,
  suites13,
} from '@sealwire/core';
import { applicationSettings } from '@sealwire/core/alps';
import { clientEch, encodeEchConfigList, generateEchKey, greaseEch, serverEch } from '@sealwire/core/ech';
import { nodeProvider } from '@sealwire/crypto-node';
import { type ScriptStep, seededRandom, type Side } from '@sealwire/testkit';
import { keyedScenarios } from './keyed-scenarios.ts';
import { olderScenarios } from './older-scenarios.ts';
import type { Scenario } from './scenario-ends.ts';

const { x25519, secp256r1, X25519MLKEM768 } = namedGroups;
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

const settled = (words: string) => ({
  applicationSettings: applicationSettings({ settings: { h2: text(words) } }),
});

const suiteNames = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
] as const satisfies readonly (keyof typeof suites13)[];

export {
  answersOf,
  clientOf,
  clientOptionsOf,
  type EndOptions,
  nobleProvider,
  nodeProvider,
  providerOf,
  speakEarly,
  type Scenario,
  serverOf,
  serverOptionsOf,
  withOneCodec,
} from './scenario-ends.ts';

export const plain: Scenario = { name: 'plain', script: greeting };

/**
 * Their options are functions, which no history can hold, and what they encrypt, or say by messages of a draft, no other program
 * can read in a capture: apart from the others.
 */
export const encryptedScenarios: readonly Scenario[] = [
  { name: 'Encrypted Client Hello', ...encrypted, script: greeting },
  {
    name: 'Encrypted Client Hello, retry by group and cookie',
    client: { ...encrypted.client, ...greased.client, ...retriesGroup.client },
    server: { ...encrypted.server, ...retriesGroup.server, retryCookie: text('cookie') },
    script: greeting,
  },
  {
    name: 'application settings, and a certificate of the client',
    client: { alpnProtocols: ['h2'], ...settled('of the client') },
    server: { alpnProtocols: ['h2'], ...settled('of the server'), clientAuthentication: 'require' },
    clientHasCertificate: true,
    script: greeting,
  },
  { name: 'GREASE ECH', client: { ech: greaseEch({ provider: nodeProvider }) }, script: greeting },
];

/** Everything that adds a message, an extension or a branch of the state machine. */
export const scenarios: readonly Scenario[] = [
  plain,
  { name: 'Ed25519 credentials', keys: 'ed25519', script: greeting },
  { name: 'ML-DSA credentials', keys: 'mldsa', script: greeting },
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
    name: 'delegated credentials',
    delegated: true,
    client: { acceptDelegatedCredentials: true },
    server: { acceptDelegatedCredentials: [signatureSchemes.ed25519], clientAuthentication: 'require' },
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
  ...keyedScenarios,
  ...olderScenarios,
];
