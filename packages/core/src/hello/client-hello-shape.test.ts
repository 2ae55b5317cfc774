import { describe, expect, it } from 'vitest';
import { nowMs } from '../../test/harness/peer.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { givenEntropy } from '../crypto/entropy.ts';
import type { RandomSource } from '../crypto/provider.ts';
import { alpnExtension } from '../extensions/alpn.ts';
import { keyShareExtension } from '../extensions/key-share.ts';
import { signatureAlgorithmsExtension } from '../extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import { createClient, type ClientOptions } from '../index.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { decodeHandshake } from '../messages/tls13.ts';
import { extensionTypes as ext } from '../registry/extension-types.ts';
import {
  greaseProtocol,
  greasePskMode,
  greaseValue,
  isGrease,
  otherGreaseValue,
} from '../registry/grease.ts';
import { concat } from '../wire/bytes.ts';

/** The ClientHello that a client with these options sends first. */
function helloOf(options: Partial<ClientOptions>): ClientHello {
  const client = createClient({
    provider: testProvider,
    serverName: 'sealwire.test',
    alpnProtocols: ['h2'],
    ...options,
  });
  client.start(nowMs);
  const pieces: Uint8Array[] = [];
  for (let output = client.poll(); output !== undefined; output = client.poll()) {
    if (output.type === 'transmit') pieces.push(...output.pieces);
  }
  return decodeHandshake(concat(pieces).subarray(5)) as ClientHello;
}

const types = ({ extensions }: ClientHello) => extensions.entries.map(({ type }) => type);

/** Bytes that depend on `seed` alone (xorshift); nothing for secrets. */
function source(seed: number): RandomSource {
  let state = seed;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
}

const seeded = (seed: number) => givenEntropy(source(seed));

describe('the reserved values (RFC 8701 §2)', () => {
  it('are 16 of two bytes, 8 PSK modes and 16 protocol names', () => {
    const values = Array.from({ length: 256 }, (_, i) => greaseValue(i));
    expect(new Set(values).size).toBe(16);
    expect([values[0], values[1], values[15]]).toEqual([0x0a0a, 0x1a1a, 0xfafa]);
    expect(values.every(isGrease)).toBe(true);
    const all = Array.from({ length: 0x1_0000 }, (_, i) => i).filter(isGrease);
    expect(all).toEqual(values.slice(0, 16));
    expect(Array.from({ length: 9 }, (_, i) => greasePskMode(i))).toEqual([
      0x0b, 0x2a, 0x49, 0x68, 0x87, 0xa6, 0xc5, 0xe4, 0x0b,
    ]);
    expect(greaseProtocol(12)).toBe('\xca\xca');
    expect([otherGreaseValue(3, greaseValue(3)), otherGreaseValue(3, greaseValue(4))]).toEqual([
      0x4a4a, 0x3a3a,
    ]);
  });
});

