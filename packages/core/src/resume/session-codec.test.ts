import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peer13 as peer, random, session13 as session } from '../../test/harness/session13.ts';
import { decodePlain, encodePlain } from './plain-value.ts';
import { decodeSession, encodeSession } from './session-codec.ts';

const rawPeer = {
  evidence: { type: 'rawPublicKey', spki: random(9) },
  verdict: null,
  verifiedAtMs: 6,
} as const;

describe('sessions as bytes', () => {
  it('come back whole', () => {
    for (const each of [
      session,
      { ...session, peer, serverName: undefined, alpnProtocol: null },
      { ...session, externalPskIdentity: random(3) },
      { ...session, peer: rawPeer },
      { ...session, version: 0x0303, ticket: random(4), extendedMainSecret: true },
      { ...session, version: 0x0303, sessionId: random(4), extendedMainSecret: false },
    ]) {
      expect(decodeSession(encodeSession(each))).toEqual(each);
    }
  });

  it('hold a certificate once, however often it is named', () => {
    const twice = encodeSession({ ...session, peer }).length;
    const once = encodeSession({ ...session, peer: { ...peer, verdict: { ...peer.verdict, chain: [] } } });
    expect(twice - once.length).toBeLessThan(32);
  });

  it('that were damaged, cut or made by another version are none', () => {
    const bytes = encodeSession({ ...session, peer });
    expect(decodeSession(Uint8Array.of(1, ...bytes.subarray(1)))).toBeUndefined();
    expect(decodeSession(new Uint8Array(0))).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.map((byte, i) => (i === at ? byte ^ change : byte));
        expect(() => decodeSession(damaged)).not.toThrow();
        expect(decodeSession(bytes.subarray(0, at))).toBeUndefined();
      }),
    );
  });

  it.each([
    ['a name that is none', { serverName: 5 }],
    ['an expected name that is none', { expectedName: null }],
    ['a protocol that is none', { alpnProtocol: undefined }],
    ['a peer that is none', { peer: { ...peer, evidence: { type: 'pgp' } } }],
    ['a peer with no chain', { peer: { ...peer, evidence: { type: 'x509' } } }],
    ['a peer with an empty chain', { peer: { ...peer, evidence: { type: 'x509', chain: [] } } }],
    ['a peer with no certificate', { peer: { ...peer, evidence: { type: 'x509', chain: [null] } } }],
    ['a peer with no key', { peer: { ...peer, evidence: { type: 'rawPublicKey' } } }],
    ['an identity that is none', { externalPskIdentity: 'x' }],
    ['a time that is none', { issuedAtMs: 2 ** 60 }],
  ])('with %s are none', (_, change) => {
    expect(decodeSession(encodeSession({ ...session, ...change } as never))).toBeUndefined();
  });

  it.each(['['.repeat(20_000) + ']'.repeat(20_000), '{"$":[5]}', '{"$":[["a"]]}', '{"$":7}'])(
    'are made of nothing that others have written: %.12s',
    (json) => {
      const text = new TextEncoder().encode(json);
      const length = [text.length >> 16, (text.length >> 8) & 0xff, text.length & 0xff];
      expect(() => decodePlain(Uint8Array.of(...length, ...text, 0, 0, 0))).toThrow(
        'expected what encodePlain made',
      );
    },
  );

  it('with the same names as the one before, or others, come back with their own', () => {
    const names = [
      { serverName: 'a.example', expectedName: 'a.example', alpnProtocol: null },
      { serverName: 'a.example', expectedName: 'a.example', alpnProtocol: null },
      { serverName: 'a.example', expectedName: 'a.example', alpnProtocol: 'h2' },
      { serverName: undefined, expectedName: 'a.example', alpnProtocol: 'h2' },
      { serverName: undefined, expectedName: undefined, alpnProtocol: null },
    ];
    const all = names.map((each) => ({ ...session, ...each, peer: undefined }));
    const encoded = all.map(encodeSession);
    expect(encoded.map(decodeSession)).toEqual(all);
    expect(encoded.reverse().map(decodeSession)).toEqual([...all].reverse());
    // With a peer behind them, and without.
    const [first] = all;
    const whole = { ...first!, peer: session.peer };
    for (const each of [whole, first!, whole]) expect(decodeSession(encodeSession(each))).toEqual(each);
  });

  it('have plain data for a verdict', () => {
    const withVerdict = (verdict: unknown) => encodeSession({ ...session, peer: { ...peer, verdict } });
    expect(() => withVerdict(() => 1)).toThrow('must be plain data');
    expect(() => withVerdict(new Map())).toThrow('must be plain data');
    expect(() => withVerdict(Number.NaN)).toThrow('must be plain data');
    const round: unknown[] = [];
    round.push(round);
    expect(() => withVerdict(round)).toThrow('nothing that deep');
  });

  it('give plain data back as it was', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.uint8Array());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(decodePlain(encodePlain(value))).toEqual(value);
      }),
    );
  });
});
