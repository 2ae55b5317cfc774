import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { PeerToVerify } from '../../src/beyond/asks.ts';
import { accepted, ca, client, dial, dialBuiltin, failure, later, serve, serveBuiltin } from './stage.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const only = (version: (typeof versions)[number]) => ({ minVersion: version, maxVersion: version });
/** Nobody of ours. */
const strangers = { ca: [] as string[] };

it.each(versions)(
  'accepts a server that was found wanting, and compares the name all the same, %s',
  async (version) => {
    const { port } = await serveBuiltin(only(version));
    const seen: PeerToVerify[] = [];
    const sealwire = {
      verify: (peer: PeerToVerify) => {
        seen.push(peer);
        return later(true);
      },
    };
    const socket = dial(port, { ...strangers, sealwire });
    await once(socket, 'secureConnect');
    expect([socket.authorized, socket.authorizationError]).toEqual([true, null]);
    expect(seen[0]).toMatchObject({ cause: 'handshake', host: 'localhost' });
    expect(seen[0]!.problem?.code).toMatch(/^(UNABLE_TO_|SELF_SIGNED_)/);
    expect(seen[0]!.chain[0]).toEqual(socket.getPeerCertificate().raw);
    const misnamed = dial(port, { ...strangers, servername: 'elsewhere.test', sealwire });
    expect((await failure(misnamed)).code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  },
);

it('leaves it at what was found where it says nothing', async () => {
  const { port } = await serveBuiltin({});
  const sealwire = { verify: async () => undefined };
  await once(dial(port, { sealwire }), 'secureConnect');
  expect((await failure(dial(port, { ...strangers, sealwire }))).code).toMatch(/^(UNABLE_TO_|SELF_SIGNED_)/);
});

const revoked = Object.assign(new Error('revoked yesterday'), { code: 'CERT_REVOKED' });

it.each([
  ['throws', () => Promise.reject(new Error('no such shelf')), 'internal error', 'no such shelf'],
  [
    'throws at once',
    () => {
      throw new Error('no such shelf');
    },
    'internal error',
    'no such shelf',
  ],
  ['returns an error', () => later(new Error('not today')), 'certificate unknown', 'not today'],
  ['returns false', () => false, 'certificate unknown', 'the peer was refused by sealwire.verify'],
  ['names the reason', () => Promise.reject(revoked), 'certificate revoked', 'revoked yesterday'],
  [
    'returns what means nothing',
    () => 5 as never,
    'internal error',
    'Expected a boolean, an Error or undefined',
  ],
])('one that %s ends the handshake by an alert', async (_, verify, alert, message) => {
  const { server, port } = await serveBuiltin({});
  const told = failure(server);
  const socket = dial(port, { sealwire: { verify } });
  expect((await failure(socket)).message).toContain(message);
  expect((await told).message).toContain(`alert ${alert}`);
});

it('goes on without authorization where the application wants that', async () => {
  const { port } = await serveBuiltin({});
  const socket = dial(port, {
    rejectUnauthorized: false,
    sealwire: { verify: () => Promise.reject(revoked) },
  });
  await once(socket, 'secureConnect');
  expect([socket.authorized, socket.authorizationError]).toEqual([false, 'CERT_REVOKED']);
});

it('judges clients, when they resume as well', async () => {
  const causes: string[] = [];
  let verdict: Error | undefined;
  const { server, port } = await serve({
    ca,
    requestCert: true,
    sealwire: {
      verify: ({ cause, host }) => {
        causes.push(`${cause} ${host}`);
        return later(verdict);
      },
    },
  });
  const first = accepted(server);
  const peer = dialBuiltin(port, client);
  const [session] = (await once(peer, 'session')) as [Buffer];
  expect((await first).authorized).toBe(true);
  const second = accepted(server);
  const resuming = dialBuiltin(port, { ...client, session });
  await once(resuming, 'secureConnect');
  expect([resuming.isSessionReused(), (await second).authorized]).toEqual([true, true]);
  expect(causes).toEqual(['handshake undefined', 'resumption undefined']);
  verdict = revoked;
  const failed = failure(server);
  const refused = dialBuiltin(port, { ...client, session: undefined });
  expect((await failure(refused)).message).toContain('certificate revoked');
  expect(await failed).toBe(revoked);
});

it('is told when nobody waits any more', async () => {
  const { port } = await serveBuiltin({});
  let asked!: (peer: PeerToVerify) => void;
  const peer = new Promise<PeerToVerify>((resolve) => (asked = resolve));
  let answer!: (judgement: boolean) => void;
  const socket = dial(port, {
    sealwire: {
      verify: (each) => {
        asked(each);
        return new Promise((resolve) => (answer = resolve));
      },
    },
  });
  const { signal } = await peer;
  expect(signal.aborted).toBe(false);
  socket.destroy();
  await once(socket, 'close');
  expect(signal.aborted).toBe(true);
  answer(true);
  await later(undefined);
  expect(socket.authorized).toBe(false);
});
