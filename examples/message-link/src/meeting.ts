import {
  type CryptoProvider,
  givenEntropy,
  pinnedPublicKeys,
  rawPublicKeyCredential,
  type Session,
  TicketRing,
} from '@sealwire/core';
import { Link, seededRandom, virtualClock } from '@sealwire/testkit';
import { createHash } from 'node:crypto';
import { Endpoint } from './endpoint.ts';
import type { EndpointEvent } from './events.ts';

export interface MeetingOptions {
  readonly provider: CryptoProvider;
  readonly seed: number;
  /** Of a hundred messages of the link, how many are lost, and how many come twice. */
  readonly lossPercent?: number;
  readonly doublePercent?: number;
  /** How many others a message may overtake. */
  readonly reorder?: number;
  /** Bytes that the client sends, which the server sends back. */
  readonly bytes?: number;
  /** Of an earlier meeting: it is resumed, and the bytes leave with the first packets. */
  readonly session?: Session;
  /** The server, where it is to be that of an earlier meeting. Default: a new one. */
  readonly host?: ReturnType<typeof hostOf>;
  /** The simulated clock at the beginning, ms since the epoch. */
  readonly startMs?: number;
}

export interface MeetingReport {
  /** Until everybody had everything, ms of the simulated clock. */
  readonly tookMs: number;
  /** Messages that were put on the link, both ways. */
  readonly datagrams: number;
  readonly resumed: boolean;
  readonly early: 'accepted' | 'rejected' | undefined;
  /** Key updates, as each side has seen them. */
  readonly updates: number;
  readonly endMs: number;
  /** SHA-256 of all that was put on the link, both ways, in order. */
  readonly transcript: string;
  readonly session: Session | undefined;
}

/** Two endpoints meet over a bad link: a handshake, bytes there and back, a key update in between. Throws if they do not get through. */
export function meet(options: MeetingOptions): MeetingReport {
  const { provider, seed, lossPercent = 10, doublePercent = 5, reorder = 3, bytes = 20_000 } = options;
  const random = seededRandom(`message-link ${seed}`);
  const clock = virtualClock(options.startMs);
  const { host = hostOf(provider) } = options;
  const client = Endpoint.client(
    { provider, random: seededRandom(`client ids ${seed}`) },
    {
      provider,
      entropy: givenEntropy(seededRandom(`client ${seed}`)),
      serverName: 'link.example',
      alpnProtocols: ['echo/1'],
      peerCertificateTypes: ['rawPublicKey'],
      answers: { verifyPeer: pinnedPublicKeys([host.publicKey]) },
      ...(options.session === undefined ? {} : { sessions: [options.session], sendEarlyData: true }),
    },
  );
  const server = Endpoint.server(
    { provider, random: seededRandom(`server ids ${seed}`) },
    { ...host.tls, entropy: givenEntropy(seededRandom(`server ${seed}`)) },
  );
  const conditions = {
    latencyMs: 20,
    jitterMs: 10,
    loseWrites: lossPercent / 100,
    doubleWrites: doublePercent / 100,
    reorderWrites: reorder,
    random,
  };
  const [up, down] = [new Link(conditions), new Link(conditions)];
  const transcript = createHash('sha256');
  const payload = random(bytes);
  const heard = { client: new Inbox(), server: new Inbox() };
  const count = { datagrams: 0, updates: 0 };
  let session: Session | undefined;
  let hasUpdated = false;

  const post = (from: Endpoint, link: Link) => {
    for (const datagram of from.takeDatagrams()) {
      transcript.update(datagram);
      count.datagrams++;
      link.put(datagram, clock.now());
    }
  };
  const listen = (end: 'client' | 'server', event: EndpointEvent) => {
    if (event.type === 'closed') throw new Error(`${end}: closed by ${event.by}: ${event.reason}`);
    if (event.type === 'session') session = event.session;
    if (event.type === 'keysUpdated') count.updates++;
    if (event.type === 'data') {
      heard[end].take(event.bytes);
      if (end === 'server') server.send(event.streamId, event.bytes, false, clock.now());
    }
    if (event.type === 'streamEnd') {
      heard[end].hasEnded = true;
      if (end === 'server') server.send(event.streamId, new Uint8Array(0), true, clock.now());
    }
  };

  server.start(clock.now());
  // With a session the first bytes leave with the first packets.
  if (options.session !== undefined) client.send(0, payload, true, clock.now());
  client.start(clock.now());
  let hasSent = options.session !== undefined;
  const startedAtMs = clock.now();
  for (let turns = 0; ; turns++) {
    for (const [name, end] of [
      ['client', client],
      ['server', server],
    ] as const)
      for (const event of end.events.splice(0)) listen(name, event);
    const isConnected = client.handshake.facts.handshakes === 1;
    if (isConnected && !hasSent) {
      client.send(0, payload, true, clock.now());
      hasSent = true;
    }
    if (!hasUpdated && heard.client.bytes > bytes / 2) hasUpdated = client.updateKeys(clock.now());
    post(client, up);
    post(server, down);
    const isDone = heard.client.hasEnded && client.isIdle && server.isIdle && session !== undefined;
    if (isDone) break;
    if (turns > mostTurns) throw new Error(`seed ${seed}: they do not get through`);
    const next = Math.min(
      up.nextArrivalMs,
      down.nextArrivalMs,
      client.deadlineMs ?? Number.POSITIVE_INFINITY,
      server.deadlineMs ?? Number.POSITIVE_INFINITY,
    );
    if (next === Number.POSITIVE_INFINITY) throw new Error(`seed ${seed}: both wait for each other`);
    clock.advance(Math.max(0, next - clock.now()));
    for (const datagram of up.take(clock.now())) server.receive(datagram, clock.now());
    for (const datagram of down.take(clock.now())) client.receive(datagram, clock.now());
    client.timeout(clock.now());
    server.timeout(clock.now());
  }
  if (heard.client.digest() !== new Inbox(payload).digest())
    throw new Error(`seed ${seed}: other bytes came back`);
  const { resumed = false, earlyData } = client.handshake.facts;
  return {
    tookMs: clock.now() - startedAtMs,
    endMs: clock.now(),
    ...count,
    resumed,
    early: earlyData,
    transcript: transcript.digest('hex'),
    session,
  };
}

/** What has come of a stream. */
class Inbox {
  readonly #hash = createHash('sha256');
  bytes = 0;
  hasEnded = false;

  constructor(bytes?: Uint8Array) {
    if (bytes !== undefined) this.take(bytes);
  }

  take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

/** A server, with keys that are always the same: its own, and those of its tickets. */
export function hostOf(provider: CryptoProvider) {
  const key = provider.generateKeyPair({ type: 'ed25519' }, seededRandom('server key'));
  return {
    publicKey: key.publicKey.spki,
    tls: {
      provider,
      alpnProtocols: ['echo/1'],
      credentials: [rawPublicKeyCredential(key)],
      tickets: { keeper: new TicketRing({ provider, random: seededRandom('ticket keys') }), count: 1 },
      earlyData: { maxBytes: 1 },
    },
  };
}

const mostTurns = 20_000;
