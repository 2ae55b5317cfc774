import { tls12 } from '@sealwire/core/tls12';
import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createServer, type Decide, type TlsStream } from '../src/index.ts';
import { closeAfterTest, connectTo, errorOf, listening, loopback, portOf, readAll, tlsPair } from './ends.ts';
import { clientIdentity, roots, serverIdentity } from '@sealwire/transport-tests';

const versions = [tls12];
const { certificate: cert, privateKey: key } = serverIdentity;
const ofClient = { cert: clientIdentity.certificate, key: clientIdentity.privateKey };

/** Both read, so that the peer's messages are seen. */
function flowing(...streams: TlsStream[]): void {
  for (const stream of streams) stream.resume();
}

/** Renegotiation in TLS 1.2 and older (RFC 5746). */
describe('renegotiate', () => {
  it('asks a client for its certificate, and lets what is written wait', async () => {
    const [client, server] = await tlsPair({
      client: { versions, acceptRenegotiation: true, ...clientIdentity },
      server: { versions, roots },
    });
    const seen: number[] = [];
    for (const end of [client, server])
      end.on('secure', ({ handshakes }: { handshakes: number }) => seen.push(handshakes));
    flowing(server);
    const done = server.renegotiate({ clientAuthentication: 'require' });
    client.write('one');
    server.end('two');
    expect(await done).toBe(true);
    expect(server.facts).toMatchObject({ handshakes: 2, peerEvidence: { type: 'x509' } });
    expect((await readAll(client)).toString()).toBe('two');
    expect(seen.toSorted()).toEqual([2, 2]);
  });

  it('takes no for an answer', async () => {
    const [client, server] = await tlsPair({ client: { versions }, server: { versions } });
    flowing(client, server);
    for (let i = 0; i < 2; i++) {
      expect([await client.renegotiate(), await server.renegotiate()]).toEqual([false, false]);
    }
    expect([client.facts.handshakes, server.facts.handshakes]).toEqual([1, 1]);
  });

  it('says at once where it cannot be', async () => {
    const [client, server] = await tlsPair();
    expect(client.facts.version).toBe(0x0304);
    for (const end of [client, server]) {
      expect(await errorOf(end.renegotiate())).toMatchObject({ code: 'transport.renegotiationUnavailable' });
    }
    expect(() => client.renegotiate({ clientAuthentication: 'none' })).toThrow('of a server alone');
    expect(() => server.renegotiate({ clientAuthentication: 'must' as never })).toThrow(
      'one of none, request, require',
    );
    expect(() => server.renegotiate({ clientAuthentication: 'request' })).toThrow(
      'nothing says which clients to trust',
    );
  });

  it('rejects when the connection ends without it, in time, and what is asked for twice', async () => {
    const decide: Decide = {
      chooseSession: ({ renegotiation }) =>
        renegotiation === 0 ? { ok: true, sessions: [] } : new Promise(() => {}),
    };
    const thinking = { client: { versions, acceptRenegotiation: true, decide }, server: { versions } };
    const [, server] = await tlsPair({ ...thinking, server: { versions, handshakeTimeoutMs: 300 } });
    server.resume();
    const [first, second] = [errorOf(server.renegotiate()), errorOf(server.renegotiate())];
    expect(await first).toMatchObject({ code: 'transport.handshakeTimeout' });
    expect(await second).toMatchObject({ code: 'transport.renegotiationUnavailable' });
    const [, other] = await tlsPair(thinking);
    const pending = errorOf(other.renegotiate());
    other.destroy();
    expect(await pending).toMatchObject({ code: 'transport.destroyed' });
  });
});

describe('renegotiation with node:tls', () => {
  it.each([true, false])('is begun by its client, which has a certificate: %s', async (hasOne) => {
    const server = await createServer(
      {
        host: loopback,
        ...serverIdentity,
        versions,
        roots,
        clientAuthentication: 'request',
        acceptRenegotiation: true,
      },
      async (connection: TlsStream) => {
        for await (const chunk of connection)
          await connection.send(`${connection.facts.handshakes} ${chunk}`);
        await connection.close();
      },
    );
    const socket = tls.connect({
      host: loopback,
      port: server.port,
      servername: 'localhost',
      ca: roots,
      maxVersion: 'TLSv1.2',
      ...(hasOne ? ofClient : {}),
    });
    closeAfterTest(socket);
    await once(socket, 'secureConnect');
    socket.write('a');
    expect(String((await once(socket, 'data'))[0])).toBe('1 a');
    await new Promise<void>((resolve, reject) =>
      socket.renegotiate({}, (error) => (error === null ? resolve() : reject(error))),
    );
    socket.write('b');
    expect(String((await once(socket, 'data'))[0])).toBe('2 b');
    socket.end();
    await server.close();
  });

  it('is begun by us', async () => {
    const server = await listening(
      tls.createServer({ cert, key, maxVersion: 'TLSv1.2' }, (socket) => socket.pipe(socket)),
    );
    const client = await connectTo(portOf(server), { versions });
    await client.send('a');
    expect(String((await once(client, 'data'))[0])).toBe('a');
    expect(await client.renegotiate()).toBe(true);
    await client.send('b');
    expect(String((await once(client, 'data'))[0])).toBe('b');
    expect(client.facts).toMatchObject({ handshakes: 2, version: 0x0303 });
    await client.close();
  });
});
