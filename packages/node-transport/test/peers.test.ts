import { alertDescriptions } from '@sealwire/core';
import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import {
  createServer,
  type CreateServerOptions,
  type ConnectionHandler,
  type TlsServer,
} from '../src/index.ts';
import {
  checksum,
  connectTo,
  errorOf,
  fiveMegabytes,
  listening,
  loopback,
  portOf,
  readAll,
  closeAfterTest,
} from './ends.ts';
import {
  clientIdentity,
  elsewhereServer,
  elsewhereRoots,
  otherRoots,
  roots,
  serverIdentity,
} from '@sealwire/transport-tests';

/** Against the TLS of Node itself, over TCP. */
describe('our client and a server of node:tls', () => {
  it('echoes 5 MB, whole and in order', async () => {
    const server = await nodeServer({}, (socket) => socket.pipe(socket));
    const client = await connectTo(portOf(server));
    expect(client.facts).toMatchObject({ version: 0x0304, handshakes: 1 });
    client.end(fiveMegabytes);
    expect(checksum(await readAll(client))).toBe(checksum(fiveMegabytes));
  });

  it('shows its certificate when asked', async () => {
    const server = await nodeServer({ requestCert: true, ca: roots }, (socket) =>
      endWith(socket, String(socket.getPeerCertificate().subject?.CN)),
    );
    const client = await connectTo(portOf(server), clientIdentity);
    client.write('who am I?');
    expect(String(await readAll(client))).toBe('client');
  });

  it('agrees on an application protocol', async () => {
    const server = await nodeServer({ ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => socket.end());
    const client = await connectTo(portOf(server), { alpnProtocols: ['http/1.1'] });
    expect(client.facts.alpnProtocol).toBe('http/1.1');
  });

  it('refuses a certificate for another name with bad_certificate, and the server hears it', async () => {
    const { error, heard } = await refusedBy({ roots: elsewhereRoots }, elsewhereServer);
    expect(error).toMatchObject({ name: 'TlsError', code: 'local.nameMismatch' });
    expect(heard.message).toContain(`alert number ${alertDescriptions.bad_certificate}`);
  });

  it('refuses a certificate of an unknown CA with unknown_ca, and the server hears it', async () => {
    const { error, heard } = await refusedBy({ roots: otherRoots }, serverIdentity);
    expect(error).toMatchObject({ name: 'TlsError', code: 'local.unknownCa' });
    expect(heard.message).toContain(`alert number ${alertDescriptions.unknown_ca}`);
  });

  it('accepts anyone only when verify: false is spelt out', async () => {
    const server = await nodeServer(elsewhereServer, (socket) => endWith(socket, 'hi'));
    const client = await connectTo(portOf(server), { verify: false });
    expect(client.facts.peerVerdict).toMatchObject({ authorized: false });
    client.write('hello');
    expect(String(await readAll(client))).toBe('hi');
  });

  it('exports the same keying material, and updates keys while data flows', async () => {
    const exported: Buffer[] = [];
    const server = await nodeServer({}, (socket) => {
      exported.push(socket.exportKeyingMaterial(32, 'EXPORTER-test', Buffer.from('context')));
      socket.pipe(socket);
    });
    const client = await connectTo(portOf(server));
    const ours = client.exportKeyingMaterial('EXPORTER-test', Buffer.from('context'), 32);
    const echo = readAll(client);
    for (let i = 0; i < 10; i++) {
      expect(client.updateKeys({ requestPeer: true })).toBe(true);
      await client.send(fiveMegabytes.subarray(i * 100_000, (i + 1) * 100_000));
    }
    client.end();
    expect(checksum(await echo)).toBe(checksum(fiveMegabytes.subarray(0, 1_000_000)));
    expect(exported[0]).toEqual(Buffer.from(ours));
    expect(client.facts.keyUpdatesSent).toBeGreaterThanOrEqual(10);
    expect(client.facts.keyUpdatesReceived).toBeGreaterThanOrEqual(1);
  });

  it('half-close: reads on after its own end', async () => {
    const server = await nodeServer({ allowHalfOpen: true } as tls.TlsOptions, async (socket) => {
      const request = await readAll(socket.iterator({ destroyOnReturn: false }));
      socket.end(`got ${request.length}, and here is more`);
    });
    const client = await connectTo(portOf(server));
    client.end('12345');
    expect(String(await readAll(client))).toBe('got 5, and here is more');
  });

  /** What our client says to a server with this identity, and what the server hears of it. */
  async function refusedBy(options: Parameters<typeof connectTo>[1], identity: typeof serverIdentity) {
    const server = await nodeServer(identity, () => {});
    const heard = once(server, 'tlsClientError') as Promise<[Error]>;
    const error = await errorOf(connectTo(portOf(server), options));
    return { error, heard: (await heard)[0] };
  }
});

describe('a client of node:tls and our server', () => {
  it('echoes 5 MB, whole and in order', async () => {
    const server = await ourServer({}, async (connection) => {
      for await (const chunk of connection) await connection.send(chunk);
      connection.end();
    });
    const client = await nodeClient(server);
    expect(client.getProtocol()).toBe('TLSv1.3');
    client.end(fiveMegabytes);
    expect(checksum(await readAll(client))).toBe(checksum(fiveMegabytes));
  });

  it('asks for a certificate, and knows whose it is', async () => {
    const server = await ourServer({ clientAuthentication: 'require', roots }, (connection) => {
      connection.end(String((connection.facts.peerVerdict as { authorized: boolean }).authorized));
    });
    const { certificate: cert, privateKey: key } = clientIdentity;
    expect(String(await readAll(await nodeClient(server, { cert, key })))).toBe('true');
  });

  it('refuses a client without a certificate with certificate_required, and the client hears it', async () => {
    const server = await ourServer({ clientAuthentication: 'require', roots }, () => {});
    const failed = once(server, 'connectionError');
    // In TLS 1.3 the client has finished before the server looks at what it sent.
    const client = await nodeClient(server);
    const error = await errorOf(readAll(client));
    expect(error.message).toContain(`alert number ${alertDescriptions.certificate_required}`);
    expect((await failed)[0]).toMatchObject({ code: 'incompatible.certificateRequired' });
  });

  it('refuses a client of an unknown CA with unknown_ca, and the client hears it', async () => {
    const server = await ourServer({ clientAuthentication: 'require', roots: otherRoots }, () => {});
    const { certificate: cert, privateKey: key } = clientIdentity;
    const error = await errorOf(readAll(await nodeClient(server, { cert, key })));
    expect(error.message).toContain(`alert number ${alertDescriptions.unknown_ca}`);
  });

  it('agrees on an application protocol, and refuses a client with others', async () => {
    const server = await ourServer({ alpnProtocols: ['h2', 'http/1.1'] }, (connection) => {
      connection.end(connection.facts.alpnProtocol);
    });
    const client = await nodeClient(server, { ALPNProtocols: ['http/1.1', 'h2'] });
    expect(String(await readAll(client))).toBe(client.alpnProtocol);
    const error = await errorOf(nodeClient(server, { ALPNProtocols: ['smtp'] }));
    expect(error.message).toContain(`alert number ${alertDescriptions.no_application_protocol}`);
  });

  it('hears that a client refuses it', async () => {
    const server = await ourServer({}, () => {});
    const failed = once(server, 'connectionError');
    await errorOf(nodeClient(server, { ca: otherRoots }));
    // Node's client sends its alert, or only cuts the connection, depending on how far it was.
    const code = ((await failed)[0] as { code: string }).code;
    expect(['received.alert', 'transport.reset', 'peer.closedDuringHandshake']).toContain(code);
  });

  it('half-close: reads on after its own end', async () => {
    const received: string[] = [];
    const server = await ourServer({}, async (connection) => {
      connection.end('bye');
      received.push(String(await readAll(connection)));
    });
    const client = await nodeClient(server, { allowHalfOpen: true } as tls.ConnectionOptions);
    expect(String(await readAll(client.iterator({ destroyOnReturn: false })))).toBe('bye');
    client.end('not yet');
    await once(client, 'close');
    await server.close();
    expect(received).toEqual(['not yet']);
  });
});

async function nodeServer(
  options: tls.TlsOptions | typeof serverIdentity,
  onSocket: (socket: tls.TLSSocket) => void,
) {
  const identity = 'privateKey' in options ? options : serverIdentity;
  const server = tls.createServer(
    { cert: identity.certificate, key: identity.privateKey, ...options } as tls.TlsOptions,
    onSocket,
  );
  return listening(server);
}

/** Answers a request: Node's server leaves the close_notify out when a socket is ended right after the handshake. */
function endWith(socket: tls.TLSSocket, text: string): void {
  socket.once('data', () => socket.end(text));
}

async function ourServer(
  options: Partial<CreateServerOptions>,
  serve: ConnectionHandler,
): Promise<TlsServer> {
  return createServer({ host: loopback, ...serverIdentity, ...options }, serve);
}

async function nodeClient(server: TlsServer, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  const client = tls.connect({
    host: loopback,
    port: server.port,
    servername: 'localhost',
    ca: roots,
    ...options,
  });
  closeAfterTest(client);
  await once(client, 'secureConnect');
  return client;
}
