import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quicCarrier, streamCarrier } from '../machine/carrier.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { importPsk, serverConfig } from '../index.ts';
import type { AcceptEarlyDataAsk } from '../values/decisions.ts';
import type { Session } from '../values/session.ts';
import { hex } from '../wire/bytes.ts';
import { ageSkewMs, isResumable, resumptionContext } from './accept.ts';
import { decodePlain, encodePlain } from './plain-value.ts';
import { ReplayGuard } from './replay-guard.ts';
import { decodeSession, encodeSession } from './session-codec.ts';
import { TicketRing } from './ticket-ring.ts';
import { SessionTable } from './session-table.ts';
import { TicketTable } from './ticket-table.ts';

const hour = 3_600_000;
const random = (seed: number) => new Uint8Array(32).fill(seed);

const session: Session = {
  version: 0x0304,
  cipherSuite: 0x1301,
  secret: random(1),
  ticket: new Uint8Array(0),
  ageAdd: 0xffff_fff0,
  lifetimeSeconds: 7_200,
  issuedAtMs: 1_700_000_000_000,
  startedAtMs: 1_700_000_000_000,
  serverName: 'sealwire.test',
  expectedName: undefined,
  alpnProtocol: 'h2',
  maxEarlyDataBytes: 0,
  context: new Uint8Array([0]),
  peer: undefined,
  externalPskIdentity: undefined,
  applicationData: new Uint8Array([5]),
};

const peer = {
  evidence: { type: 'x509', chain: [{ certificate: random(7) }, { certificate: random(8) }] },
  verdict: { authorized: true, chain: [random(7), random(8)], note: 'ж "$"', $: [1, null] },
  verifiedAtMs: 5,
} as const;

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

