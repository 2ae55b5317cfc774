import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExtensionBlock } from '../extensions/block.ts';
import { extension, type RawExtension } from '../extensions/definition.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { encodeMessage } from '../messages/tls13.ts';
import { extensionTypes as ext } from '../registry/extension-types.ts';
import { suites13 } from '../registry/suites13.ts';
import { protocolVersions } from '../registry/versions.ts';
import { decodeInner, encodeInner } from './encoded-inner.ts';
import { packable, withoutOlderVersions } from './outer-hello.ts';

const hello = (entries: readonly RawExtension[]): ClientHello => ({
  type: 'client_hello',
  legacyVersion: protocolVersions.tls12,
  random: new Uint8Array(32).fill(1),
  legacySessionId: new Uint8Array(32).fill(2),
  cipherSuites: [suites13.TLS_AES_128_GCM_SHA256],
  legacyCompressionMethods: new Uint8Array(1),
  extensions: ExtensionBlock.of('CH', entries),
});

const named = (hostName: string) => extension('CH', serverNameExtension, { hostName });

/** Extensions with types of their own that nobody knows; some with the same data on both sides. */
const entries = fc.uniqueArray(
  fc.record({
    type: fc.integer({ min: 0x4000, max: 0x40ff }),
    data: fc.uint8Array({ maxLength: 40 }),
    isShared: fc.boolean(),
  }),
  { selector: ({ type }) => type, maxLength: 160 },
);

describe('EncodedClientHelloInner (RFC 9849 §5.1)', () => {
  it('gives back every inner hello, whatever it shares with the outer one', () => {
    fc.assert(
      fc.property(entries, fc.nat(1_000), fc.integer({ min: 0, max: 255 }), (list, turn, nameLength) => {
        const own = [
          ...list.map(({ type, data }) => ({ type, data })),
          { type: ext.encrypted_client_hello, data: new Uint8Array(0) },
        ];
        const others = list.map(({ type, data, isShared }) => ({
          type,
          data: isShared ? data : new Uint8Array([...data, 0]),
        }));
        const at = others.length === 0 ? 0 : turn % others.length;
        const outer = hello([...others.slice(at), ...others.slice(0, at)]);
        const inner = { ...hello([]), extensions: packable(hello(own).extensions, outer.extensions) };
        const encoded = encodeInner(inner, outer.extensions, nameLength);
        expect(encoded.length % 32).toBe(0);
        expect(decodeInner(encoded, outer)).toEqual(encodeMessage(inner));
      }),
      { seed: 9849 },
    );
  });

  it('has references for what is shared, one run of them', () => {
    const big = { type: 0x4001, data: new Uint8Array(2_000).fill(3) };
    const outer = hello([named('public.test'), big, { type: 0x4002, data: new Uint8Array(1) }]);
    const own = hello([named('hidden.test'), big, { type: 0x4002, data: new Uint8Array(2) }]).extensions;
    const inner = { ...hello([]), extensions: packable(own, outer.extensions) };
    expect(encodeInner(inner, outer.extensions, 0).length).toBe(96);
  });

  it('never refers to the name, so that its length does not tell (§10.5)', () => {
    const outer = hello([named('same.test')]);
    const of = (name: string) => {
      const own = hello([named(name)]).extensions;
      return encodeInner({ ...hello([]), extensions: packable(own, outer.extensions) }, outer.extensions, 0)
        .length;
    };
    expect(of('same.test')).toBe(of('sama.test'));
  });

  // §6.1.3: max(0, L - D) with a name of D bytes, L + 9 without one; then up to a multiple of 32.
  it.each([
    ['a.test', 0, 64],
    ['a.test', 32, 96],
    ['a.test', 33, 96],
    ['a.test', 64, 128],
    ['a.test', 255, 320],
    [`${'a'.repeat(60)}.test`, 64, 128],
    [undefined, 0, 64],
    [undefined, 64, 128],
    [undefined, 255, 320],
  ])('of the name %s with a longest name of %i has %i bytes', (name, longest, length) => {
    const inner = hello(name === undefined ? [] : [named(name)]);
    expect(encodeInner(inner, ExtensionBlock.of('CH', []), longest).length).toBe(length);
  });
});

it('the inner hello offers TLS 1.3 alone (§6.1)', () => {
  const { tls13, tls12 } = protocolVersions;
  const grease = 0x0a0a as typeof tls13;
  const versions = (...offered: (typeof tls13)[]) => extension('CH', supportedVersionsExtension, offered);
  const older = [ext.session_ticket, ext.extended_main_secret].map((type) => ({
    type,
    data: new Uint8Array(0),
  }));
  const both = hello([named('a.test'), versions(grease, tls13, tls12), ...older]).extensions;
  expect(withoutOlderVersions(both).entries).toEqual([named('a.test'), versions(grease, tls13)]);
  const newer = hello([versions(grease, tls13), ...older]).extensions;
  expect(withoutOlderVersions(newer)).toBe(newer);
});
