import { ApiMisuseError } from '@sealwire/core';
import { once } from 'node:events';
import { createServer as createTcpServer, connect as connectTcp, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { secure, type TlsStream } from '../src/index.ts';
import {
  closeAfterTest,
  errorOf,
  listening,
  loopback,
  portOf,
  readAll,
  tcpPair,
  tlsPair,
  until,
} from './ends.ts';
import { roots, serverIdentity } from '@sealwire/transport-tests';

const asServer = { role: 'server', ...serverIdentity } as const;
const asClient = { role: 'client', serverName: 'localhost', roots } as const;

/** How a server reads the line STARTTLS, and hands over what came with it. */
const waysToRead: Record<string, (socket: Socket) => Promise<TlsStream>> = {
  'data, the rest as initial': async (socket) => {
    let text = Buffer.alloc(0);
    for (let end = -1; end === -1; end = text.indexOf('\r\n')) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      text = Buffer.concat([text, chunk]);
    }
    return secure(socket, { ...asServer, initial: text.subarray(text.indexOf('\r\n') + 2) });
  },
  'data, pause and unshift': (socket) =>
    new Promise((resolve) => {
      socket.once('data', (chunk: Buffer) => {
        socket.pause();
        socket.unshift(chunk.subarray(chunk.indexOf('\r\n') + 2));
        // Later, as after a look at a database.
        setTimeout(() => resolve(secure(socket, asServer)), 5);
      });
    }),
  'readable and read, the rest left where it is': (socket) =>
    new Promise((resolve) => {
      const readLine = () => {
        if (socket.read('STARTTLS\r\n'.length) === null) return;
        socket.off('readable', readLine);
        resolve(secure(socket, asServer));
      };
      socket.on('readable', readLine);
    }),
  'a loop that is left, and unshift': async (socket) => {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      socket.unshift((chunk as Buffer).subarray('STARTTLS\r\n'.length));
      break;
    }
    return secure(socket, asServer);
  },
};

describe('STARTTLS', () => {
  for (const [how, read] of Object.entries(waysToRead)) {
    it(`with a ClientHello in the chunk of the last line: ${how}`, async () => {
      const [near, far] = await tcpPair();
      const serving = read(far);
      // A client that does not wait for the answer: its line and its hello leave in one write.
      near.cork();
      near.write('STARTTLS\r\n');
      const connecting = secure(near, asClient);
      near.uncork();
      const [client, server] = await Promise.all([connecting, serving]);
      closeAfterTest(client, server);
      server.end('secret');
      client.end('word');
      expect([String(await readAll(client)), String(await readAll(server))]).toEqual(['secret', 'word']);
    });
  }

  it('after a dialogue of lines in both directions, as in SMTP', async () => {
    const tcp = await listening(createTcpServer({ allowHalfOpen: true }));
    const serving = once(tcp, 'connection').then(async ([socket]: Socket[]) => {
      socket!.write('220 mail.example.org ESMTP\r\n');
      await lineOf(socket!, 'EHLO me\r\n');
      socket!.write('250-mail.example.org\r\n250 STARTTLS\r\n');
      await lineOf(socket!, 'STARTTLS\r\n');
      socket!.write('220 go ahead\r\n');
      return secure(socket!, asServer);
    });
    const socket = connectTcp({ port: portOf(tcp), host: loopback, allowHalfOpen: true });
    await lineOf(socket, '220 mail.example.org ESMTP\r\n');
    socket.write('EHLO me\r\n');
    await lineOf(socket, '250-mail.example.org\r\n250 STARTTLS\r\n');
    socket.write('STARTTLS\r\n');
    await lineOf(socket, '220 go ahead\r\n');
    const [client, server] = await Promise.all([secure(socket, asClient), serving]);
    closeAfterTest(client, server);
    client.end('MAIL FROM:<me@example.org>\r\n');
    expect(String(await readAll(server))).toBe('MAIL FROM:<me@example.org>\r\n');
  });

  it('refuses lines that somebody put behind STARTTLS: they are no TLS, and nobody is given them', async () => {
    const [near, far] = await tcpPair();
    const serving = waysToRead['data, the rest as initial']!(far);
    near.on('error', () => {});
    near.write('STARTTLS\r\nMAIL FROM:<mallory@example.org>\r\n');
    expect(await errorOf(serving)).toMatchObject({
      name: 'TlsError',
      code: expect.stringMatching(/^peer\./),
    });
    near.destroy();
  });

  it('takes initial bytes of any length, and nothing that is not bytes', async () => {
    const [near, far] = await tcpPair();
    const serving = secure(far, { ...asServer, initial: new Uint8Array(0) });
    const [client, server] = await Promise.all([secure(near, asClient), serving]);
    closeAfterTest(client, server);
    expect(client.facts.version).toBe(0x0304);
    await expect(secure(near, { ...asClient, initial: 'text' as never })).rejects.toThrow(ApiMisuseError);
  });
});

describe('a given stream', () => {
  it('is let go of with the listeners that it had before, and one that ignores errors', async () => {
    for (const how of ['end', 'destroy', 'abort'] as const) {
      const pair = await tcpPair();
      const before = pair.map(listeners);
      const [client, server] = await tlsPair({}, pair);
      for (const each of [client, server]) each.on('error', () => {}).resume();
      if (how === 'end') await Promise.all([client.close(), server.close()]);
      else if (how === 'destroy') client.destroy();
      else client.abort(new Error('enough'));
      await until(() => pair.every(({ closed }) => closed));
      // One stays, with a socket that is closed: late errors must not end the process.
      for (const socket of pair) expect(socket.listenerCount('error')).toBe(1);
      for (const socket of pair) socket.removeAllListeners('error');
      await until(() => String(pair.map(listeners)) === String(before));
    }
  });

  it('can be a TLS connection itself', async () => {
    const outer = await tlsPair({}, await tcpPair());
    const [client, server] = await tlsPair({}, outer);
    const sent = Buffer.alloc(1_000_000, 'inner');
    client.end(sent);
    expect((await readAll(server)).equals(sent)).toBe(true);
    server.end('both');
    expect(String(await readAll(client))).toBe('both');
    await Promise.all([client.close(), server.close()]);
    await until(() => outer.every(({ closed }) => closed));
  });
});

/** All names with their number of listeners. */
function listeners(socket: Socket): string {
  return socket
    .eventNames()
    .map((name) => `${String(name)} ${socket.listenerCount(name)}`)
    .sort()
    .join();
}

/** Reads exactly this. */
async function lineOf(socket: Socket, line: string): Promise<void> {
  socket.resume();
  for (let text = ''; text !== line; ) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += String(chunk);
  }
  socket.pause();
}
