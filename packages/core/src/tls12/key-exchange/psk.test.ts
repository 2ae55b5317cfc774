import { describe, expect, it } from 'vitest';
import {
  client12 as client,
  connect12 as connect,
  server12 as server,
  suitesOf,
} from '../../../test/harness/pair12.ts';
import { olderProvider } from '../../../test/harness/older-provider.ts';
import { psk12 } from '../../../test/harness/psk12.ts';
import { importPsk, tls13 } from '../../index.ts';
import { pskKeyExchangeModes } from '../../registry/psk-key-exchange-modes.ts';
import { suites12 } from '../../registry/suites12.ts';
import type { ExternalPsk, LookupPskAsk, LookupPskReply } from '../../values/external-psk.ts';
import { ascii, concat } from '../../wire/bytes.ts';
import { tls10, tls11, tls12 } from '../module.ts';
import { premasterOf } from './psk.ts';

const psk = psk12;
const externalPsks = [psk];
const exchanges = ['psk', 'ecdhePsk', 'dhePsk'] as const;
const suites = [
  ...exchanges.flatMap((exchange) => suitesOf(exchange, 'psk')),
  ...suitesOf('rsaPsk', 'rsa'),
] as const;
const {
  TLS_PSK_WITH_AES_128_GCM_SHA256: bare,
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256: ecdhe,
  TLS_DHE_PSK_WITH_AES_128_GCM_SHA256: dhe,
  TLS_RSA_PSK_WITH_AES_128_GCM_SHA256: rsa,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: certified,
} = suites12;
const one = [
  ['PSK', bare],
  ['ECDHE_PSK', ecdhe],
  ['DHE_PSK', dhe],
  ['RSA_PSK', rsa],
] as const;

