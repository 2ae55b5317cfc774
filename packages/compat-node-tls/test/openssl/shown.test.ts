import { nodeMajor } from '../../src/process/host.ts';
import { hostOpenssl } from '../../src/process/host.ts';
import { describe, expect, it } from 'vitest';
import { groups } from '../../src/openssl/group-table.ts';
import { shownGroup } from '../../src/openssl/groups.ts';
import { schemes } from '../../src/openssl/scheme-table.ts';
import { defaultSigalgs, schemeById, shownSigalg } from '../../src/openssl/sigalgs.ts';
import { shownVersion, type Suite, suitesOf } from '../../src/openssl/suites.ts';
import { builtinPair, identityOf } from './handshake.ts';

/** What the builtin shows of a connection, beside what the tables say. */
const version = hostOpenssl();
const rsa = identityOf({ type: 'rsa', bits: 2_048 });
const ec = identityOf({ type: 'ec', curve: 'secp256r1' });
const all = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';

const here = groups.filter(({ isNew }) => version !== '3.0' || !isNew);
// What TLSGroup shows is younger than 3.5: Node 22 has the groups and shows an empty object.
const shownHere = here.filter(({ shown }) => shown.type !== 'TLSGroup' || nodeMajor() >= 24);

describe('getEphemeralKeyInfo()', () => {
  it.each(shownHere.map((group) => [group.names[0] as string, group] as const))(
    'of %s',
    async (name, group) => {
      const maxVersion = group.versions === 'TLS 1.3' ? 'TLSv1.3' : 'TLSv1.2';
      const options = { ecdhCurve: name, maxVersion, ciphers: all } as const;
      const { client, server } = await builtinPair(
        { ...rsa, ...options },
        { ...options, ciphers: 'ECDHE:@SECLEVEL=0' },
      );
      expect(shownGroup(group.id, version)).toEqual(client.getEphemeralKeyInfo());
      expect(server.getEphemeralKeyInfo()).toBeNull();
      client.destroy();
    },
  );
});

describe('getCipher()', () => {
  // Those that the certificates here can be used with.
  const testable = suitesOf(version).filter(
    (suite) =>
      ['RSA', 'ECDSA', 'None', 'any'].includes(suite.authentication) &&
      ['RSA', 'DH', 'ECDH', 'any'].includes(suite.keyExchange),
  );
  it.each(testable.map((suite) => [suite.name, suite] as const))('of %s', async (name, suite) => {
    const is13 = suite.since === 'TLSv1.3';
    const ciphers = is13 ? `${name}:${all}` : `${name}:@SECLEVEL=0`;
    const maxVersion = is13 ? 'TLSv1.3' : 'TLSv1.2';
    const options = { ciphers, maxVersion } as const;
    const identity = suite.authentication === 'ECDSA' ? ec : rsa;
    const { client } = await builtinPair({ ...identity, ...options, dhparam: 'auto' }, options);
    expect(shownCipher(suite)).toEqual(client.getCipher());
    client.destroy();
  });

  function shownCipher(suite: Suite): unknown {
    return { name: suite.name, standardName: suite.standardName, version: shownVersion(suite) };
  }
});

describe('getSharedSigalgs()', () => {
  it('of all, in TLS 1.2', async () => {
    const options = { ciphers: all, maxVersion: 'TLSv1.2' } as const;
    const { client, server } = await builtinPair(
      { ...rsa, ...options },
      { ...options, maxVersion: 'TLSv1.3' },
    );
    expect(defaultSigalgs(version).map((id) => shownSigalg(id, version))).toEqual(server.getSharedSigalgs());
    expect(client.getSharedSigalgs()).toEqual([]);
    client.destroy();
  });

  it('of one that OpenSSL has and of one that it has not', () => {
    expect(shownSigalg(0x0804, version)).toBe('RSA-PSS+SHA256');
    expect(shownSigalg(0x0708, version)).toBeUndefined();
    expect(schemes.filter(({ id }) => schemeById(id, '3.0') === undefined)).toHaveLength(6);
  });
});
