import { type ExternalPsk, importPsk, suites13, TicketRing } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { client, exchange, ofType, server } from './ends.ts';
import { serverOf, sessionsOf, text } from './resuming.ts';

describe('external pre-shared keys', () => {
  const key = new Uint8Array(32).fill(7);
  const external: ExternalPsk = { identity: text('sensor 12'), key };

  it('take the place of certificates', () => {
    const asking = client({ externalPsks: [external] });
    const answering = server({ externalPsks: [external], credentials: [] });
    const { a } = exchange(asking, answering);
    expect(ofType(a, 'connected')).toHaveLength(1);
    expect([
      asking.facts.resumed,
      asking.facts.externalPskIdentity,
      answering.facts.externalPskIdentity,
    ]).toEqual([false, external.identity, external.identity]);
    expect(ofType(a, 'session')[0]!.session).toMatchObject({
      peer: undefined,
      externalPskIdentity: external.identity,
    });
  });

  describe('and sessions that come of them', () => {
    const other: ExternalPsk = { identity: text('sensor 13'), key };
    const externalPsks = [external];
    const keeper = new TicketRing({ provider: nodeProvider });
    const make = serverOf({ tickets: { keeper }, externalPsks });
    const sessions = sessionsOf(make, { externalPsks });

    it('are resumed as what they are, however often', () => {
      const asking = client({ sessions, externalPsks });
      const answering = make();
      const { a } = exchange(asking, answering);
      const { identity } = external;
      for (const { facts } of [asking, answering]) {
        expect(facts).toMatchObject({ resumed: true, externalPskIdentity: identity });
      }
      const again = client({ sessions: ofType(a, 'session').map(({ session }) => session), externalPsks });
      exchange(again, make());
      expect(again.facts).toMatchObject({ resumed: true, externalPskIdentity: identity });
    });

    it.each([
      ['none', []],
      ['another one', [other]],
    ])('are not offered by a client that has %s', (_, known) => {
      const asking = client({ sessions, externalPsks: known });
      exchange(asking, make());
      expect(asking.facts).toMatchObject({ handshakes: 1, resumed: false });
      expect(asking.facts.externalPskIdentity).toBeUndefined();
    });

    it('are not granted by a server that knows the key no longer', () => {
      const asked: (readonly Uint8Array[])[] = [];
      const forgetful = serverOf({
        tickets: { keeper },
        answers: {
          lookupPsk: ({ identities }) => {
            asked.push(identities);
            return { ok: true, psks: [other] };
          },
        },
      });
      const asking = client({ sessions, externalPsks: [external, other] });
      exchange(asking, forgetful());
      expect(asked.map((each) => each.length)).toEqual([1, 4]);
      expect(asked[0]).toEqual([external.identity]);
      expect(asking.facts).toMatchObject({ resumed: false, externalPskIdentity: other.identity });
      const failing = serverOf({
        tickets: { keeper },
        answers: { lookupPsk: () => ({ ok: false, message: 'the store is gone' }) },
      });
      const unlucky = client({ sessions, externalPsks });
      exchange(unlucky, failing());
      expect(unlucky.facts).toMatchObject({ handshakes: 1, resumed: false });
    });
  });

  it('may be for SHA-384', () => {
    const psk: ExternalPsk = { ...external, hash: 'sha384' };
    const asking = client({ externalPsks: [psk] });
    exchange(asking, server({ externalPsks: [psk], credentials: [] }));
    expect(asking.facts.cipherSuite).toBe(suites13.TLS_AES_256_GCM_SHA384);
  });

  it('are imported for both hashes (RFC 9258)', () => {
    const psks = importPsk({ provider: nodeProvider, identity: text('id'), key, context: text('test') });
    const asking = client({ externalPsks: psks });
    exchange(asking, server({ externalPsks: psks, credentials: [] }));
    expect(asking.facts.externalPskIdentity).toEqual(psks[0]!.identity);
  });

  it('are refused when the key differs, and when nobody knows them', () => {
    const wrong = server({ externalPsks: [{ ...external, key: new Uint8Array(32) }] });
    const { b } = exchange(client({ externalPsks: [external] }), wrong);
    expect(ofType(b, 'failed')[0]).toMatchObject({
      error: { code: 'peer.badBinder' },
      alert: 'decrypt_error',
    });
    const unknown = exchange(client({ externalPsks: [external] }), server({ credentials: [] }));
    expect(ofType(unknown.b, 'failed')[0]).toMatchObject({
      error: { code: 'incompatible.pskIdentity' },
      alert: 'unknown_psk_identity',
    });
    const full = client({ externalPsks: [external] });
    exchange(full, server());
    expect([full.facts.handshakes, full.facts.externalPskIdentity]).toEqual([1, undefined]);
  });

  it('do not let a session that comes of them stand for a certificate', () => {
    const psk: ExternalPsk = { identity: text('shared by many'), key: new Uint8Array(32).fill(3) };
    const make = serverOf({ answers: { lookupPsk: () => ({ ok: true, psks: [psk] }) } });
    const sessions = sessionsOf(make, { externalPsks: [psk] });
    expect(sessions).toHaveLength(2);
    const asking = client({ sessions });
    exchange(asking, make());
    expect(asking.facts).toMatchObject({ resumed: false, peerVerdict: { authorized: true } });
    const withKey = client({ sessions, externalPsks: [psk] });
    exchange(withKey, make());
    expect(withKey.facts.resumed).toBe(true);
  });
});