describe('pre-shared keys', () => {
  it('has every suite that is there', () => {
    expect(suites).toHaveLength(54);
  });

  it.each(suites)('connect with %s', (_, id) => {
    const a = client({ cipherSuites: [id], externalPsks });
    const b = server({ cipherSuites: [id], externalPsks });
    expect(connect(a, b)).toEqual([]);
    const known = { cipherSuite: id, handshakes: 1, externalPskIdentity: psk.identity };
    expect([a.facts, b.facts]).toMatchObject([known, known]);
    expect(a.facts.peerEvidence === undefined).toBe(!showsCertificate(id));
    const exported = () => [a, b].map((end) => end.exportKeyingMaterial('EXPORTER-x', new Uint8Array(0), 9));
    expect(exported()[0]).toEqual(exported()[1]);
  });

  it.each([
    ['TLS 1.1', tls11],
    ['TLS 1.0', tls10],
  ])('are there in %s, too', (_, version) => {
    const older = suites.filter(([, id]) => version.supports(id, olderProvider));
    expect(older).toHaveLength(32);
    for (const [, id] of older) {
      const options = { versions: [version], cipherSuites: [id], externalPsks };
      const [a, b] = [client(options), server(options)];
      expect(connect(a, b)).toEqual([]);
      expect([a.facts.handshakes, b.facts.handshakes]).toEqual([1, 1]);
    }
  });

  it('come to a premaster secret of two secrets with their lengths (RFC 4279 §2)', () => {
    expect([...premasterOf(new Uint8Array([7, 8]))]).toEqual([0, 2, 0, 0, 0, 2, 7, 8]);
    const other = new Uint8Array([9, 9, 9]);
    expect([...premasterOf(new Uint8Array([7]), other)]).toEqual([0, 3, 9, 9, 9, 0, 1, 7]);
    expect([...other]).toEqual([0, 0, 0]);
  });

  it.each(one)('ask both sides for the key: %s', (_, id) => {
    const asked: LookupPskAsk[] = [];
    const lookupPsk = (ask: LookupPskAsk): LookupPskReply => {
      asked.push(ask);
      return { ok: true, psks: externalPsks };
    };
    for (const pskIdentityHint of [undefined, ascii('which?')]) {
      asked.length = 0;
      const options = { cipherSuites: [id], answers: { lookupPsk } };
      const a = client({ ...options, serverName: 'sealwire.test' });
      const b = server({ ...options, ...(pskIdentityHint && { pskIdentityHint }) });
      expect(connect(a, b)).toEqual([]);
      const serverName = 'sealwire.test';
      expect(asked).toEqual([
        { role: 'client', identities: [], serverName, version: undefined, hint: undefined },
        { role: 'client', identities: [], serverName, version: 0x0303, hint: pskIdentityHint },
        { role: 'server', identities: [psk.identity], serverName, version: 0x0303, hint: undefined },
      ]);
    }
  });

  it.each(one)('may be chosen late, when the hint is there: %s', (_, id) => {
    const cipherSuites = [id];
    const bob = { ...psk, identity: ascii('bob') };
    const lookupPsk = ({ version, hint }: LookupPskAsk): LookupPskReply =>
      version === undefined
        ? { ok: true, psks: [], awaitsHint: true }
        : { ok: true, psks: [{ ...psk, identity: hint! }] };
    const a = client({ cipherSuites, answers: { lookupPsk } });
    const b = server({ cipherSuites, externalPsks: [psk, bob], pskIdentityHint: ascii('bob') });
    expect(connect(a, b)).toEqual([]);
    expect(b.facts.externalPskIdentity).toEqual(bob.identity);
  });

  it.each(one)('that are unknown and those that are wrong look alike: %s', (_, id) => {
    const cipherSuites = [id];
    const strange = { ...psk, identity: ascii('mallory') };
    const wrong = { ...psk, key: new Uint8Array(20) };
    for (const [own, reply] of [
      [strange, { ok: true, psks: [] }],
      [strange, { ok: true, psks: externalPsks }],
      [strange, { ok: false, message: 'the database is gone' }],
      [psk, { ok: true, psks: [{ ...psk, usedIn: 'tls13' }] }],
      [psk, { ok: true, psks: [wrong] }],
    ] satisfies [ExternalPsk, LookupPskReply][]) {
      const b = server({ cipherSuites, answers: { lookupPsk: () => reply } });
      const a = client({ cipherSuites, externalPsks: [own] });
      expect(connect(a, b)).toEqual(['peer.recordAuthenticationFailed']);
      expect(b.facts.externalPskIdentity).toBeUndefined();
    }
  });

  it('may be said to be unknown', () => {
    const lookupPsk = () => ({ ok: true, psks: [], tellUnknown: true }) as const;
    const b = server({ cipherSuites: [bare], answers: { lookupPsk } });
    expect(connect(client({ cipherSuites: [bare], externalPsks }), b)).toEqual(['incompatible.pskIdentity']);
    const known = () => ({ ok: true, psks: externalPsks, tellUnknown: true }) as const;
    const c = server({ cipherSuites: [bare], answers: { lookupPsk: known } });
    expect(connect(client({ cipherSuites: [bare], externalPsks }), c)).toEqual([]);
  });

  it('end a client that has none after all', () => {
    const cipherSuites = [bare];
    const replies = [
      { ok: true, psks: [{ ...psk, usedIn: 'tls13' }] },
      { ok: false, message: 'no' },
    ] as const;
    for (const late of replies) {
      const lookupPsk = ({ version }: LookupPskAsk): LookupPskReply =>
        version === undefined ? { ok: true, psks: [], awaitsHint: true } : late;
      const a = client({ cipherSuites, answers: { lookupPsk } });
      expect(connect(a, server({ cipherSuites, externalPsks }))).toEqual(['local.noCredential']);
    }
  });

  it('are offered only by who has one, and taken only by who may know one', () => {
    const offered = (options: Parameters<typeof client>[0]): readonly number[] => {
      let seen: readonly number[] = [];
      const chooseConfig = ({ hello }: { hello: { cipherSuites: readonly number[] } }) => {
        seen = hello.cipherSuites;
        return { ok: true } as const;
      };
      connect(client(options), server({ answers: { chooseConfig } }));
      return seen;
    };
    expect(tls12.defaultCipherSuites).toContain(ecdhe);
    expect(offered({})).not.toContain(ecdhe);
    expect(offered({ externalPsks: [{ ...psk, usedIn: 'tls13' }] })).not.toContain(ecdhe);
    expect(offered({ externalPsks })).toContain(ecdhe);
    expect(offered({ externalPsks: [{ ...psk, usedIn: 'both' }] })).toContain(ecdhe);
    // One that has nothing else to offer offers nothing.
    expect(connect(client({ cipherSuites: [bare] }), server({}))).toEqual(['local.noCredential']);
    const cipherSuites = [bare];
    for (const own of [[], [{ ...psk, usedIn: 'tls13' as const }]]) {
      expect(
        connect(client({ cipherSuites, externalPsks }), server({ cipherSuites, externalPsks: own })),
      ).toEqual(['incompatible.cipherSuites']);
    }
  });

  it('give way to certificates, or certificates to them, as the order of suites says', () => {
    for (const cipherSuites of [
      [certified, ecdhe],
      [ecdhe, certified],
    ]) {
      const a = client({ cipherSuites, externalPsks });
      expect(connect(a, server({ cipherSuites, externalPsks }))).toEqual([]);
      expect(a.facts.cipherSuite).toBe(cipherSuites[0]);
    }
    const cipherSuites = [certified, rsa, ecdhe];
    const a = client({ cipherSuites, externalPsks });
    expect(connect(a, server({ cipherSuites, externalPsks, credentials: [] }))).toEqual([]);
    expect(a.facts.cipherSuite).toBe(ecdhe);
  });

  it('stand for no certificate where clients must have one, and spare it where they may', () => {
    const cipherSuites = [bare, rsa, ecdhe];
    const required = server({ cipherSuites, externalPsks, clientAuthentication: 'require' });
    expect(connect(client({ cipherSuites, externalPsks }), required)).toEqual(['incompatible.cipherSuites']);
    for (const id of cipherSuites) {
      const a = client({ cipherSuites: [id], externalPsks });
      expect(connect(a, server({ cipherSuites, externalPsks, clientAuthentication: 'request' }))).toEqual([]);
      expect(a.facts.certificateRequested).toBeUndefined();
    }
  });

  it('end all the same when the secret beside them does not decrypt', () => {
    for (const decryptPremaster of [
      () => ({ ok: false, message: 'no' }) as const,
      ({ fallback }: { fallback: Uint8Array }) =>
        ({ ok: true, premaster: concat([fallback, fallback]) }) as const,
    ]) {
      const b = server({ cipherSuites: [rsa], externalPsks, answers: { decryptPremaster } });
      const a = client({ cipherSuites: [rsa], externalPsks });
      expect(connect(a, b)).toEqual(['peer.recordAuthenticationFailed']);
    }
  });

  it('staple where there is a certificate', () => {
    const a = client({ cipherSuites: [rsa], externalPsks, requestOcsp: true });
    expect(connect(a, server({ cipherSuites: [rsa], externalPsks }))).toEqual([]);
    expect(a.facts.peerEvidence).toBeDefined();
  });

  it('are for one generation of TLS unless both are said', () => {
    const { psk_ke } = pskKeyExchangeModes;
    const options = { versions: [tls13], pskModes: [psk_ke], credentials: [] };
    const end = (usedIn: ExternalPsk['usedIn']) => {
      const keys = [{ ...psk, ...(usedIn && { usedIn }) }];
      const a = client({ ...options, externalPsks: keys });
      connect(a, server({ ...options, externalPsks: keys }));
      return a.facts.externalPskIdentity;
    };
    expect([end('tls13'), end('both'), end('tls12')]).toEqual([psk.identity, psk.identity, undefined]);
    // The server's side of it.
    const a = client({ ...options, externalPsks: [{ ...psk, usedIn: 'tls13' }] });
    expect(connect(a, server({ ...options, externalPsks }))).toEqual(['incompatible.pskIdentity']);
  });

  it('refuse what cannot be meant', () => {
    const refused = (each: unknown) => () => client({ externalPsks: [each as ExternalPsk] });
    expect(refused({ ...psk, usedIn: 'tls1' })).toThrow('usedIn of an external PSK must be one of');
    expect(refused({ ...psk, key: new Uint8Array(65_536) })).toThrow('of 1 to 65535 random bytes');
    const [imported] = importPsk({ provider: olderProvider, identity: psk.identity, key: psk.key });
    expect(refused({ ...imported, usedIn: 'both' })).toThrow('an imported PSK is for TLS 1.3 alone');
    expect(() => server({ pskIdentityHint: new Uint8Array(0) })).toThrow('pskIdentityHint must be');
    expect(() => server({ pskIdentityHint: 'x' as unknown as Uint8Array })).toThrow(
      'pskIdentityHint must be',
    );
  });

  it('may have long identities and long keys (RFC 4279 §5.3)', () => {
    const long = { ...psk, identity: new Uint8Array(60_000).fill(1), key: new Uint8Array(65_535).fill(2) };
    const options = { cipherSuites: [bare], externalPsks: [long] };
    const [a, b] = [client(options), server(options)];
    expect(connect(a, b)).toEqual([]);
    expect(b.facts.externalPskIdentity).toHaveLength(60_000);
  });
});

/** Whether the server of this suite shows a certificate. */
function showsCertificate(id: number): boolean {
  return suitesOf('rsaPsk', 'rsa').some(([, each]) => each === id);
}
