import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Session } from '@sealwire/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpensslTicketKeeper, restoredSession, storedSession } from './openssl-tickets.ts';
import { decodeSslSession } from './ssl-session.ts';
import { TicketKeys } from './ticket-keys.ts';

const keys = Uint8Array.from({ length: 48 }, (_, i) => i);
const random = Uint8Array.from({ length: 32 }, (_, i) => 100 + i);
const nowMs = 1_700_000_000_000;

const session: Session = {
  version: 0x0304,
  cipherSuite: 0x1302,
  secret: new Uint8Array(48).fill(1),
  ticket: new Uint8Array(0),
  ageAdd: 0x8000_0001,
  lifetimeSeconds: 7_200,
  issuedAtMs: nowMs,
  startedAtMs: nowMs - 5_000,
  serverName: 'a.test',
  expectedName: undefined,
  alpnProtocol: 'h2',
  maxEarlyDataBytes: 0,
  context: Uint8Array.of(0, 1, 2),
  peer: undefined,
  externalPskIdentity: undefined,
  applicationData: Uint8Array.of(9),
};
const older = { ...session, version: 0x0303, cipherSuite: 0xc02b, extendedMainSecret: true, ageAdd: 0 };

const terms = { serverName: 'a.test', context: session.context };
const sealed = (by: OpensslTicketKeeper, of: Session = session) => {
  const reply = by.sealTicket({ session: of, random, nowMs });
  if (!reply.ok) throw new Error(reply.message);
  return reply.ticket;
};
const opened = (by: OpensslTicketKeeper, ...identities: Uint8Array[]) => {
  const reply = by.openTicket({ identities, nowMs, ...terms });
  return reply.ok ? reply.found : undefined;
};

