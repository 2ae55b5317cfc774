import {
  type CipherSuite,
  type ClientOptions,
  namedGroups,
  type ServerOptions,
  type Session,
  type SessionStore,
  signatureSchemes,
  TicketRing,
  type VersionModule,
} from '@sealwire/core';
import { SessionTable, suites12, tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider } from '@sealwire/crypto-node';
import { pair, type ScriptStep, seededRandom, type Side } from '@sealwire/testkit';
import { clientOf, type Scenario, serverOf } from './scenario-ends.ts';

/** Conversations of TLS 1.2, 1.1 and 1.0: every key exchange, every kind of record, every way to resume. */

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const greeting: readonly ScriptStep[] = [
  { by: 'client', do: 'send', bytes: text('question') },
  { by: 'server', do: 'send', bytes: text('reply') },
  { by: 'client', do: 'close' },
  { by: 'server', do: 'close' },
];
const all = [tls13, tls12, tls11, tls10] as const;

interface Both {
  readonly client: Partial<ClientOptions>;
  readonly server: Partial<ServerOptions>;
}

/** Both sides with one suite, of which the server speaks one version; the client offers all that have the suite. */
function speaking(suite: keyof typeof suites12, version: VersionModule = tls12): Both {
  const cipherSuites: readonly CipherSuite[] = [suites12[suite]];
  const versions = all.filter((each) => each.supports(cipherSuites[0]!, nodeProvider));
  return {
    client: { ...deterministic, versions, cipherSuites },
    server: { ...deterministic, versions: [version], cipherSuites },
  };
}

/**
 * The curve of ECDSA certificates must be among the groups (RFC 8422 §5.1.1). No RSA-PSS: its salt comes from elsewhere when
 * somebody else signs.
 */
const deterministic = {
  groups: [namedGroups.x25519, namedGroups.secp256r1],
  signatureSchemes: [
    signatureSchemes.ecdsa_secp256r1_sha256,
    signatureSchemes.ed25519,
    signatureSchemes.rsa_pkcs1_sha256,
  ],
} as const;

