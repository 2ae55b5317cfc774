import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  builtin,
  dial,
  dialBuiltin,
  failure,
  hasOpenssl,
  later,
  sClient,
  serve,
  serveBuiltin,
} from './stage.ts';

if (!hasOpenssl) console.log('skipped: pskCallback by a promise with s_client, which is not installed');

const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const suites = { 'TLSv1.2': 'PSK-AES128-GCM-SHA256', 'TLSv1.3': 'TLS_AES_128_GCM_SHA256' } as const;
const versions = Object.keys(suites) as (keyof typeof suites)[];
const only = (version: keyof typeof suites) => ({ minVersion: version, maxVersion: version });

describe.each(versions)('pskCallback by a promise, %s', (version) => {
  const psk = { ...only(version), ciphers: suites[version] };

  it.skipIf(!hasOpenssl)('of a server, for s_client', async () => {
    const asked: string[] = [];
    const { server, port } = await serve({
      ...psk,
      pskCallback: ((_: unknown, identity: string) => {
        asked.push(identity);
        return later(key);
      }) as never,
    });
    const socket = accepted(server);
    const flags = version === 'TLSv1.2' ? ['-tls1_2', '-cipher', suites[version]] : ['-tls1_3'];
    const peer = sClient(port, ...flags, '-psk_identity', 'somebody', '-psk', key.toString('hex'));
    expect((await socket).getProtocol()).toBe(version);
    expect((await socket).getPeerCertificate()).toEqual({});
    await peer.prints(/Cipher is /);
    expect(peer.text).not.toContain('BEGIN CERTIFICATE');
    expect(asked).toEqual(['somebody']);
  });

  it('of a client, for the builtin', async () => {
    const { server, port } = await serveBuiltin({
      ...psk,
      pskCallback: (_, identity) => (identity === 'somebody' ? key : null),
    });
    const peer = accepted(server);
    const socket = dial(port, {
      ...psk,
      checkServerIdentity: () => undefined,
      pskCallback: (() => later({ psk: key, identity: 'somebody' })) as never,
    });
    await once(socket, 'secureConnect');
    expect(socket.getPeerCertificate()).toEqual({});
    expect((await peer).getProtocol()).toBe(version);
  });

  it('that fails, or answers what is no key, ends the handshake with an alert and its own error', async () => {
    for (const answer of [Promise.reject(new Error('no such shelf')), later({ psk: 5 })]) {
      answer.catch(() => {});
      const { server, port } = await serve({ ...psk, pskCallback: (() => answer) as never });
      const failed = failure(server);
      const peer = dialBuiltin(port, {
        ...psk,
        checkServerIdentity: () => undefined,
        pskCallback: () => ({ psk: key, identity: 'somebody' }),
      });
      const alert = await failure(peer);
      expect(alert.message).toContain('alert internal error');
      expect((await failed).message).toMatch(/no such shelf|"psk" argument must be an instance of Buffer/);
    }
  });
});

describe('ALPNCallback by a promise', () => {
  const asking = { ALPNProtocols: ['a', 'b'] };

  it('chooses', async () => {
    const { server, port } = await serve({
      ALPNCallback: (({ protocols }: { protocols: string[] }) => later(protocols[1])) as never,
    });
    const socket = accepted(server);
    const peer = dialBuiltin(port, asking);
    await once(peer, 'secureConnect');
    expect([peer.alpnProtocol, (await socket).alpnProtocol]).toEqual(['b', 'b']);
  });

  it('that gives undefined refuses, as without one', async () => {
    const { port } = await serve({ ALPNCallback: (() => later(undefined)) as never });
    expect(await failure(dialBuiltin(port, asking))).toMatchObject({
      message: /no application protocol/,
    } as never);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no such shelf')), /^no such shelf$/],
    ['names what was not offered', () => later('c'), /^ALPN callback returned a value \(c\)/],
  ])('that %s ends the handshake with an alert and an error', async (_, callback, message) => {
    const { server, port } = await serve({ ALPNCallback: callback as never });
    const failed = failure(server);
    const peer = dialBuiltin(port, asking);
    expect((await failure(peer)).message).toContain('alert handshake failure');
    expect((await failed).message).toMatch(message);
  });

  it('that comes after the end changes nothing, and one that never comes ends with the time limit', async () => {
    let answer!: (name: string) => void;
    const { server, port } = await serve({
      ALPNCallback: (() => new Promise((resolve) => (answer = resolve))) as never,
      sealwire: { handshakeTimeoutMs: 50 },
    });
    const failed = failure(server);
    const peer = dialBuiltin(port, asking);
    const over = failure(peer);
    expect((await failed).message).toContain('TLS handshake timeout');
    answer('a');
    await over;
    expect(await new Promise((done) => void server.getConnections((_, count) => done(count)))).toBe(0);
  });
});

it('is what the builtin does not take', async () => {
  const { server, port } = await serveBuiltin({ ALPNCallback: (() => later('a')) as never });
  expect(server).toBeInstanceOf(builtin.Server);
  const failed = failure(server);
  dialBuiltin(port, { ALPNProtocols: ['a'] });
  expect(await failed).toMatchObject({ code: 'ERR_TLS_ALPN_CALLBACK_INVALID_RESULT' });
});
