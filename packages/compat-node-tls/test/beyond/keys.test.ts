import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  dial,
  dialBuiltin,
  hasOpenssl,
  sClient,
  serve,
  serveBuiltin,
  sServer,
  until,
} from './stage.ts';

if (!hasOpenssl) console.log('skipped: KeyUpdate with openssl, which is not installed');

/** Data in both directions proves that both have the same keys. */
describe.skipIf(!hasOpenssl)('KeyUpdate', () => {
  it('goes to s_client, and comes from it', async () => {
    const { server, port } = await serve({});
    const socket = accepted(server);
    const peer = sClient(port);
    const there = await socket;
    expect(there.sealwire.updateKeys()).toBe(true);
    there.write('under the second key\n');
    await peer.prints(/under the second key/);
    expect(there.sealwire.updateKeys({ requestPeer: true })).toBe(true);
    there.write('under the third key\n');
    await peer.prints(/under the third key/);
    peer.type('K');
    await peer.prints(/KEYUPDATE/);
    peer.type('under another key');
    const [data] = (await once(there, 'data')) as [Buffer];
    expect(String(data)).toBe('under another key\n');
    // What we have asked for it sends with what it wants itself.
    expect(there.sealwire.facts.keyUpdatesReceived).toBe(1);
  });

  it('goes to s_server, and comes from it', async () => {
    const { openssl, port } = await sServer();
    const socket = dial(port);
    await once(socket, 'secureConnect');
    expect(socket.sealwire.updateKeys({ requestPeer: true })).toBe(true);
    socket.write('under the second key\n');
    await openssl.prints(/under the second key/);
    const { keyUpdatesReceived: before = 0 } = socket.sealwire.facts;
    openssl.type('k');
    await until(() => socket.sealwire.facts.keyUpdatesReceived! > before);
    openssl.type('under another key');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(String(data)).toBe('under another key\n');
  });
});

it('is nothing before the handshake, after the end, and before TLS 1.3', async () => {
  const { port } = await serveBuiltin({ maxVersion: 'TLSv1.2' });
  const socket = dial(port);
  expect(socket.sealwire.updateKeys()).toBe(false);
  await once(socket, 'secureConnect');
  expect(socket.sealwire.updateKeys()).toBe(false);
  socket.destroy();
  expect(socket.sealwire.updateKeys()).toBe(false);
  expect(socket.sealwire.facts).toMatchObject({ version: 0x0303, keyUpdatesSent: 0 });
});

it('is no certificate asked for where there can be none', async () => {
  const { server, port } = await serve({ maxVersion: 'TLSv1.2' });
  const socket = accepted(server);
  const peer = dialBuiltin(port);
  await expect((await socket).sealwire.requestCertificate()).rejects.toMatchObject({
    code: 'ERR_TLS_INVALID_STATE',
  });
  await expect(dial(port).sealwire.requestCertificate()).rejects.toMatchObject({
    code: 'ERR_TLS_INVALID_STATE',
  });
  peer.destroy();
});
