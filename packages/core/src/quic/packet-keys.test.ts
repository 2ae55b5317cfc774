import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hex as unhex } from '../../test/harness/hex.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import {
  chachaSecret,
  clientInitialFrame,
  destinationConnectionId,
  samples,
  serverInitialPayload,
} from '../../test/vectors/quic-packets.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { suites13 } from '../registry/suites13.ts';
import { concat } from '../wire/bytes.ts';
import {
  headerProtectionMask,
  initialSecrets,
  nextPacketSecret,
  packetKeys,
  packetNonce,
  quicVersions,
  retryIntegrityTag,
  type PacketKeys,
} from './packet-keys.ts';

const provider: CryptoProvider = {
  ...olderProvider,
  chacha20: (key, start, length) =>
    new Uint8Array(createCipheriv('chacha20', key, start).update(new Uint8Array(length))),
};
const aes128 = suites13.TLS_AES_128_GCM_SHA256;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const chacha = suites13.TLS_CHACHA20_POLY1305_SHA256;

/** A packet as RFC 9001 §5.3 and §5.4 protect it. */
function protectedPacket(
  suite: number,
  keys: PacketKeys,
  header: Uint8Array,
  packetNumber: number,
  payload: Uint8Array,
): Uint8Array {
  const aead = provider.aeads[keys.aead]!.key(keys.key);
  const sealed = concat(aead.seal(packetNonce(keys.iv, packetNumber), header, [payload]));
  const numberBytes = (header[0]! & 3) + 1;
  const mask = headerProtectionMask(
    provider,
    suite,
    keys.headerKey,
    sealed.subarray(4 - numberBytes, 20 - numberBytes),
  );
  const hidden = Uint8Array.from(header);
  hidden[0]! ^= mask[0]! & (header[0]! >= 0x80 ? 0x0f : 0x1f);
  for (let i = 0; i < numberBytes; i++) hidden[header.length - numberBytes + i]! ^= mask[i + 1]!;
  return concat([hidden, sealed]);
}

describe.each(['v1', 'v2'] as const)('%s (RFC 9001 §A, RFC 9369 §A)', (name) => {
  const version = quicVersions[name];
  const sample = samples[name];
  const secrets = initialSecrets(provider, version, unhex(destinationConnectionId));

  it.each(['client', 'server'] as const)('keys of the %s’s Initial packets', (side) => {
    const { secret, key, iv, headerKey, mask } = sample[side];
    expect(hex(secrets[side])).toBe(secret);
    const keys = packetKeys(provider, version, aes128, secrets[side]);
    expect([keys.aead, hex(keys.key), hex(keys.iv), hex(keys.headerKey)]).toEqual([
      'aes-128-gcm',
      key,
      iv,
      headerKey,
    ]);
    expect(hex(headerProtectionMask(provider, aes128, keys.headerKey, unhex(sample[side].sample)))).toBe(
      mask,
    );
  });

  it('the client’s Initial packet', () => {
    const keys = packetKeys(provider, version, aes128, secrets.client);
    const payload = new Uint8Array(1162);
    payload.set(unhex(clientInitialFrame));
    const { header, protectedHeader, sample: first } = sample.client;
    const packet = protectedPacket(aes128, keys, unhex(header), 2, payload);
    expect(packet).toHaveLength(1200);
    expect(hex(packet.subarray(0, 38))).toBe(protectedHeader + first);
  });

  it('the server’s Initial packet', () => {
    const keys = packetKeys(provider, version, aes128, secrets.server);
    const packet = protectedPacket(aes128, keys, unhex(sample.server.header), 1, unhex(serverInitialPayload));
    expect(hex(packet)).toBe(sample.server.packet);
    expect(hex(packet)).toMatch(new RegExp(`^${sample.server.protectedHeader}`));
  });

  it('the tag of a Retry packet', () => {
    const packet = unhex(sample.retry);
    const tag = retryIntegrityTag(provider, version, unhex(destinationConnectionId), packet.subarray(0, -16));
    expect(hex(tag)).toBe(hex(packet.subarray(-16)));
  });

  it('a packet with a short header under ChaCha20-Poly1305, and the secret after a key update', () => {
    const secret = unhex(chachaSecret);
    const keys = packetKeys(provider, version, chacha, secret);
    const { key, iv, headerKey, nonce, next, packet } = sample.chacha;
    expect([hex(keys.key), hex(keys.iv), hex(keys.headerKey)]).toEqual([key, iv, headerKey]);
    expect(hex(packetNonce(keys.iv, 654_360_564))).toBe(nonce);
    expect(hex(nextPacketSecret(provider, version, chacha, secret))).toBe(next);
    expect(hex(protectedPacket(chacha, keys, unhex('4200bff4'), 654_360_564, Uint8Array.of(1)))).toBe(packet);
    expect(hex(secret)).toBe(chachaSecret);
  });
});

