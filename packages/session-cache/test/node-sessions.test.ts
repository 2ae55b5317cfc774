import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { keepNodeSessions, MemoryStore } from '../src/index.ts';
import { roots, serverIdentity } from './ends.ts';
import { FleetStore } from './fleet-store.ts';

const older = { maxVersion: 'TLSv1.2' } as const;

describe('keepNodeSessions', () => {
  const identity = { cert: serverIdentity.certificate, key: serverIdentity.privateKey };

  async function listening(store: MemoryStore | FleetStore) {
    const server = tls.createServer(
      {
        ...identity,
        ...older,
        secureOptions: (await import('node:constants')).SSL_OP_NO_TICKET,
        sessionIdContext: 'fleet',
      },
      (socket) => socket.on('error', () => {}).end('hello'),
    );
    keepNodeSessions(server, { store });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  async function visit(
    port: number,
    session?: Buffer,
  ): Promise<{ reused: boolean; session: Buffer | undefined }> {
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: roots,
      ...(session && { session }),
    });
    let last: Buffer | undefined;
    let reused = false;
    socket.on('secureConnect', () => (reused = socket.isSessionReused()));
    socket.on('session', (given) => (last = given)).resume();
    await once(socket, 'close');
    return { reused, session: last };
  }

  it('resumes at one server what another began, and goes on without the store', async () => {
    const store = new FleetStore();
    const servers = [await listening(store), await listening(store)];
    const [one, other] = servers.map((server) => (server.address() as AddressInfo).port);
    const first = await visit(one!);
    expect(first.reused).toBe(false);
    expect((await visit(other!, first.session)).reused).toBe(true);
    store.isDown = true;
    expect((await visit(one!, first.session)).reused).toBe(false);
    for (const server of servers) server.close();
  });
});

it('keepNodeSessions refuses options that cannot work', () => {
  const server = { on: () => {} };
  expect(() => keepNodeSessions(server, { store: {} as never })).toThrow('store must be a SessionStore');
  expect(() => keepNodeSessions(server, { store: new MemoryStore(), lifetimeSeconds: 0 })).toThrow(
    'lifetimeSeconds must be an integer from 1 to 604800, got 0',
  );
});
