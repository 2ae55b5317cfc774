import { ApiMisuseError } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import * as both from '../src/index.ts';
import { clientSettings, connect, createServer, secure, serverSettings } from '../src/tls13.ts';
import { elsewhereServer, roots, serverIdentity } from '@sealwire/transport-tests';
import { closeAfterTest, errorOf, loopback, readAll } from './ends.ts';

const there = { host: loopback, serverName: 'localhost' };
const own = { host: loopback, ...serverIdentity };

it('a client and a server of TLS 1.3 alone talk, and the server changes its certificate', async () => {
  const server = await createServer(own, (connection) => void connection.end('hello'));
  const options = { ...there, port: server.port, roots };
  const connection = await connect(options);
  expect(connection.facts.version).toBe(0x0304);
  expect(String(await readAll(connection))).toBe('hello');
  await server.reload(elsewhereServer);
  expect(await errorOf(connect(options))).toMatchObject({ name: 'TlsError' });
  await server.close({ timeoutMs: 100 });
});

it('puts TLS 1.3 on streams that are there', async () => {
  const [near, far] = duplexPair();
  const ends = await Promise.all([
    secure(near, { role: 'client', serverName: 'localhost', roots }),
    secure(far, { role: 'server', ...serverIdentity }),
  ]);
  closeAfterTest(...ends);
  ends[0].end('and back');
  expect(String(await readAll(ends[1]))).toBe('and back');
});

it('a client of TLS 1.3 alone talks to no server of TLS 1.2 alone', async () => {
  const server = await both.createServer({ ...own, versions: [tls12] });
  const error = await errorOf(connect({ ...there, port: server.port, roots }));
  expect(error).toMatchObject({ name: 'TlsError', receivedAlert: 70 });
  await server.close({ timeoutMs: 100 });
});

it('a server of TLS 1.3 alone talks to no client of TLS 1.2 alone', async () => {
  const server = await createServer(own);
  const failed = new Promise((resolve) => server.on('connectionError', resolve));
  const error = await errorOf(both.connect({ ...there, port: server.port, roots, versions: [tls12] }));
  expect(error).toMatchObject({ name: 'TlsError', receivedAlert: 70 });
  expect(await failed).toMatchObject({ code: 'incompatible.version' });
  await server.close({ timeoutMs: 100 });
});

it('whom a client trusts must be said', async () => {
  const said = 'nothing says which peers to trust';
  await expect(connect({ port: 1 })).rejects.toThrow(said);
  expect(() => clientSettings({ serverName: 'localhost' })).toThrow(ApiMisuseError);
  expect(clientSettings({ serverName: 'localhost', roots }).config.versions).toHaveLength(1);
  expect(serverSettings(serverIdentity).config.versions).toHaveLength(1);
});
