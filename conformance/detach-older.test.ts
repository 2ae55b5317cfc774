import type { ServerOptions } from '@sealwire/core';
import { suites12, tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { closeOpen, detachedClient, detachedServer, type TestedOptions } from './detached.ts';
import { client, exchange, nowMs, server } from './ends.ts';
import type { Offloader } from './offloader.ts';
import type { TLSSocket } from 'node:tls';

afterEach(closeOpen);

/** MAC-then-encrypt: `SSL_OP_NO_ENCRYPT_THEN_MAC` of OpenSSL. */
const macFirst = 1 << 19;
const of12 = (peer: TestedOptions['peer'] = {}): TestedOptions => ({
  own: { versions: [tls12] },
  peer: { maxVersion: 'TLSv1.2', ...peer },
});
const older = (version: 'TLSv1' | 'TLSv1.1', secureOptions = 0): TestedOptions => ({
  own: { versions: [version === 'TLSv1' ? tls10 : tls11] },
  peer: { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0', secureOptions },
});

/** The other end is the builtin TLS of Node, which knows nothing of any of this. */
describe.each<[name: string, suite: keyof typeof suites12, options: TestedOptions]>([
  ['GCM', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', of12()],
  ['ChaCha20-Poly1305', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', of12()],
  ['CCM', 'TLS_ECDHE_ECDSA_WITH_AES_256_CCM', of12({ ciphers: 'ECDHE-ECDSA-AES256-CCM' })],
  ['CBC, encrypt-then-MAC', 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', of12()],
  ['CBC, MAC-then-encrypt', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', of12({ secureOptions: macFirst })],
  ['CBC of TLS 1.1', 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', older('TLSv1.1')],
  ['CBC of TLS 1.0, encrypt-then-MAC', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', older('TLSv1')],
  ['CBC of TLS 1.0, MAC-then-encrypt', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', older('TLSv1', macFirst)],
])('a detached connection of TLS 1.2 or older: %s', (_name, suite, options) => {
  it('of a client carries data and the end of both sides', async () => {
    const { peer, offloader } = await detachedClient(suites12[suite], options);
    await conversation(peer, offloader);
  });

  it('of a server carries data and the end of both sides', async () => {
    const { peer, offloader } = await detachedServer(suites12[suite], options);
    await conversation(peer, offloader);
  });
});

async function conversation(peer: TLSSocket, offloader: Offloader): Promise<void> {
  peer.on('data', (chunk: Buffer) => peer.write(chunk.toString().toUpperCase()));
  for (const text of ['one ', 'two ', 'three']) {
    const length = offloader.text.length + text.length;
    offloader.send(Buffer.from(text));
    await offloader.until(() => offloader.text.length >= length);
  }
  expect(offloader.text).toBe('ONE TWO THREE');
  // There is nothing that changes keys.
  expect(offloader.control.updateKeys({ requestPeer: true })).toBe(false);
  expect(offloader.generations).toEqual({ read: 1, write: 1 });
  const ended = once(peer, 'end');
  offloader.control.close();
  offloader.drain();
  await ended;
  peer.end();
  await offloader.until(() => offloader.said.at(-1)?.type === 'closed');
  expect(offloader.said).toContainEqual({ type: 'peerClosed', how: 'closeNotify' });
}

describe('the keys that are handed out', () => {
  const keysOf = (suite: number, versions: ServerOptions['versions'] & object) => {
    const [a, b] = [client, server].map((end) =>
      end({ allowDetach: true, versions, cipherSuites: [suite as never] }),
    );
    exchange(a!, b!);
    const [detached, other] = [a!.detach(), b!.detach()];
    expect([detached.read, detached.write]).toEqual([other.write, other.read]);
    detached.control.receiveRecord(23, new Uint8Array(16_384), nowMs);
    expect(detached.control.poll()).toMatchObject({ type: 'data' });
    return detached.write;
  };

  it('have what the suite needs, and nothing else', () => {
    const aead = keysOf(suites12.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, [tls12]);
    expect(aead).toMatchObject({ version: 0x0303, sequence: 1, maxInnerBytes: 16_384 });
    expect([aead.key.length, aead.iv.length]).toEqual([32, 4]);
    expect(Object.keys(aead)).not.toContain('macKey');
    expect(Object.keys(aead)).not.toContain('secret');
    const cbc = keysOf(suites12.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, [tls12]);
    expect([cbc.key.length, cbc.iv.length, cbc.macKey?.length]).toEqual([32, 0, 48]);
    expect([cbc.encryptThenMac, cbc.lastCbcBlock]).toEqual([true, undefined]);
    const chained = keysOf(suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, [tls10]);
    expect([chained.key.length, chained.macKey?.length, chained.lastCbcBlock?.length]).toEqual([16, 20, 16]);
    const open = keysOf(suites12.TLS_ECDHE_ECDSA_WITH_NULL_SHA, [tls12]);
    expect([open.key.length, open.macKey?.length]).toEqual([0, 20]);
  });
});