describe('TicketRing', () => {
  const ring = (options: Partial<ConstructorParameters<typeof TicketRing>[0]> = {}) =>
    new TicketRing({ provider: testProvider, ...options });
  const sealed = (by: TicketRing, nowMs: number, seed = 1) => {
    const reply = by.sealTicket({ session, random: random(seed), nowMs });
    if (!reply.ok) throw new Error(reply.message);
    return reply.ticket;
  };
  const opened = (by: TicketRing, ticket: Uint8Array, nowMs: number) => {
    const reply = by.openTicket({ identities: [random(9), ticket], nowMs });
    return reply.ok ? reply.found : undefined;
  };

  it('opens what it sealed, and says which identity it was', () => {
    const one = ring();
    expect(opened(one, sealed(one, 0), 0)).toEqual({ index: 1, session, renew: false });
    expect(opened(ring(), sealed(one, 0), 0)).toBeUndefined();
  });

  it('opens nothing that was changed', () => {
    const one = ring();
    const ticket = sealed(one, 0);
    for (let at = 0; at < ticket.length; at++) {
      expect(
        opened(
          one,
          ticket.map((byte, i) => (i === at ? byte ^ 1 : byte)),
          0,
        ),
      ).toBeUndefined();
      expect(opened(one, ticket.subarray(0, at), 0)).toBeUndefined();
    }
  });

  it('seals under a new key when the old one has sealed long enough, which then only opens, then nothing', () => {
    const one = ring({ sealForMs: hour, openForMs: 2 * hour });
    const early = sealed(one, 0);
    const later = sealed(one, hour);
    expect(hex(later.subarray(0, 16))).not.toBe(hex(early.subarray(0, 16)));
    expect(one.keys).toHaveLength(2);
    expect(opened(one, early, 3 * hour - 1)).toBeDefined();
    expect(opened(one, early, 3 * hour)).toBeUndefined();
    sealed(one, 3 * hour);
    // The key of the beginning is forgotten, that of the middle is not.
    expect(one.keys.map(({ createdAtMs }) => createdAtMs)).toEqual([3 * hour, hour]);
  });

  it('wants what a former key sealed renewed', () => {
    const one = ring({ sealForMs: hour, openForMs: 2 * hour });
    const early = sealed(one, 0);
    expect(opened(one, early, hour - 1)?.renew).toBe(false);
    expect(opened(one, early, hour)?.renew).toBe(true);
    sealed(one, hour);
    expect(opened(one, early, hour)?.renew).toBe(true);
    expect(opened(one, sealed(one, hour), hour)?.renew).toBe(false);
  });

  it('opens with a key of the future, and seals with it only when its time has come', () => {
    const [now, next] = [0, hour].map((createdAtMs) => ({
      name: new Uint8Array(16).fill(createdAtMs / hour),
      secret: random(createdAtMs / hour),
      createdAtMs,
    }));
    const [one, ahead] = [ring({ keys: [now!, next!], sealForMs: hour }), ring({ keys: [next!] })];
    expect(sealed(one, hour - 1)[0]).toBe(0);
    expect(sealed(one, hour)[0]).toBe(1);
    expect(opened(one, sealed(ahead, hour), 0)).toBeDefined();
  });

  it('draws a new key when one has sealed as many as it may', () => {
    const one = ring({ maxTicketsPerKey: 2 });
    const names = [1, 2, 3, 4, 5].map((seed) => hex(sealed(one, 0, seed).subarray(0, 16)));
    expect(names.map((name) => names.indexOf(name))).toEqual([0, 0, 2, 2, 4]);
    // Counted on when it is given the same keys again.
    one.replaceKeys(one.keys);
    expect(hex(sealed(one, 0, 6).subarray(0, 16))).toBe(names[4]);
    expect(names).not.toContain(hex(sealed(one, 0, 7).subarray(0, 16)));
  });

  it('keeps its own copies of keys, wipes what it drops, and shows nothing', () => {
    const drawn: Uint8Array[] = [];
    const one = ring({
      random: (length) => {
        drawn.push(new Uint8Array(length).fill(7));
        return drawn.at(-1)!;
      },
    });
    const ticket = sealed(one, 0);
    expect(drawn.map((bytes) => bytes.some((byte) => byte !== 0))).toEqual([false]);
    one.keys[0]!.secret.fill(0);
    expect(opened(one, ticket, 0)).toBeDefined();
    expect(JSON.stringify(one)).toBe('{}');
    one.clear();
    expect([one.keys, opened(one, ticket, 0)]).toEqual([[], undefined]);
  });

  it('shares its keys with others', () => {
    const one = ring();
    const ticket = sealed(one, 0);
    const two = ring({ keys: one.keys });
    expect(opened(two, ticket, 0)).toBeDefined();
    two.replaceKeys([]);
    expect(opened(two, ticket, 0)).toBeUndefined();
    expect(() => two.replaceKeys([{ name: random(1), secret: random(1), createdAtMs: 0 }])).toThrow(
      'a ticket key is',
    );
    expect(() => ring({ sealForMs: 0 })).toThrow('must be more than 0 ms');
  });

  it('makes no ticket of a session that cannot be written down or is too long', () => {
    const verdict = () => 1;
    const asks = { random: random(1), nowMs: 0 };
    expect(ring().sealTicket({ ...asks, session: { ...session, peer: { ...peer, verdict } } })).toMatchObject(
      {
        ok: false,
      },
    );
    const applicationData = new Uint8Array(65_500);
    expect(ring().sealTicket({ ...asks, session: { ...session, applicationData } })).toMatchObject({
      ok: false,
      message: expect.stringContaining('65535 fit'),
    });
  });

  it('draws its keys from the given source, and nothing else', () => {
    const draws: number[] = [];
    const one = ring({ random: (length) => new Uint8Array(length).fill(draws.push(length)) });
    expect(hex(sealed(one, 0))).toBe(hex(sealed(one, 1)));
    expect(draws).toEqual([48]);
  });
});

