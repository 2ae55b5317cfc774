import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { SeenHello } from '../../src/beyond/options.ts';
import { otherCa } from '../session/identities.ts';
import {
  accepted,
  ca,
  client,
  dialBuiltin,
  failure,
  later,
  ours,
  serve,
  server as identity,
} from './stage.ts';

it('is shown as it came', async () => {
  const seen: SeenHello[] = [];
  const { port } = await serve({ sealwire: { onClientHello: (hello) => void seen.push(hello) } });
  await once(dialBuiltin(port, { ALPNProtocols: ['a', 'b'] }), 'secureConnect');
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({
    serverName: 'localhost',
    alpnProtocols: ['a', 'b'],
    version: 0x0304,
    versions: [0x0304, 0x0303],
    renegotiation: 0,
  });
  expect(seen[0]!.raw[0]).toBe(1);
});

it('decides about certificate, protocol, and whether a certificate is asked for', async () => {
  const other = ours.createSecureContext({ ...client, ca } as never);
  const { server, port } = await serve({
    SNICallback: () => expect.unreachable('onClientHello has chosen'),
    ALPNCallback: () => expect.unreachable('onClientHello has chosen'),
    sealwire: {
      onClientHello: () =>
        later({ context: other, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['b'] }),
    },
  });
  const socket = accepted(server);
  const peer = dialBuiltin(port, {
    ...client,
    ALPNProtocols: ['a', 'b'],
    rejectUnauthorized: false,
  });
  await once(peer, 'secureConnect');
  expect(peer.getPeerCertificate().subject.CN).toBe('client');
  expect(peer.alpnProtocol).toBe('b');
  expect((await socket).authorized).toBe(true);
});

it.each([
  ['fails', () => Promise.reject(new Error('no such shelf')), 'no such shelf'],
  [
    'throws',
    () => {
      throw new Error('no such shelf');
    },
    'no such shelf',
  ],
  [
    'names no context',
    () => later({ context: {} as never }),
    'Expected a context of tls.createSecureContext()',
  ],
  ['says what nobody knows', () => ({ requestCerts: true }) as never, 'got requestCerts'],
  ['says what is no flag', () => ({ requestCert: 1 }) as never, 'booleans as requestCert'],
  ['says what is no name', () => ({ ALPNProtocols: [''] }), 'names of 1 to 255 bytes'],
])('one that %s refuses the client', async (_, onClientHello, message) => {
  const { server, port } = await serve({ sealwire: { onClientHello } });
  const failed = failure(server);
  expect((await failure(dialBuiltin(port))).message).toContain('alert handshake failure');
  expect((await failed).message).toContain(message);
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)('asks clients by the name that they want, %s', async (version) => {
  const { server, port } = await serve({ minVersion: version, maxVersion: version });
  const made = server as unknown as InstanceType<typeof ours.Server>;
  const context = { ...identity, ca };
  made.addContext('members.test', { ...context, sealwire: { requestCert: true } } as never);
  made.addContext('guests.test', {
    ...context,
    sealwire: { requestCert: true, rejectUnauthorized: false },
  } as never);
  const options = { checkServerIdentity: () => undefined };
  const served = async (servername: string, own = {}) => {
    const socket = accepted(server);
    const peer = dialBuiltin(port, { ...options, servername, ...own });
    const { authorized, authorizationError } = await socket;
    peer.destroy();
    return [authorized, authorizationError];
  };
  expect(await served('members.test', client)).toEqual([true, null]);
  expect(await served('guests.test')).toEqual([false, 'UNABLE_TO_GET_ISSUER_CERT']);
  expect(await served('elsewhere.test', client)).toEqual([false, null]);
  const failed = failure(server);
  const refused = dialBuiltin(port, { ...options, servername: 'members.test' });
  expect((await failed).message).toContain('peer did not return a certificate');
  refused.destroy();
});

it.each([
  ['TLSv1.2', 'that asks', { requestCert: true, rejectUnauthorized: false }],
  ['TLSv1.3', 'that asks', { requestCert: true, rejectUnauthorized: false }],
  ['TLSv1.2', 'of a server that asks', undefined],
  ['TLSv1.3', 'of a server that asks', undefined],
] as const)(
  'judges a certificate anew where others are trusted, %s, by a context %s',
  async (version, _, sealwire) => {
    const { server, port } = await serve({
      ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
    });
    const made = server as unknown as InstanceType<typeof ours.Server>;
    made.addContext('members.test', { ...identity, ca: otherCa, sealwire } as never);
    made.addContext('friends.test', { ...identity, ca } as never);
    const options = { ...client, checkServerIdentity: () => undefined };
    const served = async (own: object, event: 'session' | 'secureConnect') => {
      const socket = accepted(server);
      const peer = dialBuiltin(port, { ...options, ...own });
      const [session] = (await once(peer, event)) as [Buffer | undefined];
      const { authorized } = await socket;
      const reused = peer.isSessionReused();
      peer.destroy();
      return { session, authorized, reused };
    };
    // Who names nobody has a session that names nobody.
    const { session, authorized } = await served({ servername: '' }, 'session');
    expect(authorized).toBe(true);
    const members = await served({ servername: 'members.test', session }, 'secureConnect');
    expect([members.reused, members.authorized]).toEqual([false, false]);
    const friends = await served({ servername: 'friends.test', session }, 'secureConnect');
    expect([friends.reused, friends.authorized]).toEqual([true, true]);
  },
);

it('lets nobody into a name that wants a certificate by a session from elsewhere', async () => {
  const { server, port } = await serve({ sealwire: { onClientHello: () => later(orders) } });
  let orders: { requestCert?: boolean } = {};
  const session = new Promise<Buffer>((resolve) => dialBuiltin(port).once('session', resolve));
  await session;
  orders = { requestCert: true };
  const failed = failure(server);
  dialBuiltin(port, { session: await session });
  expect((await failed).message).toContain('peer did not return a certificate');
});
