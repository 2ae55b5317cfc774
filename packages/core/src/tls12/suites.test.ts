import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { opensslSuites } from '../../test/vectors/openssl-suites.ts';
import { suites12 } from '../registry/suites12.ts';
import { allowsSuite, profileOf } from './profile.ts';
import { isSupported12, suite12, tls12Suites, type Suite12 } from './suites.ts';

const [tls10, tls11, tls12] = [0x0301, 0x0302, 0x0303].map(profileOf) as [Profile, Profile, Profile];
type Profile = ReturnType<typeof profileOf>;

describe('suites of TLS 1.2 and older', () => {
  it.each(opensslSuites)('OpenSSL: %s', (line) => {
    const [number = '', name, oldest, keyExchange, authentication, cipher, mac] = line.split(' ');
    const suite = suite12(Number.parseInt(number, 16))!;
    expect(suite.name).toBe(name);
    expect({
      oldest: suite.minVersion === 0x0303 ? 'TLSv1.2' : 'TLSv1',
      keyExchange: opensslExchange[suite.keyExchange],
      authentication: { rsa: 'RSA', ecdsa: 'ECDSA', psk: 'PSK', anon: 'None' }[suite.authentication],
      ...opensslCipher(suite),
    }).toEqual({ oldest: oldest === 'SSLv3' ? 'TLSv1' : oldest, keyExchange, authentication, cipher, mac });
    expect(suite.prfHash).toBe(name!.endsWith('SHA384') ? 'sha384' : 'sha256');
  });

  it('are all that the registry names, less the signalling values', () => {
    const names = Object.keys(suites12).filter((name) => !name.includes('SCSV'));
    expect(new Set(tls12Suites.map(({ name }) => name))).toEqual(new Set(names));
    expect(tls12Suites).toHaveLength(names.length);
    for (const { name, id } of tls12Suites) expect(suites12[name as keyof typeof suites12]).toBe(id);
    const known = new Set(opensslSuites.map((line) => line.split(' ')[1]));
    expect(names.filter((name) => !known.has(name) && !/3DES/.test(name))).toEqual([
      'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256',
      'TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256',
    ]);
    expect(suite12(0x00ff)).toBeUndefined();
    expect(suite12(0x1301)).toBeUndefined();
  });

  it('has what OpenSSL here lacks: 3DES, and ECDHE_PSK with AEADs (RFC 8442)', () => {
    expect(suite12(suites12.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA)).toMatchObject({
      cipher: { type: 'cbc', cbc: '3des-ede-cbc', mac: 'sha1' },
      minVersion: 0x0301,
      isDefault: false,
    });
    expect(suite12(suites12.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256)).toMatchObject({
      keyExchange: 'ecdhePsk',
      authentication: 'psk',
      cipher: { type: 'aead', aead: 'aes-128-ccm-8', fixedIvBytes: 4, explicitNonceBytes: 8 },
      prfHash: 'sha256',
    });
  });

  it('are spoken without being named: forward secrecy by curves, AEADs first, AES-CBC-SHA last', () => {
    expect(tls12Suites.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual([
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
      'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
      'TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA',
      'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
      'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
      'TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA',
    ]);
  });

  it('stand in the order of preference: nothing behind the anonymous, and before them nothing behind NULL', () => {
    const kinds = tls12Suites.map(({ authentication, cipher }) =>
      authentication === 'anon' ? 'anonymous' : cipher.type === 'null' ? 'unencrypted' : 'sound',
    );
    expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual(['sound', 'unencrypted', 'anonymous']);
  });

  it('are for the versions that know them', () => {
    const allowed = (profile: Profile, id: number) => allowsSuite(profile, suite12(id)!);
    for (const profile of [tls10, tls11, tls12]) {
      expect(allowed(profile, suites12.TLS_RSA_WITH_AES_128_CBC_SHA)).toBe(true);
      expect(allowed(profile, suites12.TLS_PSK_WITH_AES_128_CBC_SHA256)).toBe(true);
      expect(allowed(profile, suites12.TLS_RSA_WITH_AES_128_CBC_SHA256)).toBe(profile === tls12);
      expect(allowed(profile, suites12.TLS_PSK_WITH_AES_128_GCM_SHA256)).toBe(profile === tls12);
    }
  });

  it('are supported by a provider that has PRF hash, cipher and MAC', () => {
    for (const suite of tls12Suites) {
      const { cipher, prfHash } = suite;
      expect(isSupported12(suite, olderProvider)).toBe(true);
      const hasCipher = cipher.type === 'null' || (cipher.type === 'aead' && !cipher.aead.includes('ccm'));
      expect(isSupported12(suite, testProvider)).toBe(hasCipher);
      const without = (name: string) => {
        const hashes = Object.entries(olderProvider.hashes).filter(([each]) => each !== name);
        return { ...olderProvider, hashes: Object.fromEntries(hashes) };
      };
      expect(isSupported12(suite, without(prfHash))).toBe(false);
      if (cipher.type !== 'aead') expect(isSupported12(suite, without(cipher.mac))).toBe(false);
    }
  });
});

it('has no profile of TLS 1.3', () => {
  expect(() => profileOf(0x0304)).toThrow('no profile of version 772');
});

const opensslExchange: Readonly<Record<Suite12['keyExchange'], string>> = {
  rsa: 'RSA',
  dhe: 'DH',
  ecdhe: 'ECDH',
  psk: 'PSK',
  dhePsk: 'DHEPSK',
  ecdhePsk: 'ECDHEPSK',
  rsaPsk: 'RSAPSK',
};

function opensslCipher({ cipher }: Suite12): { cipher: string; mac: string } {
  if (cipher.type === 'aead') {
    const name = cipher.aead
      .replace(
        /^aes-(\d+)-(gcm|ccm)(-8)?$/,
        (_, bits, mode, eight = '') => `AES${mode.toUpperCase()}${eight.slice(1)}(${bits})`,
      )
      .replace('chacha20-poly1305', 'CHACHA20/POLY1305(256)');
    return { cipher: name, mac: 'AEAD' };
  }
  const mac = cipher.mac.toUpperCase();
  if (cipher.type === 'null') return { cipher: 'None', mac };
  return { cipher: cipher.cbc.replace(/^aes-(\d+)-cbc$/, 'AES($1)'), mac };
}
