import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { bytes, handshakeOf } from '../../test/harness/recorded-connection.ts';
import { psk, recordedConnections } from '../../test/vectors/tls12-connections.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { suites12 } from '../registry/suites12.ts';
import { Transcript } from '../transcript/transcript.ts';
import { concat, hex } from '../wire/bytes.ts';
import {
  exportKeyingMaterial,
  extendedMainSecret,
  keyBlock,
  keySizes,
  mainSecret,
  verifyData,
  wipeKeys,
} from './key-schedule.ts';
import { finishedHash, prf, type Prf } from './prf.ts';
import { profileOf } from './profile.ts';
import { suite12 } from './suites.ts';

/** RFC 4279 §2: for a bare pre-shared key, as many zeros as it has bytes, then the key, each with its length. */
const premaster = concat([new Uint8Array([0, 16]), new Uint8Array(16), new Uint8Array([0, 16]), bytes(psk)]);

describe.each(recordedConnections)('$name', (connection) => {
  const { version, suite: id, clientRandom, serverRandom, messages } = handshakeOf(connection);
  const profile = profileOf(version);
  const suite = suite12(id)!;
  const own = prf(profile, suite, olderProvider);
  const sessionHash = Transcript.empty.append(messages).digest(finishedHash(profile, suite, olderProvider));

  it('has the master secret that both ends logged', () => {
    const main = connection.extendedMainSecret
      ? extendedMainSecret(own, premaster, sessionHash)
      : mainSecret(own, premaster, clientRandom, serverRandom);
    expect(hex(main)).toBe(connection.mainSecret);
  });

  it('exports the keying material that both ends exported', () => {
    const randoms = { client: clientRandom, server: serverRandom };
    const main = bytes(connection.mainSecret);
    const exported = exportKeyingMaterial(own, main, randoms, 'EXPERIMENTAL-sealwire', undefined, 32);
    expect(hex(exported)).toBe(connection.keyingMaterial);
  });
});

/** Says what it was asked, and gives the numbers from 0 on. */
function recording(): { asked: unknown[]; own: Prf } {
  const asked: unknown[] = [];
  const own: Prf = (secret, label, seed, length) => {
    asked.push([hex(secret), label, hex(concat(seed)), length]);
    return Uint8Array.from({ length }, (_, i) => i);
  };
  return { asked, own };
}

const main = new Uint8Array([0xaa]);
const client = new Uint8Array([0xcc]);
const server = new Uint8Array([0x55]);

describe('the key block', () => {
  it('is cut into MAC keys, keys and IVs, each the client’s first (RFC 5246 §6.3)', () => {
    const { asked, own } = recording();
    const keys = keyBlock(own, { mac: 2, key: 3, iv: 1 }, main, client, server);
    expect(asked).toEqual([['aa', 'key expansion', '55cc', 12]]);
    expect(keys).toEqual({
      client: { mac: new Uint8Array([0, 1]), key: new Uint8Array([4, 5, 6]), iv: new Uint8Array([10]) },
      server: { mac: new Uint8Array([2, 3]), key: new Uint8Array([7, 8, 9]), iv: new Uint8Array([11]) },
    });
    wipeKeys(keys.client);
    expect(hex(concat(Object.values(keys.client)))).toBe('000000000000');
    expect(hex(concat(Object.values(keys.server)))).toBe('02030708090b');
  });

  const sizes = (version: number, id: number) => keySizes(profileOf(version), suite12(id)!, olderProvider);

  it('has an IV for each direction where nothing else brings one', () => {
    const aes = suites12.TLS_RSA_WITH_AES_256_CBC_SHA;
    expect(sizes(0x0301, aes)).toEqual({ mac: 20, key: 32, iv: 16 });
    expect(sizes(0x0302, aes)).toEqual({ mac: 20, key: 32, iv: 0 });
    expect(sizes(0x0303, aes)).toEqual({ mac: 20, key: 32, iv: 0 });
    expect(sizes(0x0301, suites12.TLS_RSA_WITH_3DES_EDE_CBC_SHA)).toEqual({ mac: 20, key: 24, iv: 8 });
    expect(sizes(0x0303, suites12.TLS_RSA_WITH_AES_128_GCM_SHA256)).toEqual({ mac: 0, key: 16, iv: 4 });
    const chacha = suites12.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256;
    expect(sizes(0x0303, chacha)).toEqual({ mac: 0, key: 32, iv: 12 });
    expect(sizes(0x0301, suites12.TLS_RSA_WITH_NULL_MD5)).toEqual({ mac: 16, key: 0, iv: 0 });
  });

  it('cannot be cut for what the provider lacks', () => {
    for (const id of [suites12.TLS_RSA_WITH_AES_128_CCM, suites12.TLS_RSA_WITH_AES_128_CBC_SHA]) {
      const { cbcs: _, ...without } = olderProvider;
      expect(() => keySizes(profileOf(0x0303), suite12(id)!, { ...without, aeads: {} })).toThrow(
        'does not have',
      );
    }
    const bare = { ...olderProvider, hashes: {} };
    expect(() => keySizes(profileOf(0x0301), suite12(suites12.TLS_RSA_WITH_NULL_SHA)!, bare)).toThrow(
      'NULL_SHA',
    );
  });
});

it('verify_data has 12 bytes and names its sender (RFC 5246 §7.4.9)', () => {
  const { asked, own } = recording();
  expect(verifyData(own, main, 'client', server)).toHaveLength(12);
  verifyData(own, main, 'server', server);
  expect(asked).toEqual([
    ['aa', 'client finished', '55', 12],
    ['aa', 'server finished', '55', 12],
  ]);
});

describe('exported keying material (RFC 5705 §4)', () => {
  const randoms = { client, server };
  const exported = (label: string, context: Uint8Array | undefined) => {
    const { asked, own } = recording();
    exportKeyingMaterial(own, main, randoms, label, context, 7);
    return asked;
  };

  it('differs for no context and a context of no bytes', () => {
    expect(exported('EXPORTER-x', undefined)).toEqual([['aa', 'EXPORTER-x', 'cc55', 7]]);
    expect(exported('EXPORTER-x', new Uint8Array(0))).toEqual([['aa', 'EXPORTER-x', 'cc550000', 7]]);
    expect(exported('EXPORTER-x', new Uint8Array([9]))).toEqual([['aa', 'EXPORTER-x', 'cc55000109', 7]]);
    expect(exported('EXPORTER-x', new Uint8Array(0xffff))).toHaveLength(1);
  });

  it('refuses labels that TLS uses itself, and a context too long for its length field', () => {
    for (const label of ['client finished', 'server finished', 'master secret', 'extended master secret'])
      expect(() => exported(label, undefined)).toThrow(ApiMisuseError);
    expect(() => exported('key expansion', undefined)).toThrow('"key expansion" belongs to TLS itself');
    expect(() => exported('EXPORTER-x', new Uint8Array(0x1_0000))).toThrow('at most 65,535 bytes');
  });
});
