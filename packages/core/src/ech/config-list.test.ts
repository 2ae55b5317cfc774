import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testProvider as provider } from '../../test/harness/node-provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { hpkeAeads } from '../registry/hpke-aeads.ts';
import { hpkeKdfs } from '../registry/hpke-kdfs.ts';
import { hpkeKems } from '../registry/hpke-kems.ts';
import { concat } from '../wire/bytes.ts';
import { clientEch } from './client.ts';
import {
  encodeEchConfig,
  encodeEchConfigList,
  parseEchConfig,
  parseEchConfigList,
  type EchConfigContents,
} from './config-list.ts';
import { greaseEch } from './grease.ts';
import { generateEchKey, type EchKeyOptions } from './keys.ts';
import { isPublicName, selectConfig } from './select-config.ts';
import { backendEch, serverEch } from './server.ts';

const { HKDF_SHA256 } = hpkeKdfs;
const { AES_128_GCM, ChaCha20Poly1305 } = hpkeAeads;
const key = generateEchKey({ provider, publicName: 'public.test', configId: 3, maximumNameLength: 40 });

const contents: EchConfigContents = {
  configId: 200,
  kem: hpkeKems.DHKEM_X25519_HKDF_SHA256,
  publicKey: provider.groups.x25519!.generate().share,
  cipherSuites: [{ kdf: HKDF_SHA256, aead: AES_128_GCM }],
  maximumNameLength: 0,
  publicName: 'a.example',
  extensions: [{ type: 0x1234, data: new Uint8Array([1]) }],
};

const listOf = (...changes: readonly Partial<EchConfigContents>[]) =>
  encodeEchConfigList(changes.map((change) => encodeEchConfig({ ...contents, ...change })));

describe('ECHConfigList (RFC 9849 §4)', () => {
  it('is read as it was written', () => {
    const [first, second, ...more] = parseEchConfigList(
      encodeEchConfigList([key.config, encodeEchConfig(contents)]),
    )!;
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      bytes: key.config,
      version: 0xfe0d,
      contents: {
        configId: 3,
        kem: hpkeKems.DHKEM_X25519_HKDF_SHA256,
        maximumNameLength: 40,
        publicName: 'public.test',
        cipherSuites: [
          { kdf: HKDF_SHA256, aead: AES_128_GCM },
          { kdf: HKDF_SHA256, aead: ChaCha20Poly1305 },
        ],
        extensions: [],
      },
    });
    expect(second!.contents).toEqual(contents);
    expect(parseEchConfig(key.config)).toEqual(first);
  });

  // Made by bssl-tool of android-boringssl 13.0.0+r24-2 (`generate-ech -public-name public.example -config-id 42
  // -max-name-length 32`), 2026-11-21.
  it('of BoringSSL is read', () => {
    const list = hexBytes(
      '0045fe0d00412a00200020bbb607ae2acd92743099d5db59a855476ed4bfa72e6270f5be75788338e5295b00080001000100010003200e7075626c69632e6578616d706c650000',
    );
    expect(parseEchConfigList(list)).toMatchObject([
      {
        version: 0xfe0d,
        contents: { configId: 42, maximumNameLength: 32, publicName: 'public.example', kem: 0x20 },
      },
    ]);
  });

  it('keeps configurations of versions that nobody knows', () => {
    const strange = new Uint8Array([0xfe, 0x0a, 0, 3, 9, 9, 9]);
    const [first, second] = parseEchConfigList(encodeEchConfigList([strange, key.config]))!;
    expect(first).toEqual({ bytes: strange, version: 0xfe0a, contents: undefined });
    expect(second!.contents!.configId).toBe(3);
  });

  it('that is malformed is none, and nothing throws', () => {
    const list = listOf({}, { configId: 2 });
    for (let length = 0; length < list.length; length++) {
      expect(parseEchConfigList(list.subarray(0, length))).toBeUndefined();
    }
    expect(parseEchConfigList(concat([list, new Uint8Array(1)]))).toBeUndefined();
    const twice = [...contents.extensions, ...contents.extensions];
    expect(parseEchConfigList(listOf({ extensions: twice }))).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(list.length - 1), fc.nat(255), (at, value) => {
        parseEchConfigList(list.map((byte, i) => (i === at ? value : byte)));
      }),
      { seed: 9849 },
    );
    expect(parseEchConfig(list)).toBeUndefined();
  });
});

describe('the configuration that a client takes (RFC 9849 §6.1)', () => {
  const selected = (...changes: readonly Partial<EchConfigContents>[]) =>
    selectConfig(parseEchConfigList(listOf(...changes))!, provider);

  it('is the first that it can use, with the first suite that it can use', () => {
    const chacha = { kdf: HKDF_SHA256, aead: ChaCha20Poly1305 };
    const unknown = { kdf: 0x0100 as never, aead: AES_128_GCM };
    expect(
      selected({ kem: 0x0030 as never }, { configId: 7, cipherSuites: [unknown, chacha] }),
    ).toMatchObject({
      contents: { configId: 7 },
      suite: chacha,
    });
  });

  it.each([
    ['an unknown KEM', { kem: 0x0030 as never }],
    ['unknown suites alone', { cipherSuites: [{ kdf: 0x0100 as never, aead: AES_128_GCM }] }],
    ['an unknown mandatory extension (§4.2)', { extensions: [{ type: 0x8000, data: new Uint8Array(0) }] }],
    ['a public key that is none', { publicKey: new Uint8Array(31) }],
    ['a public key of small order', { publicKey: new Uint8Array(32) }],
    ['a public_name that is no host name (§6.1.7)', { publicName: '10.0.0.1' }],
  ])('is none with %s', (_what, change) => {
    expect(selected(change)).toBeUndefined();
    expect(selected(change, {})).toBeDefined();
  });

  it.each([
    ['example.org', true],
    ['a', true],
    ['xn--bcher-kva.example', true],
    [`${'a'.repeat(63)}.example`, true],
    [`${'a'.repeat(64)}.example`, false],
    ['.example', false],
    ['example.', false],
    ['a..b', false],
    ['', false],
    ['-a.example', false],
    ['a-.example', false],
    ['under_score.example', false],
    ['bücher.example', false],
    ['127.0.0.1', false],
    ['example.1', false],
    ['example.0x1F', false],
    ['example.0x', false],
    ['example.0xg', true],
    ['1.example', true],
  ])('%s as public_name: %s', (name, isOne) => {
    expect(isPublicName(name)).toBe(isOne);
  });
});