const gcm = speaking('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
const cbc = speaking('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', tls10);

const random = seededRandom('the key of the tickets of TLS 1.2');
const keeper = new TicketRing({
  provider: nodeProvider,
  keys: [{ name: random(16), secret: random(32), createdAtMs: 0 }],
  sealForMs: Number.POSITIVE_INFINITY,
});

const renegotiates = (by: Side): ScriptStep => ({
  by,
  do: 'call',
  run: (connection, nowMs) => void connection.renegotiate(undefined, nowMs),
});

/** Data of both keys. */
const renegotiated = (by: Side): readonly ScriptStep[] => [
  { by: 'client', do: 'send', bytes: text('before') },
  { by: 'server', do: 'send', bytes: text('before') },
  renegotiates(by),
];

/** The sessions that a full handshake of these options makes. */
function sessionsOf(options: Partial<Scenario>): readonly Session[] {
  const first = { name: 'before', ...options, script: [] };
  const { client } = pair(clientOf(first, { seed: 'before' }), serverOf(first, { seed: 'before' })).run();
  return client.outputs.flatMap((output) => (output.type === 'session' ? [output.session] : []));
}

/** The same scenario, with a session that it has made before. */
function resuming(scenario: Scenario): Scenario {
  const { store } = scenario;
  return { ...scenario, sessions: sessionsOf(scenario), ...(store && { store: unchanging(store) }) };
}

/** A store as it is now: no conversation finds in it what one before has done, as to end with a fatal alert. */
function unchanging(store: SessionStore): SessionStore {
  return {
    lookupSession: (ask) => store.lookupSession(ask),
    storeSession: () => ({ ok: true }),
    delete: () => undefined,
  };
}

const requiresClient = { server: { clientAuthentication: 'require' }, clientHasCertificate: true } as const;

export const olderScenarios: readonly Scenario[] = [
  { name: 'TLS 1.2, ECDHE, ECDSA, GCM', ...gcm, script: greeting },
  {
    name: 'TLS 1.2, ECDHE, RSA, ChaCha20-Poly1305',
    keys: 'rsa',
    ...speaking('TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'),
    script: greeting,
  },
  {
    name: 'TLS 1.2, ECDHE, Ed25519, CCM-8',
    keys: 'ed25519',
    ...speaking('TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8'),
    script: greeting,
  },
  {
    name: 'TLS 1.2, ECDHE, RSA, CBC, encrypt-then-MAC',
    keys: 'rsa',
    ...speaking('TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384'),
    script: greeting,
  },
  {
    name: 'TLS 1.2, DHE',
    keys: 'rsa',
    ...speaking('TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'),
    script: greeting,
  },
  {
    name: 'TLS 1.2, static RSA',
    keys: 'rsa',
    ...speaking('TLS_RSA_WITH_AES_128_CBC_SHA256'),
    script: greeting,
  },
  {
    name: 'TLS 1.2, anonymous',
    ...speaking('TLS_ECDH_anon_WITH_AES_128_CBC_SHA'),
    script: greeting,
  },
  { name: 'TLS 1.2, NULL', ...speaking('TLS_ECDHE_ECDSA_WITH_NULL_SHA'), script: greeting },
  {
    name: 'TLS 1.2, client authentication, ALPN, small records',
    clientHasCertificate: true,
    client: {
      ...gcm.client,
      alpnProtocols: ['h2', 'http/1.1'],
      recordSizeLimit: 300,
    },
    server: {
      ...gcm.server,
      alpnProtocols: ['http/1.1'],
      clientAuthentication: 'require',
      recordSizeLimit: 500,
    },
    script: [{ by: 'client', do: 'send', bytes: seededRandom('much')(5_000) }, ...greeting],
  },
  {
    name: 'TLS 1.2, OCSP and SCT stapling',
    client: { ...gcm.client, requestOcsp: true, requestScts: true },
    server: gcm.server,
    script: greeting,
  },
  {
    name: 'TLS 1.2, a client without the certificate that is asked for',
    client: gcm.client,
    server: { ...gcm.server, clientAuthentication: 'request' },
    script: greeting,
  },
  {
    name: 'TLS 1.2, RSA authentication of both sides',
    keys: 'rsa',
    ...speaking('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'),
    clientHasCertificate: true,
    server: {
      ...speaking('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256').server,
      clientAuthentication: 'require',
    },
    script: greeting,
  },
  resuming({ name: 'TLS 1.2, resumed by ticket', ...gcm, keeper, script: greeting }),
  resuming({ name: 'TLS 1.2, resumed by id', ...gcm, store: new SessionTable(), script: greeting }),
  resuming({
    name: 'TLS 1.2, resumed by ticket, and the client with it',
    ...requiresClient,
    client: gcm.client,
    server: { ...gcm.server, ...requiresClient.server },
    keeper,
    script: greeting,
  }),
  {
    name: 'TLS 1.2, a session that the server does not know',
    ...gcm,
    keeper,
    sessions: sessionsOf({ ...gcm, store: new SessionTable() }).map((session) => ({
      ...session,
      sessionId: new Uint8Array(32),
    })),
    script: greeting,
  },
  {
    name: 'TLS 1.1, CBC',
    ...speaking('TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', tls11),
    script: greeting,
  },
  {
    name: 'TLS 1.0, chained CBC, client authentication by RSA',
    keys: 'rsa',
    clientHasCertificate: true,
    ...speaking('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', tls10),
    server: {
      ...speaking('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', tls10).server,
      clientAuthentication: 'require',
    },
    script: [{ by: 'server', do: 'send', bytes: seededRandom('much')(20_000) }, ...greeting],
  },
  resuming({ name: 'TLS 1.0, resumed by id', ...cbc, store: new SessionTable(), script: greeting }),
  ...[tls12, tls11, tls10].map(
    (version, i): Scenario => ({
      name: `TLS 1.${2 - i}, from a hello that offers all versions`,
      client: { ...deterministic, versions: all, grease: true, permuteExtensions: true },
      server: { ...deterministic, versions: [version] },
      script: greeting,
    }),
  ),
  {
    name: 'TLS 1.3, from a hello that offers all versions',
    client: { ...deterministic, versions: all, grease: true },
    server: { ...deterministic, versions: all },
    script: greeting,
  },
  {
    name: 'TLS 1.2, renegotiated by the client, twice',
    client: gcm.client,
    server: { ...gcm.server, acceptRenegotiation: true },
    keeper,
    handshakes: 3,
    script: [...renegotiated('client'), ...renegotiated('client'), ...greeting],
  },
  {
    name: 'TLS 1.2, renegotiated by the server, which asks for a certificate',
    client: { ...gcm.client, acceptRenegotiation: true },
    server: { ...gcm.server, ...requiresClient.server },
    clientHasCertificate: true,
    handshakes: 2,
    script: [...renegotiated('server'), ...greeting],
  },
  {
    name: 'TLS 1.0, renegotiated by the server, chained CBC',
    client: { ...cbc.client, acceptRenegotiation: true },
    server: cbc.server,
    handshakes: 2,
    script: [...renegotiated('server'), ...greeting],
  },
  {
    name: 'TLS 1.2, a renegotiation that nobody wants',
    ...gcm,
    script: [renegotiates('client'), renegotiates('server'), ...greeting],
  },
];
