import { once } from 'node:events';
import { expect, it } from 'vitest';
import { accepted, dialBuiltin, file, hasOpenssl, later, sClient, serve } from './stage.ts';

if (!hasOpenssl) console.log('skipped: stored sessions with s_client, which is not installed');

/** A server whose sessions are kept by the application. */
async function storing(store: Map<string, Buffer>) {
  const { server, port } = await serve({ minVersion: 'TLSv1.3', sealwire: { storeSessions: true } });
  const asked: string[] = [];
  server.on('newSession', (id, data, done) => {
    store.set(id.toString('hex'), data);
    void later(undefined).then(done);
  });
  server.on('resumeSession', (id, done) => {
    asked.push(id.toString('hex'));
    void later(undefined).then(() => done(null, (store.get(id.toString('hex')) ?? null) as Buffer));
  });
  server.on('secureConnection', (socket) => socket.write(socket.isSessionReused() ? 'again\n' : 'first\n'));
  return { server, port, asked };
}

it('are kept outside, for any server that shares the store', async () => {
  const store = new Map<string, Buffer>();
  const one = await storing(store);
  const [session] = (await once(dialBuiltin(one.port), 'session')) as [Buffer];
  expect(one.asked).toEqual([]);
  expect(store.size).toBeGreaterThan(0);
  const other = await storing(store);
  const peer = dialBuiltin(other.port, { session });
  await once(peer, 'secureConnect');
  expect(peer.isSessionReused()).toBe(true);
  expect(other.asked).toHaveLength(1);
  expect(store.has(other.asked[0]!)).toBe(true);
});

it('are not resumed when the store has none, or has another one', async () => {
  const store = new Map<string, Buffer>();
  const { server, port } = await storing(store);
  const [session] = (await once(dialBuiltin(port), 'session')) as [Buffer];
  const kept = [...store];
  const tried = async () => {
    const socket = accepted(server);
    const peer = dialBuiltin(port, { session });
    await once(peer, 'secureConnect');
    await socket;
    return peer.isSessionReused();
  };
  store.clear();
  expect(await tried()).toBe(false);
  // Each under the name of the other: their secrets are not those that the client knows.
  const [a, b] = kept as [[string, Buffer], [string, Buffer]];
  for (const [name] of kept) store.set(name, name === a[0] ? b[1] : a[1]);
  expect(await tried()).toBe(false);
  for (const [name] of kept) store.set(name, Buffer.from('no session'));
  expect(await tried()).toBe(false);
  for (const [name, data] of kept) store.set(name, data);
  expect(await tried()).toBe(true);
});

it.skipIf(!hasOpenssl)('are resumed by s_client', async () => {
  const { port } = await storing(new Map());
  const first = sClient(port, '-sess_out', file('stored.pem'));
  await first.prints(/first/);
  first.type('Q');
  await once(first.process, 'close');
  const second = sClient(port, '-sess_in', file('stored.pem'));
  await second.prints(/again/);
  expect(second.text).toMatch(/^Reused, TLSv1\.3/m);
});