describe('mistakes of the caller', () => {
  const made = (options: Partial<EchKeyOptions>) => () =>
    generateEchKey({ provider, publicName: 'public.test', ...options });

  it.each([
    ['publicName must be a DNS name, got "1.2.3.4"', made({ publicName: '1.2.3.4' })],
    ['core tests has no KEM 0x21', made({ kem: hpkeKems.DHKEM_X448_HKDF_SHA512 })],
    ['cipherSuites must name suites that the provider core tests has', made({ cipherSuites: [] })],
    ['publicName must be a DNS name, got ""', made({ publicName: '' })],
    [
      'cipherSuites must name suites that the provider core tests has',
      made({ cipherSuites: [{ kdf: hpkeKdfs.HKDF_SHA256, aead: 0xfffe as never }] }),
    ],
    ['configId must be an integer from 0 to 255, got 256', made({ configId: 256 })],
    ['configId must be an integer from 0 to 255, got 1.5', made({ configId: 1.5 })],
    ['configId must be an integer from 0 to 255, got NaN', made({ configId: Number.NaN })],
    ['maximumNameLength must be an integer from 0 to 255, got 256', made({ maximumNameLength: 256 })],
    ['maximumNameLength must be an integer from 0 to 255, got -1', made({ maximumNameLength: -1 })],
    ['keys must hold at least one ECH key', () => serverEch({ provider, keys: [] })],
    [
      'retryConfigs must be an integer from 1 to 1, got 2',
      () => serverEch({ provider, keys: [key], retryConfigs: 2 }),
    ],
    [
      'retryConfigs must be an integer from 1 to 1, got 0',
      () => serverEch({ provider, keys: [key], retryConfigs: 0 }),
    ],
    [
      'retryConfigs must be an integer from 1 to 1, got 0.5',
      () => serverEch({ provider, keys: [key], retryConfigs: 0.5 }),
    ],
    [
      'the private key of ECH config 3 does not fit its public key',
      () => serverEch({ provider, keys: [{ ...key, privateKey: new Uint8Array(5) }] }),
    ],
    [
      'the private key of ECH config 3 does not fit its public key',
      () => serverEch({ provider, keys: [{ ...key, privateKey: new Uint8Array(32).fill(1) }] }),
    ],
    [
      'the config of an ECH key must be one ECHConfig of version 0xfe0d',
      () => serverEch({ provider, keys: [{ ...key, config: encodeEchConfigList([key.config]) }] }),
    ],
    [
      'trialDecrypt is no serverEch option; did you mean trialDecryption?',
      () => serverEch({ provider, keys: [key], trialDecrypt: true } as never),
    ],
    [
      'trialDecryption must be a boolean, got "false"',
      () => serverEch({ provider, keys: [key], trialDecryption: 'false' as never }),
    ],
    ['keys must be an array, got an object', () => serverEch({ provider, keys: {} as never })],
    [
      'keys must hold what generateEchKey makes: { config, privateKey }',
      () => serverEch({ provider, keys: ['x' as never] }),
    ],
    ['provider must be a CryptoProvider', () => serverEch({ keys: [key] } as never)],
    ['expected an object of clientEch options, got null', () => clientEch(null as never)],
    [
      'configList must be a Uint8Array, got "AEX+"',
      () => clientEch({ provider, configList: 'AEX+' as never }),
    ],
    [
      'outerAlpnProtocols must be an array, got "h2"',
      () =>
        clientEch({
          provider,
          configList: encodeEchConfigList([key.config]),
          outerAlpnProtocols: 'h2' as never,
        }),
    ],
    [
      'extensions must be an array of { type: 0 to 65535, data: Uint8Array }',
      made({
        extensions: [{ type: 0x10000, data: new Uint8Array(0) }],
      }),
    ],
    [
      'ignoreOut is no backendEch option; did you mean ignoreOuter?',
      () => backendEch({ ignoreOut: true } as never),
    ],
    ['configs is no greaseEch option', () => greaseEch({ provider, configs: [] } as never)],
    [
      'configList must be an ECHConfigList, got 3 bytes that are none',
      () => clientEch({ provider, configList: new Uint8Array(3) }),
    ],
  ])('%s', (message, mistake) => {
    expect(mistake).toThrow(new ApiMisuseError(message));
  });
});

describe('what others have put on Object.prototype', () => {
  it.each(['trialDecryption', 'requirePublicName', 'retryConfigs', 'outerAlpnProtocols', 'cipherSuites'])(
    '%s is no option of anybody',
    (name) => {
      Object.defineProperty(Object.prototype, name, { value: 7, configurable: true, writable: true });
      try {
        const own = generateEchKey({ provider, publicName: 'public.test' });
        serverEch({ provider, keys: [own] });
        clientEch({ provider, configList: encodeEchConfigList([own.config]) });
      } finally {
        Reflect.deleteProperty(Object.prototype, name);
      }
    },
  );
});

function hexBytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
