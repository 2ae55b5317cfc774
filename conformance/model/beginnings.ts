import {
  createClient,
  createServer,
  type EarlyDataGuard,
  type ExternalPsk,
  type Facts,
  importPsk,
  namedGroups,
  pskKeyExchangeModes,
  type ServerOptions,
  type Session,
  suites13,
  TicketRing,
} from '@sealwire/core';
import { seededRandom } from '@sealwire/testkit';
import {
  clientOptionsOf,
  nodeProvider,
  plain,
  type Scenario,
  scenarios,
  serverOptionsOf,
} from '../properties/scenarios.ts';

/** How a walk begins: who knows what from before, and what must come of that if nobody disturbs it. */
export interface Beginning extends Scenario {
  /** What both sides must agree on where nobody meddles, refuses, waits or gives up. */
  readonly expects?: Partial<Pick<Facts, 'resumed' | 'earlyData' | 'helloRetried'>>;
  /** The handshake must fail, and the server must say so with this code. */
  readonly failsWith?: string;
}

/** When the sessions of `beginnings` were made; walks begin a second later. */
export const sessionsMadeMs = Date.UTC(2026, 0, 1);

/** A keeper of tickets that opens those of `beginnings`; one for each walk, because it changes its keys with time. */
export function ticketRing(): TicketRing {
  const [name, secret] = [seededRandom('ring name')(16), seededRandom('ring secret')(32)];
  return new TicketRing({
    provider: nodeProvider,
    random: seededRandom('later keys'),
    keys: [{ name, secret, createdAtMs: sessionsMadeMs }],
  });
}

const named = [
  'plain',
  'retry by group',
  'client authentication with a certificate',
  'ALPN',
  'record_size_limit',
  'TLS 1.2, ECDHE, ECDSA, GCM',
  'TLS 1.2, ECDHE, RSA, CBC, encrypt-then-MAC',
  'TLS 1.2, static RSA',
  'TLS 1.2, client authentication, ALPN, small records',
  'TLS 1.0, chained CBC, client authentication by RSA',
  'TLS 1.2, from a hello that offers all versions',
  'TLS 1.2, renegotiated by the client, twice',
  'TLS 1.2, renegotiated by the server, which asks for a certificate',
  'TLS 1.0, renegotiated by the server, chained CBC',
  'TLS 1.2, a renegotiation that nobody wants',
  'delegated credentials',
];

const { x25519, secp256r1 } = namedGroups;
const { psk_ke, psk_dhe_ke } = pskKeyExchangeModes;
const retriesGroup = {
  client: { groups: [x25519, secp256r1], keyShares: [x25519] },
  server: { groups: [secp256r1] },
} as const;
const early = { earlyData: { maxBytes: 3_000 } };
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

const external: ExternalPsk = { identity: text('a key from elsewhere'), key: seededRandom('external')(32) };
const externalEarly: ExternalPsk = {
  ...external,
  earlyData: { maxBytes: 500, cipherSuite: suites13.TLS_AES_128_GCM_SHA256, alpnProtocol: null },
};
const imported = importPsk({ provider: nodeProvider, identity: text('imported'), key: external.key });

const unwilling: EarlyDataGuard = { acceptEarlyData: () => ({ ok: true, accept: false }) };

const afterwards: Scenario = {
  ...plain,
  name: 'client authentication after the handshake',
  client: { postHandshakeAuth: true },
  clientHasCertificate: true,
};
const full: readonly Beginning[] = [
  ...scenarios.filter(({ name }) => named.includes(name)),
  { ...afterwards },
  {
    ...afterwards,
    name: 'client authentication before and after the handshake',
    server: { clientAuthentication: 'require' },
  },
];

const resumed: readonly Beginning[] = [
  resuming('a session', plain, { expects: { resumed: true } }),
  resuming('a session without a key exchange (psk_ke)', plain, {
    client: { pskModes: [psk_dhe_ke, psk_ke] },
    server: { pskModes: [psk_ke] },
    expects: { resumed: true },
  }),
  resuming('a session, after a HelloRetryRequest', plain, {
    ...retriesGroup,
    expects: { resumed: true, helloRetried: true },
  }),
  resuming('a session with client authentication', {
    ...plain,
    server: { clientAuthentication: 'require' },
    clientHasCertificate: true,
  }),
  resuming('a session, and client authentication after the handshake', afterwards),
  resuming('a session with ALPN and small records', {
    ...plain,
    client: { alpnProtocols: ['h2'], recordSizeLimit: 300 },
    server: { alpnProtocols: ['h2'], recordSizeLimit: 400 },
  }),
  resuming('a spoilt ticket', plain, { spoils: spoiltTicket, expects: { resumed: false } }),
  resuming('a session with another secret', plain, { spoils: otherSecret, failsWith: 'peer.badBinder' }),
  resuming('a stale ticket', plain, {
    spoils: (session) => ({ ...session, issuedAtMs: 0 }),
    expects: { resumed: false },
  }),
];

