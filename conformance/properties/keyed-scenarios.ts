import { type ExternalPsk, namedGroups, pskKeyExchangeModes, type Session, TicketRing } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { pair, type ScriptStep, seededRandom } from '@sealwire/testkit';
import { clientOf, type Scenario, serverOf } from './scenario-ends.ts';

/** Conversations that begin with a key that both sides have: sessions resumed, external keys, 0-RTT data. */

const { x25519, secp256r1 } = namedGroups;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const greeting: readonly ScriptStep[] = [
  { by: 'client', do: 'send', bytes: text('question') },
  { by: 'server', do: 'send', bytes: text('reply') },
  { by: 'client', do: 'close' },
  { by: 'server', do: 'close' },
];

/** Tickets made by one server are opened by all. */
const random = seededRandom('the key of the tickets');
const keeper = new TicketRing({
  provider: nodeProvider,
  keys: [{ name: random(16), secret: random(32), createdAtMs: 0 }],
  sealForMs: Number.POSITIVE_INFINITY,
});

/** The sessions that a full handshake of these options makes. */
function sessionsOf(options: Partial<Scenario> = {}): readonly Session[] {
  const first = { name: 'before', keeper, ...options, script: [] };
  const { client } = pair(clientOf(first, { seed: 'before' }), serverOf(first, { seed: 'before' })).run();
  return client.outputs.flatMap((output) => (output.type === 'session' ? [output.session] : []));
}

const retriesGroup = {
  client: { groups: [x25519, secp256r1], keyShares: [x25519] },
  server: { groups: [secp256r1] },
} as const;

const withoutExchange = {
  client: { pskModes: [pskKeyExchangeModes.psk_ke] },
  server: { pskModes: [pskKeyExchangeModes.psk_ke] },
} as const;

const requiresClient = { server: { clientAuthentication: 'require' }, clientHasCertificate: true } as const;

const early = { client: { sendEarlyData: true }, server: { earlyData: { maxBytes: 2_000 } } } as const;
const earlyBytes = seededRandom('0-RTT data')(700);

const external: ExternalPsk = {
  identity: text('sensor 12'),
  key: seededRandom('an external key')(32),
};

const sessions = sessionsOf();
const earlySessions = sessionsOf(early);

export const keyedScenarios: readonly Scenario[] = [
  { name: 'resumed', keeper, sessions, script: greeting },
  { name: 'resumed after a retry', keeper, sessions, ...retriesGroup, script: greeting },
  {
    name: 'resumed without a key exchange',
    keeper,
    sessions: sessionsOf(withoutExchange),
    ...withoutExchange,
    script: greeting,
  },
  {
    name: 'resumed, and the client with it',
    keeper,
    sessions: sessionsOf(requiresClient),
    ...requiresClient,
    script: greeting,
  },
  {
    name: 'a session that the server does not know',
    keeper,
    sessions: sessions.map((session) => ({ ...session, ticket: seededRandom('no ticket')(300) })),
    script: greeting,
  },
  { name: 'an external key', psks: [external], script: greeting },
  {
    name: '0-RTT data',
    keeper,
    sessions: earlySessions,
    ...early,
    earlyData: { bytes: earlyBytes, isTaken: true },
    script: greeting,
  },
  {
    name: '0-RTT data refused',
    keeper,
    sessions: earlySessions,
    ...early,
    earlyData: { bytes: earlyBytes, isTaken: false },
    script: greeting,
  },
  {
    name: '0-RTT data refused by a retry',
    keeper,
    sessions: earlySessions,
    client: { ...early.client, ...retriesGroup.client },
    server: { ...early.server, ...retriesGroup.server },
    earlyData: { bytes: earlyBytes, isTaken: false },
    script: greeting,
  },
];
