import { describe, expect, it } from 'vitest';
import { p256Certificate, p256Credential } from '../../test/harness/fixtures.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { clientConfig, serverConfig, type ClientConfig, type ClientOptions } from '../index.ts';
import { defaultLimits } from '../limits.ts';
import { namedGroups } from '../registry/groups.ts';
import { suites12 } from '../registry/suites12.ts';
import { suites13 } from '../registry/suites13.ts';
import { protocolVersions } from '../registry/versions.ts';
import { tls12 } from '../tls12.ts';
import * as newest from '../tls13.ts';

const provider = testProvider;
const { tls13 } = newest;
const spoken = ({ versions }: Pick<ClientConfig, 'versions'>) => versions.flatMap((each) => each.versions);

/** Groups of TLS 1.2 and older (RFC 8422 §5.1.1, RFC 7027 §2) beside the code points of TLS 1.3 for the same curves. */
const olderGroups = [
  ['secp256k1', 0x0016],
  ['brainpoolP256r1', 0x001a],
  ['brainpoolP384r1', 0x001b],
  ['brainpoolP512r1', 0x001c],
  ['brainpoolP256r1', 0x001f],
  ['brainpoolP384r1', 0x0020],
  ['brainpoolP512r1', 0x0021],
] as const;

describe('defaults', () => {
  it('are what the provider has', () => {
    const config = clientConfig({ provider });
    expect(config.groups).toEqual([namedGroups.x25519, namedGroups.secp256r1]);
    expect(config.keyShares).toEqual([namedGroups.x25519]);
    expect(config.cipherSuites).toEqual([
      suites13.TLS_AES_128_GCM_SHA256,
      suites13.TLS_AES_256_GCM_SHA384,
      suites13.TLS_CHACHA20_POLY1305_SHA256,
      suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
      // Offered where there is a key for them.
      suites12.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
      suites12.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384,
      suites12.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
      suites12.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
      suites12.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
    ]);
    expect(spoken(config)).toEqual([protocolVersions.tls13, protocolVersions.tls12]);
    expect(spoken(serverConfig({ provider }))).toEqual(spoken(config));
    expect(config).toMatchObject({
      middleboxCompatibility: true,
      padHello: false,
      keyLog: false,
      trace: false,
    });
    expect(serverConfig({ provider })).toMatchObject({
      clientAuthentication: 'none',
      cipherSuitePreference: 'server',
      announceGroups: false,
    });
  });

  it('of versions are those that named suites are of', () => {
    const one = suites13.TLS_AES_128_GCM_SHA256;
    const other = suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
    for (const make of [clientConfig, serverConfig] as const) {
      expect(spoken(make({ provider, cipherSuites: [one] }))).toEqual([protocolVersions.tls13]);
      expect(spoken(make({ provider, cipherSuites: [other] }))).toEqual([protocolVersions.tls12]);
      expect(spoken(make({ provider, cipherSuites: [other, one] }))).toHaveLength(2);
      expect(spoken(make({ provider, cipherSuites: [one], versions: [tls12, tls13] }))).toHaveLength(2);
    }
  });

  it('of the entry for TLS 1.3 name nothing older', () => {
    for (const make of [newest.clientConfig, newest.serverConfig] as const) {
      const config = make({ provider });
      expect(spoken(config)).toEqual([protocolVersions.tls13]);
      expect(config.cipherSuites).toHaveLength(3);
      expect(spoken(make({ provider, versions: [tls12] }))).toEqual([protocolVersions.tls12]);
    }
    const connections = [newest.createClient({ provider }), newest.createServer({ provider })];
    expect(connections.map(({ facts }) => facts.role)).toEqual(['client', 'server']);
  });

  it('of an encrypted hello need TLS 1.3', () => {
    const begin = () => expect.fail('nothing is sent');
    const ech = { canEncrypt: true, begin };
    expect(spoken(clientConfig({ provider, ech }))).toHaveLength(2);
    expect(() => clientConfig({ provider, ech, versions: [tls12] })).toThrow(
      misuse('ech encrypts hellos of TLS 1.3: expected it among versions'),
    );
    expect(
      spoken(clientConfig({ provider, ech: { canEncrypt: false, begin }, versions: [tls12] })),
    ).toHaveLength(1);
  });

  it.each(olderGroups)('of TLS 1.3 have no %s: %i is refused when named', (name, group) => {
    const curves = { ...provider.groups, [name]: provider.groups.secp256r1! };
    const options = { provider: { ...provider, groups: curves }, versions: [tls13] };
    expect(clientConfig(options).groups).toEqual([namedGroups.x25519, namedGroups.secp256r1]);
    const message = `group 0x${group.toString(16)} is not supported by the versions given and the provider core tests`;
    for (const make of [clientConfig, serverConfig]) {
      expect(() => make({ ...options, groups: [namedGroups.x25519, group as never] })).toThrow(
        misuse(message),
      );
    }
  });

  it('of limits can be changed one by one', () => {
    expect(clientConfig({ provider, limits: { keyUpdates: 1 } }).limits).toEqual({
      ...defaultLimits,
      keyUpdates: 1,
    });
  });

  it('cannot be changed in a configuration once it is made', () => {
    expect(() => Object.assign(clientConfig({ provider }), { sni: 'x' })).toThrow(TypeError);
  });

  it('leave keys of others unchecked', () => {
    const credential = { ...p256Credential, chain: [p256Certificate], key: 'external' } as const;
    expect(serverConfig({ provider, credentials: [credential] }).credentials).toEqual([credential]);
  });
});

