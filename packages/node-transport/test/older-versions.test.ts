import { ApiMisuseError, type Session } from '@sealwire/core';
import { SessionTable, suites12, tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createServer, serverSettings, type TlsServerOptions } from '../src/index.ts';
import { connectTo, listening, loopback, portOf, readAll, tlsPair } from './ends.ts';
import { clientIdentity, roots, serverIdentity } from '@sealwire/transport-tests';

const versions = [tls12];

describe('without the option versions', () => {
  it('TLS 1.3 is spoken where both can, TLS 1.2 with whoever has nothing better', async () => {
    expect((await tlsPair())[0].facts.version).toBe(0x0304);
    expect((await tlsPair({ server: { versions } }))[0].facts.version).toBe(0x0303);
    expect((await tlsPair({ client: { versions } }))[1].facts.version).toBe(0x0303);
  });

  it('nothing older is spoken', async () => {
    for (const older of [tls11, tls10]) {
      const refused = tlsPair({ client: { versions: [older] } });
      await expect(refused).rejects.toMatchObject({ receivedAlert: 70, code: 'received.alert' });
    }
  });
});

describe('a connection of TLS 1.2', () => {
  it('has no KeyUpdate and asks for no certificate later on', async () => {
    const [client, server] = await tlsPair({
      client: { postHandshakeAuth: true },
      server: { versions, clientAuthentication: 'none', verify: false },
    });
    expect(client.updateKeys({ requestPeer: true })).toBe(false);
    await expect(server.requestClientAuth()).rejects.toMatchObject({
      code: 'transport.clientAuthUnavailable',
    });
    client.end('still here');
    expect(String(await readAll(server))).toBe('still here');
  });

  it('authenticates both sides, and binds what is above it', async () => {
    const [client, server] = await tlsPair({
      client: clientIdentity,
      server: { versions, clientAuthentication: 'require', roots },
    });
    expect(server.facts.peerVerdict).toMatchObject({ authorized: true });
    for (const type of ['tls-exporter', 'tls-server-end-point'] as const) {
      expect(client.channelBinding(type)).toEqual(server.channelBinding(type));
    }
    expect(client.exportKeyingMaterial('EXPORTER-test', new Uint8Array(1), 16)).toEqual(
      server.exportKeyingMaterial('EXPORTER-test', new Uint8Array(1), 16),
    );
  });

  it('sends what was meant as 0-RTT data not at all, and says so', async () => {
    const sessions: Session[] = [];
    const server = await createServer({ port: 0, host: loopback, versions, ...serverIdentity }, (each) => {
      each.end('hello');
    });
    const first = await connectTo(server.port, { onSession: (session) => sessions.push(session) });
    first.end();
    await readAll(first);
    expect(sessions).toMatchObject([{ version: 0x0303 }]);
    const again = await connectTo(server.port, { sessions, sendEarlyData: Buffer.from('GET /') });
    expect([again.facts.resumed, again.earlyDataTaken, again.facts.earlyData]).toEqual([true, 0, undefined]);
    again.end();
    expect(String(await readAll(again))).toBe('hello');
    await server.close();
  });
});

describe('sessions of TLS 1.2 by their ids', () => {
  it.each<[string, Partial<TlsServerOptions>]>([
    ['in a table', { sessionIds: { store: new SessionTable() } }],
    ['where the application keeps them, and takes its time', { sessionIds: {}, decide: slowStore() }],
  ])('are resumed %s', async (_name, kept) => {
    const options = {
      port: 0,
      host: loopback,
      versions,
      tickets: false as const,
      ...serverIdentity,
      ...kept,
    };
    const server = await createServer(options, (each) => {
      each.end(each.facts.resumed ? 'welcome back' : 'welcome');
    });
    const sessions: Session[] = [];
    const talk = async () => {
      const connection = await connectTo(server.port, {
        sessions,
        onSession: (each) => sessions.unshift(each),
      });
      connection.end();
      return String(await readAll(connection));
    };
    expect([await talk(), await talk(), await talk()]).toEqual(['welcome', 'welcome back', 'welcome back']);
    expect(sessions[0]?.sessionId).toHaveLength(32);
    await server.close();
  });

  it('are not resumed after a fatal alert', async () => {
    const options = { port: 0, host: loopback, versions, tickets: false as const, ...serverIdentity };
    const server = await createServer({ ...options, sessionIds: { store: new SessionTable() } }, (each) => {
      each.on('error', () => {});
      each.write('welcome');
    });
    const sessions: Session[] = [];
    const invalid: unknown[] = [];
    const first = await connectTo(server.port, {
      onSession: (each) => sessions.push(each),
      onSessionInvalid: (name) => invalid.push(name),
    });
    const failed = once(first, 'error');
    first.abort(new Error('enough'));
    await failed;
    expect(invalid).toEqual([{ sessionId: sessions[0]!.sessionId }]);
    const second = await connectTo(server.port, { sessions });
    expect(second.facts.resumed).toBe(false);
    second.destroy();
    await server.close();
  });

  it('need somebody who keeps them', () => {
    expect(() => serverSettings({ ...serverIdentity, sessionIds: {} })).toThrow(ApiMisuseError);
  });
});

/** Whose answers come from elsewhere. */
function slowStore(): TlsServerOptions['decide'] & object {
  const table = new SessionTable();
  return {
    lookupSession: (ask) => new Promise((done) => setTimeout(() => done(table.lookupSession(ask)), 5)),
    storeSession: (ask) => new Promise((done) => setTimeout(() => done(table.storeSession(ask)), 5)),
  };
}

describe('with node:tls', () => {
  it('our client speaks what a server has', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.1', 'TLSv1'] as const) {
      const credentials = { cert: serverIdentity.certificate, key: serverIdentity.privateKey };
      const options = { ...credentials, minVersion: 'TLSv1', maxVersion: version, ciphers: old } as const;
      const server = await listening(tls.createServer(options, (socket) => socket.pipe(socket)));
      const client = await connectTo(portOf(server), { versions: [tls13, tls12, tls11, tls10] });
      expect(client.facts.version).toBe({ 'TLSv1.2': 0x0303, 'TLSv1.1': 0x0302, TLSv1: 0x0301 }[version]);
      client.end(version);
      expect(String(await readAll(client))).toBe(version);
    }
  });

  it('our server speaks what a client has, and static RSA and the like only when named', async () => {
    const server = await createServer(
      { port: 0, host: loopback, versions: [tls13, tls12, tls11, tls10], ...serverIdentity },
      (each) => void each.end(`${each.facts.version}`),
    );
    for (const [version, number] of [
      ['TLSv1.2', 0x0303],
      ['TLSv1.1', 0x0302],
      ['TLSv1', 0x0301],
    ] as const) {
      const client = tls.connect({
        port: server.port,
        host: loopback,
        servername: 'localhost',
        ca: roots,
        minVersion: version,
        maxVersion: version,
        ciphers: old,
      });
      await once(client, 'secureConnect');
      const said = [client.getProtocol(), String(await readAll(client))];
      expect(said).toEqual([version, `${number}`]);
      client.end();
    }
    await server.close();
    expect(serverSettings({ ...serverIdentity }).config.cipherSuites).not.toContain(
      suites12.TLS_RSA_WITH_AES_128_GCM_SHA256,
    );
  });
});

/** Without it OpenSSL refuses the hashes of TLS 1.0 and 1.1. */
const old = 'DEFAULT@SECLEVEL=0';
