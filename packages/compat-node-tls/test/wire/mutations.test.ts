import type { AddressInfo } from 'node:net';
import builtin, { type ConnectionOptions, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { afterAll, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { parityPki } from '../parity/pki.ts';
import { below, changes, mutatingProxy, type Plan, unchanged } from './mutating-proxy.ts';

/**
 * Connections of which the wire spoils one record: whatever it is, nothing is thrown that nobody can catch, and the sockets of both
 * sides close. An exception outside a test fails the run.
 */
const runs = process.env['SEALWIRE_PROFILE'] === 'full' ? 4_000 : 48;
const atOnce = 6;
const pki = parityPki();
const implementations = { builtin, ours: ours as unknown as typeof builtin };
const pairings = [
  ['ours', 'builtin'],
  ['builtin', 'ours'],
  ['ours', 'ours'],
] as const;
const variants: readonly SecureContextOptions[] = [
  { maxVersion: 'TLSv1.2' },
  { minVersion: 'TLSv1.3' },
  { maxVersion: 'TLSv1.2', secureOptions: 0x4000 },
  { minVersion: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
];

const open = new Set<string>();
const closings: Promise<void>[] = [];
const sessions = new Map<string, Buffer>();
const servers = new Map<string, Promise<number>>();
const cleanUps: (() => void)[] = [];
afterAll(() => {
  for (const action of cleanUps) action();
});

it(`leaves nothing open after ${runs} connections that the wire spoils`, async () => {
  let next = 0;
  const outcomes = { whole: 0, spoilt: 0 };
  const worker = async (): Promise<void> => {
    while (next < runs) outcomes[await play(next++)]++;
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await Promise.all(closings);
  expect([...open]).toEqual([]);
  expect(outcomes.whole).toBeGreaterThanOrEqual(pairings.length);
  expect(outcomes.spoilt).toBeGreaterThan(0);
});

async function play(seed: number): Promise<'whole' | 'spoilt'> {
  const draw = drawing(seed);
  const [serverName, clientName] = pairings[seed % pairings.length]!;
  const variant = below(variants.length, draw);
  const names = Object.keys(changes);
  const plan: Plan = {
    change: seed < pairings.length ? unchanged : names[below(names.length, draw)]!,
    of: draw() < 0.5 ? 'client' : 'server',
    place: below(9, draw),
  };
  const key = `${clientName} ${variant}`;
  const { [variant]: options } = variants;
  const session = draw() < 0.5 ? sessions.get(key) : undefined;
  const proxy = await mutatingProxy(await serverOf(serverName, variant), plan, draw);
  const client = implementations[clientName].connect({
    ...options,
    ...(draw() < 0.7 ? pki.client : {}),
    port: proxy.port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: pki.root,
    requestOCSP: draw() < 0.5,
    ALPNProtocols: ['a', 'b'],
    ...(session && { session }),
  } as object as ConnectionOptions);
  const closed = watched(client, `${seed}: client ${JSON.stringify(plan)}`);
  let received = 0;
  client.on('session', (fresh) => void sessions.set(key, fresh));
  client.on('secureConnect', () => void client.write(Buffer.alloc(bytes)));
  client.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received >= bytes) client.end();
  });
  await closed;
  proxy.close();
  return received >= bytes ? 'whole' : 'spoilt';
}

/** One for all connections of a kind; its callbacks answer late. */
function serverOf(name: keyof typeof implementations, variant: number): Promise<number> {
  const key = `${name} ${variant}`;
  const known = servers.get(key);
  if (known !== undefined) return known;
  const tls = implementations[name];
  const context = tls.createSecureContext({ ...pki.rsa, ca: pki.root });
  const server = tls.createServer({
    ...variants[variant],
    ...pki.server,
    ca: pki.root,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ['b'],
    ticketKeys: Buffer.alloc(48, 5),
    SNICallback: (_, done) => void setImmediate(done, null, context),
  });
  const stored = new Map<string, Buffer>();
  server.on('OCSPRequest', (_certificate, _issuer, done) => void setImmediate(done, null, Buffer.alloc(9)));
  server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
    stored.set(id.toString('hex'), data);
    setImmediate(done);
  });
  server.on('resumeSession', (id: Buffer, done) => {
    setImmediate(done, null, stored.get(id.toString('hex')) ?? null);
  });
  let count = 0;
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => {
    closings.push(watched(socket, `${key}: connection ${count++}`));
    socket.pipe(socket);
  });
  cleanUps.push(() => server.close());
  const port = new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
  servers.set(key, port);
  return port;
}

function watched(socket: TLSSocket, name: string): Promise<void> {
  open.add(name);
  socket.on('error', () => {});
  return new Promise((done) => {
    socket.on('close', () => {
      open.delete(name);
      done();
    });
  });
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
function drawing(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e37_79b1);
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bytes = 300;