const older = scenarios.find(({ name }) => name === 'TLS 1.2, ECDHE, ECDSA, GCM')!;
const olderSessions: readonly Beginning[] = [
  resuming('a session of TLS 1.2', older, { expects: { resumed: true } }),
  resuming('a spoilt ticket of TLS 1.2', older, { spoils: spoiltTicket, expects: { resumed: false } }),
  resuming('a session of TLS 1.2 with another secret', older, {
    spoils: otherSecret,
    failsWith: 'received.alert',
  }),
];

const versions12 = { client: { ...older.client }, server: { ...older.server } };
const renegotiating: readonly Beginning[] = [
  {
    ...older,
    name: 'TLS 1.2, renegotiations by both sides, with certificates of both',
    client: { ...versions12.client, acceptRenegotiation: true },
    server: { ...versions12.server, acceptRenegotiation: true, clientAuthentication: 'request' },
    clientHasCertificate: true,
  },
  resuming('a session of TLS 1.2, and renegotiations', {
    ...older,
    client: { ...versions12.client, acceptRenegotiation: true },
    server: { ...versions12.server, acceptRenegotiation: { limit: 2, windowSeconds: 600 } },
  }),
];

const falseStarts: readonly Beginning[] = [
  { ...older, name: 'False Start', client: { ...versions12.client, falseStart: 'always' } },
  {
    ...older,
    name: 'False Start, and renegotiations',
    client: { ...versions12.client, falseStart: 'always', acceptRenegotiation: true },
    server: { ...versions12.server, acceptRenegotiation: true },
  },
];

const keys: readonly Beginning[] = [
  { ...plain, name: 'an external key', ...bothWith([external]), expects: { resumed: false } },
  {
    ...plain,
    name: 'an external key without a key exchange (psk_ke)',
    client: { externalPsks: [external], pskModes: [psk_ke] },
    server: { externalPsks: [external], pskModes: [psk_ke], credentials: [] },
  },
  { ...plain, name: 'imported keys', ...bothWith(imported) },
  {
    ...plain,
    name: 'an external key that the server does not know',
    client: { externalPsks: [external] },
    expects: { resumed: false },
  },
  {
    ...plain,
    name: 'an external key that differs',
    client: { externalPsks: [external] },
    server: { externalPsks: [{ ...external, key: seededRandom('another')(32) }] },
    failsWith: 'peer.badBinder',
  },
];

const sendsEarly = { client: { sendEarlyData: true }, server: early };
const earlyData: readonly Beginning[] = [
  resuming('0-RTT data', { ...plain, ...sendsEarly }, { expects: accepted() }),
  resuming('0-RTT data, without a key exchange (psk_ke)', {
    ...plain,
    client: { sendEarlyData: true, pskModes: [psk_ke] },
    server: { ...early, pskModes: [psk_ke] },
  }),
  resuming(
    '0-RTT data, and client authentication after the handshake',
    { ...afterwards, client: { ...afterwards.client, sendEarlyData: true }, server: early },
    { expects: accepted() },
  ),
  resuming(
    '0-RTT data that the application refuses',
    { ...plain, ...sendsEarly },
    { server: { earlyData: { ...early.earlyData, guard: unwilling } }, expects: rejected() },
  ),
  resuming(
    '0-RTT data that a HelloRetryRequest refuses',
    { ...plain, ...sendsEarly },
    { ...retriesGroup, expects: { ...rejected(), helloRetried: true } },
  ),
  resuming(
    '0-RTT data for a server that takes none any more',
    { ...plain, ...sendsEarly },
    { without: 'earlyData', expects: rejected() },
  ),
  resuming(
    '0-RTT data with a ticket that nobody can open',
    { ...plain, ...sendsEarly },
    { spoils: spoiltTicket, expects: { resumed: false, earlyData: 'rejected' } },
  ),
  resuming(
    '0-RTT data with a ticket that is older than it says',
    { ...plain, ...sendsEarly },
    { spoils: (session) => ({ ...session, ageAdd: (session.ageAdd + 60_000) >>> 0 }), expects: rejected() },
  ),
  resuming(
    '0-RTT data with another secret',
    { ...plain, ...sendsEarly },
    { spoils: otherSecret, failsWith: 'peer.badBinder' },
  ),
  {
    ...plain,
    name: '0-RTT data with an external key',
    client: { externalPsks: [externalEarly], sendEarlyData: true },
    server: { externalPsks: [externalEarly], credentials: [], ...early },
    expects: { resumed: false, earlyData: 'accepted' },
  },
];