describe('ticket keys', () => {
  it('are name, HMAC key and AES key, and a ticket is as Node makes it', () => {
    const contents = Buffer.from('contents');
    const iv = random.subarray(0, 16);
    const cipher = createCipheriv('aes-128-cbc', keys.subarray(32), iv);
    const body = Buffer.concat([keys.subarray(0, 16), iv, cipher.update(contents), cipher.final()]);
    const mac = createHmac('sha256', keys.subarray(16, 32)).update(body).digest();
    const ticket = new TicketKeys(keys).seal(contents, iv);
    expect(ticket).toEqual(Buffer.concat([body, mac]));
    expect(new TicketKeys(keys).open(ticket)).toEqual(contents);
  });

  it('open nothing that was changed, cut or made of noise', () => {
    const own = new TicketKeys(keys);
    const ticket = own.seal(randomBytes(100), random.subarray(0, 16));
    for (let at = 0; at < ticket.length; at++) {
      expect(own.open(ticket.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBeUndefined();
      expect(own.open(ticket.subarray(0, at))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(own.open(noise)).toBeUndefined();
        expect(own.open(Uint8Array.from([...keys.subarray(0, 16), ...noise]))).toBeUndefined();
      }),
    );
    // A right MAC over what decrypts to no padding.
    const body = Buffer.concat([keys.subarray(0, 16), random]);
    const forged = Buffer.concat([body, createHmac('sha256', keys.subarray(16, 32)).update(body).digest()]);
    expect(own.open(forged)).toBeUndefined();
  });

  it('are drawn where none are given, and are not the caller’s array', () => {
    const given = Uint8Array.from(keys);
    const own = new TicketKeys(given);
    given.fill(0);
    expect([...own.bytes]).toEqual([...keys]);
    own.bytes.fill(0);
    expect([...own.bytes]).toEqual([...keys]);
    expect([...new TicketKeys().bytes]).not.toEqual([...new TicketKeys().bytes]);
    for (const wrong of [new Uint8Array(47), new Uint8Array(49), 'x'.repeat(48)])
      expect(() => new TicketKeys(wrong as never)).toThrow('ticket keys are 48 bytes');
  });
});

describe('OpensslTicketKeeper', () => {
  it.each([session, older])('opens what it sealed, and says which identity it was', (of) => {
    const keeper = new OpensslTicketKeeper(keys);
    const found = opened(keeper, random, sealed(keeper, of));
    expect(found).toMatchObject({ index: 1 });
    const { secret, ...rest } = of;
    expect(found?.session).toMatchObject({ ...rest, secret, startedAtMs: of.startedAtMs });
  });

  it('opens nothing of other keys, another context or another server name', () => {
    const keeper = new OpensslTicketKeeper(keys, { sessionIdContext: Uint8Array.of(5) });
    const ticket = sealed(keeper);
    expect(opened(keeper, ticket)).toBeDefined();
    expect(opened(new OpensslTicketKeeper(randomBytes(48)), ticket)).toBeUndefined();
    for (const sessionIdContext of [new Uint8Array(0), Uint8Array.of(6), Uint8Array.of(5, 5)])
      expect(opened(new OpensslTicketKeeper(keys, { sessionIdContext }), ticket)).toBeUndefined();
    const elsewhere = keeper.openTicket({ identities: [ticket], nowMs, ...terms, serverName: 'b.test' });
    expect(elsewhere).toEqual({ ok: true });
  });

  it('changes its keys while it is used, together with those who share them', () => {
    const shared = new TicketKeys(keys);
    const [one, two] = [new OpensslTicketKeeper(shared), new OpensslTicketKeeper(shared)];
    const ticket = sealed(one);
    expect(opened(two, ticket)).toBeDefined();
    const others = randomBytes(48);
    one.setKeys(others);
    expect([...two.keys]).toEqual([...others]);
    expect(opened(two, ticket)).toBeUndefined();
    expect(opened(two, sealed(one))).toBeDefined();
  });

  it('shows the session that a ticket is made of, with an id in TLS 1.3', () => {
    const keeper = new OpensslTicketKeeper(keys);
    const { id, data } = keeper.issued({ session, random, nowMs });
    expect(id).toHaveLength(32);
    expect(new TicketKeys(keys).open(sealed(keeper))).toEqual(data);
    expect(decodeSslSession(data)).toMatchObject({
      masterSecret: session.secret,
      time: nowMs / 1000,
      timeout: 7_200,
    });
    expect(keeper.issued({ session: older, random, nowMs }).id).toHaveLength(0);
    expect(keeper.issued({ session, random: random.map((byte) => byte ^ 1), nowMs }).id).not.toEqual(id);
  });

  it('gives the id alone where it keeps no state in tickets, and finds nothing by it', () => {
    const keeper = new OpensslTicketKeeper(keys, { stateful: true });
    const ticket = sealed(keeper);
    expect(ticket).toEqual(keeper.issued({ session, random, nowMs }).id);
    expect(opened(keeper, ticket)).toBeUndefined();
  });

  it('gives none for what has no room in it', () => {
    const keeper = new OpensslTicketKeeper(keys);
    const large = { ...session, applicationData: new Uint8Array(65_535) };
    expect(keeper.sealTicket({ session: large, random, nowMs })).toMatchObject({ ok: false });
    const certificate = Uint8Array.of(0x30, 0x82, 0xff, 0xfb, ...new Uint8Array(0xfffb));
    const peer = {
      evidence: { type: 'x509', chain: [{ certificate }] },
      verdict: null,
      verifiedAtMs: 0,
    } as const;
    expect(keeper.sealTicket({ session: { ...session, peer }, random, nowMs })).toMatchObject({ ok: false });
  });
});

describe('a session that others keep', () => {
  const context = Uint8Array.of(7);

  it('comes back under its id', () => {
    const own = { ...older, sessionId: new Uint8Array(32).fill(3) };
    const { id, data } = storedSession(own, context);
    expect(id).toEqual(own.sessionId);
    expect(restoredSession(data, terms, context)).toMatchObject({
      sessionId: own.sessionId,
      secret: own.secret,
    });
    expect(restoredSession(data, terms, Uint8Array.of(8))).toBeUndefined();
    expect(restoredSession(data, { ...terms, serverName: undefined }, context)).toBeUndefined();
  });

  it('is none where the bytes are none', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (noise) => {
        expect(restoredSession(noise, terms, context)).toBeUndefined();
      }),
    );
  });
});