describe('a ClientHello with GREASE (RFC 8701 §3.1)', () => {
  it('has it first in every list, and as the first and last extension', () => {
    const plain = helloOf({});
    const hello = helloOf({ grease: true });
    const { extensions } = hello;
    expect(isGrease(hello.cipherSuites[0]!)).toBe(true);
    expect(hello.cipherSuites.slice(1)).toEqual(plain.cipherSuites);
    const lists = ({ extensions: block }: ClientHello): readonly (readonly number[])[] => [
      block.get(supportedVersionsExtension)!,
      block.get(supportedGroupsExtension)!,
      block.get(signatureAlgorithmsExtension)!,
    ];
    for (const [i, [first, ...rest]] of lists(hello).entries()) {
      expect(isGrease(first!)).toBe(true);
      expect(rest).toEqual(lists(plain)[i]);
    }
    const [share] = extensions.get(keyShareExtension)!;
    expect(share).toMatchObject({ group: extensions.get(supportedGroupsExtension)![0] });
    expect(extensions.get(alpnExtension)).toEqual([expect.stringMatching(/^(.)\1$/s), 'h2']);
    const { entries } = extensions;
    expect(isGrease(entries[0]!.type) && isGrease(entries.at(-1)!.type)).toBe(true);
    expect(entries[0]!.type).not.toBe(entries.at(-1)!.type);
    expect([entries[0]!.data.length, entries.at(-1)!.data.length]).toEqual([0, 1]);
    expect(types(hello).slice(1, -1)).toEqual(types(plain));
  });

  it('is a function of the entropy, and varies with it', () => {
    const of = (seed: number) => helloOf({ grease: true, entropy: seeded(seed) });
    expect([of(7).cipherSuites, types(of(7))]).toEqual([of(7).cipherSuites, types(of(7))]);
    const suites = new Set(Array.from({ length: 40 }, (_, i) => of(i + 1).cipherSuites[0]));
    expect(suites.size).toBeGreaterThan(4);
    // Two draws for the ends must not meet: no type may stand twice.
    for (let seed = 1; seed <= 60; seed++) expect(new Set(types(of(seed))).size).toBe(types(of(seed)).length);
  });

  it('keeps its place beside a named order, and padding behind it', () => {
    const order = [ext.key_share, ext.supported_versions];
    const named = types(helloOf({ grease: true, extensionOrder: order }));
    expect(isGrease(named[0]!) && isGrease(named.at(-1)!)).toBe(true);
    expect(named.slice(1, 3)).toEqual(order);
    const padded = types(helloOf({ grease: true, padHello: true, serverName: `${'long.'.repeat(12)}test` }));
    expect(padded.at(-1)).toBe(ext.padding);
    expect(isGrease(padded.at(-2)!)).toBe(true);
  });

  it('leaves lists alone that are the caller’s own', () => {
    const data = new Uint8Array([0, 2, 0, 0x1d]);
    const extraExtensions = [{ in: 'CH', type: ext.supported_groups, data }] as const;
    const { extensions } = helloOf({ grease: true, extraExtensions });
    expect(extensions.raw(supportedGroupsExtension)).toEqual(data);
    expect(extensions.get(keyShareExtension)!.some(({ group }) => isGrease(group))).toBe(false);
  });
});

describe('permuted extensions', () => {
  it('are the same extensions in an order drawn from the entropy', () => {
    const plain = types(helloOf({}));
    const of = (seed: number) => types(helloOf({ permuteExtensions: true, entropy: seeded(seed) }));
    expect(of(3)).toEqual(of(3));
    const orders = Array.from({ length: 200 }, (_, i) => of(i + 1));
    for (const order of orders) expect(order.toSorted()).toEqual(plain.toSorted());
    // Each extension comes to stand at each place.
    for (const [place] of plain.entries()) {
      expect(new Set(orders.map((order) => order[place])).size).toBe(plain.length);
    }
  });

  it('leave in front what extensionOrder names', () => {
    const order = [ext.supported_versions, ext.server_name];
    const options = { permuteExtensions: true, extensionOrder: order };
    const orders = Array.from({ length: 20 }, (_, i) =>
      types(helloOf({ ...options, entropy: seeded(i + 1) })),
    );
    for (const each of orders) expect(each.slice(0, 2)).toEqual(order);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(5);
  });

  it('leave pre_shared_key last', () => {
    const extra = { in: 'CH', type: ext.pre_shared_key, data: new Uint8Array(4) } as const;
    for (let seed = 1; seed <= 20; seed++) {
      const options = { permuteExtensions: true, grease: true, extraExtensions: [extra], extensionOrder: [] };
      expect(rawTypes({ ...options, entropy: seeded(seed) }).at(-1)).toBe(ext.pre_shared_key);
    }
  });
});

/** Without decoding: a pre_shared_key of nonsense is no hello that decodes. */
function rawTypes(options: Partial<ClientOptions>): number[] {
  const client = createClient({ provider: testProvider, trace: true, ...options });
  client.start(nowMs);
  for (let output = client.poll(); output !== undefined; output = client.poll()) {
    if (output.type !== 'trace' || output.event.what !== 'handshake') continue;
    const { raw } = output.event;
    const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
    let at = 4 + 34;
    at += 1 + raw[at]!;
    at += 2 + view.getUint16(at);
    at += 1 + raw[at]! + 2;
    const found: number[] = [];
    for (; at < raw.length; at += 4 + view.getUint16(at + 2)) found.push(view.getUint16(at));
    return found;
  }
  throw new Error('no ClientHello was sent');
}