const all: readonly Beginning[] = [
  ...full,
  ...resumed,
  ...olderSessions,
  ...renegotiating,
  ...falseStarts,
  ...keys,
  ...earlyData,
];

const renegotiated = all.filter(
  ({ client, server }) =>
    client?.acceptRenegotiation !== undefined || server?.acceptRenegotiation !== undefined,
);

/** Every way to begin; more often those where a client may be asked for its certificate afterwards, or another handshake may follow. */
export const beginnings: readonly Beginning[] = [
  ...all,
  ...all.filter(({ client }) => client?.postHandshakeAuth === true),
  ...renegotiated,
  ...renegotiated,
];

interface Changes extends Pick<Beginning, 'client' | 'server' | 'expects' | 'failsWith'> {
  /** What has become of the client's sessions meanwhile. */
  readonly spoils?: (session: Session) => Session;
  /** An option that the server had and has no more. */
  readonly without?: 'earlyData';
}

/** A walk that begins with sessions of `before`, and may be configured otherwise than that was. */
function resuming(name: string, before: Scenario, changes: Changes = {}): Beginning {
  const { client, server, spoils = (session) => session, without, ...rest } = changes;
  const sessions = sessionsOf({ ...before, client: withModes(before.client, client) }).map(spoils);
  const after: Partial<ServerOptions> = { ...before.server, ...server };
  const { earlyData: _, ...withoutEarlyData } = after;
  return {
    ...before,
    name,
    client: { ...before.client, ...client, sessions },
    server: without === undefined ? after : withoutEarlyData,
    ...rest,
  };
}

/** A ticket is for the modes that its first connection offered (RFC 9846 §4.7.1). */
function withModes(before: Scenario['client'], after: Scenario['client']): NonNullable<Scenario['client']> {
  return { ...before, ...(after?.pskModes && { pskModes: after.pskModes }) };
}

/** What a client has after a full handshake of this scenario. */
function sessionsOf(scenario: Scenario): readonly Session[] {
  const server = createServer({ ...serverOptionsOf(scenario), tickets: { keeper: ticketRing() } });
  const client = createClient(clientOptionsOf(scenario));
  const sessions: Session[] = [];
  const ends = [client, server];
  for (const end of ends) end.start(sessionsMadeMs);
  for (let moved = true; moved; ) {
    moved = false;
    for (const [i, end] of ends.entries()) {
      for (let output = end.poll(); output !== undefined; output = end.poll()) {
        if (output.type === 'failed') throw output.error;
        if (output.type === 'session') sessions.push(output.session);
        if (output.type !== 'transmit') continue;
        moved = true;
        for (const piece of output.pieces) ends[1 - i]!.receive(piece, sessionsMadeMs);
      }
    }
  }
  if (sessions.length === 0) throw new Error(`${scenario.name}: no session`);
  return sessions;
}

function bothWith(externalPsks: readonly ExternalPsk[]): Pick<Beginning, 'client' | 'server'> {
  return { client: { externalPsks }, server: { externalPsks, credentials: [] } };
}

function accepted(): NonNullable<Beginning['expects']> {
  return { resumed: true, earlyData: 'accepted' };
}

function rejected(): NonNullable<Beginning['expects']> {
  return { resumed: true, earlyData: 'rejected' };
}

function spoiltTicket(session: Session): Session {
  return { ...session, ticket: session.ticket.map((byte, i) => (i === 60 ? byte ^ 1 : byte)) };
}

function otherSecret(session: Session): Session {
  return { ...session, secret: session.secret.map((byte) => byte ^ 0xff) };
}