it('nonces of numbers beyond 32 bits', () => {
  expect(hex(packetNonce(new Uint8Array(12), 2 ** 53 - 1))).toBe('00000000001fffffffffffff');
  expect(hex(packetNonce(new Uint8Array(12).fill(0xff), 2 ** 32))).toBe('fffffffffffffffeffffffff');
});

it('the other suites have keys of their sizes', () => {
  const sizes = (suite: number, secret: Uint8Array) => {
    const { aead, key, iv, headerKey } = packetKeys(provider, quicVersions.v1, suite, secret);
    return [aead, key.length, iv.length, headerKey.length];
  };
  expect(sizes(suites13.TLS_AES_256_GCM_SHA384, new Uint8Array(48))).toEqual(['aes-256-gcm', 32, 12, 32]);
  expect(sizes(suites13.TLS_AES_128_CCM_SHA256, new Uint8Array(32))).toEqual(['aes-128-ccm', 16, 12, 16]);
  const mask = (suite: number, bytes: number) =>
    headerProtectionMask(provider, suite, new Uint8Array(bytes), new Uint8Array(16)).length;
  expect([mask(suites13.TLS_AES_256_GCM_SHA384, 32), mask(suites13.TLS_AES_128_CCM_SHA256, 16)]).toEqual([
    5, 5,
  ]);
  expect(
    nextPacketSecret(provider, quicVersions.v1, suites13.TLS_AES_256_GCM_SHA384, new Uint8Array(48)),
  ).toHaveLength(48);
});

it('says what is wrong with what it is given', () => {
  const secret = new Uint8Array(32);
  const v1 = quicVersions.v1;
  expect(() => packetKeys(provider, v1, suites13.TLS_AES_128_CCM_8_SHA256, secret)).toThrow(
    misuse('RFC 9001 §5.3'),
  );
  expect(() => packetKeys(provider, 2 as never, aes128, secret)).toThrow(misuse('version of quicVersions'));
  expect(() => packetNonce(new Uint8Array(11), 0)).toThrow(misuse('12 bytes'));
  expect(() => packetNonce(new Array(12).fill(0) as never, 0)).toThrow(misuse('12 bytes'));
  for (const number of [-1, 0.5, 2 ** 53, Number.NaN])
    expect(() => packetNonce(new Uint8Array(12), number)).toThrow(misuse('safe integer'));
  expect(packetNonce(new Uint8Array(12), 0)).toEqual(new Uint8Array(12));
  expect(() => headerProtectionMask(provider, aes128, new Uint8Array(16), new Uint8Array(15))).toThrow(
    misuse('16 bytes'),
  );
  expect(() =>
    headerProtectionMask(provider, aes128, new Uint8Array(16), new Array(16).fill(0) as never),
  ).toThrow(misuse('16 bytes'));
  const poor: CryptoProvider = { ...provider, cbcs: {}, aeads: {}, hashes: {}, name: 'poor' };
  const { chacha20: _, ...poorer } = poor;
  expect(() => headerProtectionMask(poor, aes128, new Uint8Array(16), new Uint8Array(16))).toThrow(
    misuse('poor has no aes-128-cbc'),
  );
  expect(() => headerProtectionMask(poorer, chacha, secret, new Uint8Array(16))).toThrow(
    misuse('poor has no chacha20'),
  );
  expect(() => initialSecrets(poor, v1, secret)).toThrow(misuse('poor has no sha256'));
  expect(() => retryIntegrityTag(poor, v1, secret, secret)).toThrow(misuse('poor has no aes-128-gcm'));
  expect(() => retryIntegrityTag(provider, v1, new Uint8Array(256), secret)).toThrow(misuse('255 bytes'));
  expect(retryIntegrityTag(provider, v1, new Uint8Array(255), secret)).toHaveLength(16);
  expect(retryIntegrityTag(provider, v1, new Uint8Array(8), new Uint8Array(500_000))).toHaveLength(16);
  for (const none of [null, undefined, '0x1301'])
    expect(() => packetKeys(provider, v1, none as never, secret)).toThrow(misuse('RFC 9001 §5.3'));
});