describe('TicketTable', () => {
  it('lets each session be used once, and keeps only so many', () => {
    const table = new TicketTable({ maxSessions: 2 });
    for (const seed of [1, 2, 3])
      table.sealTicket({ session: { ...session, ageAdd: seed }, random: random(seed), nowMs: 0 });
    const open = (...seeds: number[]) => {
      const reply = table.openTicket({ identities: seeds.map(random) });
      return reply.ok ? reply.found?.session.ageAdd : undefined;
    };
    const use = (ticket: Uint8Array) => table.useTicket({ ticket, nowMs: 0 });
    expect([open(1), open(9, 3), open(3), table.size]).toEqual([undefined, 3, 3, 2]);
    expect([use(random(3)), use(random(3)), use(random(1)), table.size]).toEqual([
      { ok: true, use: true },
      { ok: true, use: false },
      { ok: true, use: false },
      1,
    ]);
    expect([open(3), use(new Uint8Array(65_535))]).toEqual([undefined, { ok: true, use: false }]);
    table.clear();
    expect(open(2)).toBeUndefined();
    expect(() => new TicketTable({ maxSessions: 0 })).toThrow('at least 1');
  });
});

describe('ReplayGuard', () => {
  const ask = (seed: number, nowMs: number): AcceptEarlyDataAsk => ({
    session,
    externalIdentity: undefined,
    ageSkewMs: 0,
    replayKey: random(seed),
    notBeforeMs: nowMs - 10,
    expiresAtMs: nowMs + 10,
    nowMs,
  });
  const accepts = (guard: ReplayGuard, ...asks: AcceptEarlyDataAsk[]) =>
    asks.map((each) => {
      const reply = guard.acceptEarlyData(each);
      return reply.ok && reply.accept;
    });

  it('accepts each hello once', () => {
    expect(accepts(new ReplayGuard(), ask(1, 0), ask(1, 1), ask(2, 2), ask(1, 9))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('refuses when it is full, until what it remembers has expired', () => {
    const guard = new ReplayGuard({ maxEntries: 2 });
    expect(accepts(guard, ask(1, 0), ask(2, 5), ask(3, 9), ask(3, 10), ask(4, 11))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('refuses a replay whose first copy it may have forgotten, when the question comes late', () => {
    const replay = ask(1, 9);
    expect(accepts(new ReplayGuard(), ask(1, 0), ask(2, 11), { ...replay, expiresAtMs: 10 })).toEqual([
      true,
      true,
      false,
    ]);
    // The very moment at which the first copy is forgotten.
    expect(accepts(new ReplayGuard(), ask(1, 0), { ...ask(1, 10), expiresAtMs: 10 })).toEqual([true, false]);
  });

  it('forgets what has an end beside what has none', () => {
    const external = { ...ask(9, 0), expiresAtMs: Number.POSITIVE_INFINITY };
    const guard = new ReplayGuard({ maxEntries: 1 });
    expect(accepts(guard, external, ask(1, 0), ask(2, 5), ask(2, 11), external)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('refuses a hello with an external key for ever', () => {
    const external = { ...ask(9, 0), expiresAtMs: Number.POSITIVE_INFINITY };
    const late = { ...external, nowMs: 1e15 };
    expect(accepts(new ReplayGuard({ maxEntries: 3 }), external, external, late)).toEqual([
      true,
      false,
      false,
    ]);
    const [first, second, third] = [1, 2, 3].map((seed) => ({ ...external, replayKey: random(seed) }));
    const full = new ReplayGuard({ maxEntries: 2 });
    expect(accepts(full, first!, second!, third!, { ...third!, nowMs: 1e15 })).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('refuses what may have come before it began', () => {
    expect(accepts(new ReplayGuard({ startedAtMs: 100 }), ask(1, 109), ask(1, 110))).toEqual([false, true]);
  });
});

describe('what a server resumes', () => {
  const config = serverConfig({ provider: testProvider, sessionContext: new Uint8Array([9]) });
  const good = { ...session, context: resumptionContext(config, streamCarrier, 'made') };
  const now = {
    version: 0x0304,
    config,
    carrier: streamCarrier,
    serverName: 'sealwire.test',
    nowMs: session.issuedAtMs,
  };

  it('is what was made under the same trust, for the same name, not too long ago', () => {
    expect(isResumable(good, now)).toBe(true);
    expect(isResumable({ ...good, version: 0x0303 }, now)).toBe(false);
    expect(isResumable(session, now)).toBe(false);
    expect(isResumable(good, { ...now, serverName: undefined })).toBe(false);
    expect(
      isResumable(good, {
        ...now,
        carrier: quicCarrier(() => new Uint8Array(0), { original: 1, negotiated: 1 }),
      }),
    ).toBe(false);
    expect(isResumable(good, { ...now, nowMs: session.issuedAtMs + 7_200_000 })).toBe(false);
    expect(isResumable({ ...good, startedAtMs: now.nowMs - 604_800_000 }, now)).toBe(false);
    const without = serverConfig({ provider: testProvider, tickets: false });
    expect(isResumable(good, { ...now, config: without })).toBe(false);
    const strict = serverConfig({ provider: testProvider, clientAuthentication: 'require' });
    const ours = { ...session, context: resumptionContext(strict, streamCarrier, 'made') };
    expect(isResumable(ours, { ...now, config: strict })).toBe(false);
    expect(isResumable({ ...ours, peer }, { ...now, config: strict })).toBe(true);
  });

  it('is as old as it says, modulo 2^32 (RFC 9846 §4.3.11.1)', () => {
    const shown = (ageMs: number) => (ageMs + session.ageAdd) % 2 ** 32;
    expect(ageSkewMs(session, shown(100), session.issuedAtMs + 150)).toBe(50);
    expect(ageSkewMs(session, shown(150), session.issuedAtMs + 100)).toBe(-50);
  });
});

describe('importPsk', () => {
  it('binds a key to protocol, KDF and context (RFC 9258 §5.1)', () => {
    const input = { provider: testProvider, identity: random(1), key: random(2) };
    const [sha256, sha384] = importPsk(input);
    expect([sha256!.key.length, sha384!.key.length]).toEqual([32, 48]);
    // external_identity, an empty context, TLS 1.3, HKDF_SHA256.
    expect(hex(sha256!.identity)).toBe(`0020${'01'.repeat(32)}000003040001`);
    expect(hex(sha384!.identity).endsWith('03040002')).toBe(true);
    const [other] = importPsk({ ...input, context: random(3) });
    expect(hex(other!.key)).not.toBe(hex(sha256!.key));
    expect(() => importPsk({ ...input, key: new Uint8Array(8) })).toThrow('at least 16 bytes');
  });
});

describe('a table of sessions by id', () => {
  const kept = (id: number, atMs = 0): Session => ({
    ...session,
    version: 0x0303,
    sessionId: random(id),
    lifetimeSeconds: 10,
    issuedAtMs: atMs,
  });
  const found = (table: SessionTable, id: number, nowMs = 0) => {
    const reply = table.lookupSession({ sessionId: random(id), nowMs });
    return reply.ok ? reply.session : undefined;
  };

  it('finds them until their time is over', () => {
    const table = new SessionTable();
    table.storeSession({ session: kept(1), nowMs: 0 });
    expect(found(table, 1, 9_999)).toEqual(kept(1));
    expect(found(table, 2)).toBeUndefined();
    expect(found(table, 1, 10_000)).toBeUndefined();
    expect(table.size).toBe(0);
  });

  it('is bounded, and forgets the oldest', () => {
    const table = new SessionTable({ maxSessions: 2 });
    for (const id of [1, 2, 3]) table.storeSession({ session: kept(id), nowMs: 0 });
    expect([1, 2, 3].map((id) => found(table, id) !== undefined)).toEqual([false, true, true]);
    table.delete(random(2));
    expect(table.size).toBe(1);
    expect(() => new SessionTable({ maxSessions: 0 })).toThrow('maxSessions must be an integer');
  });

  it('keeps none without an id', () => {
    const table = new SessionTable();
    expect(table.storeSession({ session, nowMs: 0 }).ok).toBe(false);
    expect(table.size).toBe(0);
  });
});
