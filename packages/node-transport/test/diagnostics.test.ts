import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type {
  ConnectedMessage,
  ConnectionMessage,
  EndMessage,
  ErrorMessage,
  StartMessage,
} from '../src/index.ts';
import { closed, errorOf, readAll, tlsPair } from './ends.ts';
import { otherRoots } from '@sealwire/transport-tests';

type Message = ConnectionMessage & Partial<StartMessage & ConnectedMessage & ErrorMessage & EndMessage>;

const subscribed: (() => void)[] = [];
afterEach(() => {
  for (const undo of subscribed.splice(0)) undo();
});

function listen(name: string, heard: (message: Message) => void): void {
  const listener = (message: unknown) => heard(message as Message);
  subscribe(name, listener);
  subscribed.push(() => unsubscribe(name, listener));
}

/** All channels, as they come. */
function listenToAll(): { name: string; message: Message }[] {
  const heard: { name: string; message: Message }[] = [];
  for (const role of ['client', 'server'])
    for (const what of ['start', 'connected', 'error', 'end'])
      listen(`sealwire:${role}:${what}`, (message) => heard.push({ name: `${role}:${what}`, message }));
  return heard;
}

describe('diagnostics channels', () => {
  it('tell of a connection from start to end', async () => {
    const heard = listenToAll();
    const [client, server] = await tlsPair({
      server: { alpnProtocols: ['x'] },
      client: { alpnProtocols: ['x'] },
    });
    const secret = 'the word that nobody must read in a log';
    server.end(secret);
    await readAll(client);
    await Promise.all([client.close(), server.close()]);
    const of = (role: string) => heard.filter(({ name }) => name.startsWith(role));
    for (const role of ['client', 'server']) {
      expect(of(role).map(({ name }) => name)).toEqual([`${role}:start`, `${role}:connected`, `${role}:end`]);
      const [id] = of(role).map(({ message }) => message.id);
      expect(of(role).every(({ message }) => message.id === id && message.role === role)).toBe(true);
    }
    const [start, connected, end] = of('client').map(({ message }) => message);
    expect(start).toMatchObject({ serverName: 'localhost' });
    expect(connected).toMatchObject({
      version: 0x0304,
      alpnProtocol: 'x',
      resumed: false,
      serverName: 'localhost',
    });
    expect(connected?.durationMs).toBeGreaterThanOrEqual(0);
    expect(end?.durationMs).toBeGreaterThanOrEqual(connected?.durationMs ?? 0);
    expect(start?.connection).toBe(client);
    // Nothing of what passed, nor of the stream that holds it, is in what somebody would write down.
    const written = heard
      .map(({ message }) => inspect(message, { depth: 9 }) + JSON.stringify(message))
      .join();
    expect(written).not.toMatch(/the word that|TlsStream|Duplex|connection:/);
  });

  it('tell of failures, before and after the handshake', async () => {
    const heard = listenToAll();
    await errorOf(tlsPair({ client: { roots: otherRoots } }));
    const errors = () => heard.filter(({ name }) => name.endsWith(':error'));
    await closed(heard.find(({ name }) => name === 'server:start')!.message.connection);
    expect(errors().map(({ name, message }) => [name, (message.error as { code?: string }).code])).toEqual([
      ['client:error', 'local.unknownCa'],
      ['server:error', 'received.alert'],
    ]);
    expect(errors().every(({ message }) => message.wasConnected === false)).toBe(true);
    heard.splice(0);
    const [client, server] = await tlsPair();
    client.abort(new Error('enough'));
    await Promise.all([closed(client), closed(server)]);
    expect(errors().map(({ message }) => message.wasConnected)).toEqual([true, true]);
    expect(heard.filter(({ name }) => name.endsWith(':end'))).toHaveLength(2);
  });

  it('do no harm to a connection when a subscriber throws', async () => {
    const thrown: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      for (const what of ['start', 'connected', 'end'])
        listen(`sealwire:client:${what}`, () => {
          throw new Error(`subscriber of ${what}`);
        });
      const [client, server] = await tlsPair();
      server.end('all the same');
      expect(String(await readAll(client))).toBe('all the same');
      await Promise.all([client.close(), server.close()]);
      // Node itself tells the process, as of every such subscriber.
      expect(thrown.map((error) => (error as Error).message)).toEqual(
        ['start', 'connected', 'end'].map((what) => `subscriber of ${what}`),
      );
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const other of others) process.on('uncaughtException', other);
    }
  });
});