describe('options of records', () => {
  it.each<[Partial<ClientOptions>, string]>([
    [{ recordPadding: 'all' as never }, "recordPadding must be 'none', { toMultipleOf: bytes }"],
    [{ recordPadding: {} as never }, "recordPadding must be 'none', { toMultipleOf: bytes }"],
    [{ recordPadding: { toMultipleOf: 0 } }, 'toMultipleOf must be an integer from 1 to 16384, got 0'],
    [{ recordPadding: { toMultipleOf: 16_385 } }, 'toMultipleOf must be an integer from 1 to 16384'],
    [{ recordPadding: { toMultipleOf: 8, handshake: 1 as never } }, 'handshake must be true or false, got 1'],
    [{ maxFragmentLength: 1_000 as never }, 'maxFragmentLength must be 512, 1024, 2048, 4096, got 1000'],
    [{ limits: { recordsPerKey: 1 } }, 'limits.recordsPerKey must be an integer of at least 2, got 1'],
    [{ limits: { bytesPerKey: 0 } }, 'limits.bytesPerKey must be an integer of at least 1, got 0'],
  ])('that cannot work: %j', (options, message) => {
    expect(() => clientConfig({ provider, ...options })).toThrow(message);
  });

  it('have defaults', () => {
    expect(clientConfig({ provider })).toMatchObject({
      recordPadding: 'none',
      requestKeyUpdates: false,
      errorEvidence: false,
      allowDetach: false,
      maxFragmentLength: undefined,
    });
    expect(serverConfig({ provider }).acceptMaxFragmentLength).toBe(true);
  });
});

describe('the server name that is sent (RFC 6066 §3)', () => {
  it.each([
    [{ serverName: 'a.example' }, 'a.example'],
    [{ serverName: 'a.example.' }, 'a.example'],
    [{ serverName: 'a.example', sni: 'b.example' }, 'b.example'],
    [{ serverName: 'a.example', sni: false }, undefined],
    [{ serverName: '192.0.2.1' }, undefined],
    [{ serverName: '2001:db8::1' }, undefined],
    [{}, undefined],
  ] as const)('%j gives %s', (options, sni) => {
    expect(clientConfig({ provider, ...options }).sni).toBe(sni);
  });
});
