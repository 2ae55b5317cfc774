import type { Session } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { makeTestPki } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { bareSslSession, clientSession, serverSession, toSslSession } from './convert.ts';
import { judgeResumedPeer } from './resumed-peer.ts';
import { decodeSslSession, encodeSslSession, type SslSession } from './ssl-session.ts';
import type { StoredVerdict } from './verify-result.ts';

const nowMs = 1_700_000_000_000;
const pki = makeTestPki({ provider, nowMs, dnsNames: ['a.test', 'b.test'] });
const chain = pki.server.chain.map((certificate) => ({ certificate }));
const verdict = { verifyResult: 0, more: 'of the same' } satisfies StoredVerdict & { more: string };
const context = Uint8Array.of(1);

const ofClient: Session = {
  version: 0x0304,
  cipherSuite: 0x1302,
  secret: new Uint8Array(48).fill(1),
  ticket: new Uint8Array(9).fill(2),
  ageAdd: 0x8000_0001,
  lifetimeSeconds: 900,
  issuedAtMs: nowMs + 999,
  startedAtMs: nowMs - 5_000,
  serverName: 'a.test',
  expectedName: 'a.test',
  alpnProtocol: 'h2',
  maxEarlyDataBytes: 16,
  context,
  peer: { evidence: { type: 'x509', chain }, verdict, verifiedAtMs: nowMs - 5_000, validUntilMs: nowMs + 5 },
  externalPskIdentity: undefined,
  applicationData: Uint8Array.of(9),
};
const olderClient = {
  ...ofClient,
  version: 0x0303,
  cipherSuite: 0xc02b,
  extendedMainSecret: true,
  ageAdd: 0,
};
const terms = { serverName: 'a.test', expectedName: 'a.test', context };

const passed = (ssl: SslSession) => decodeSslSession(encodeSslSession(ssl))!;
/** What an SSL_SESSION has of it. */
const known = ({ peer, issuedAtMs, ...session }: Session): Session => ({
  ...session,
  issuedAtMs: Math.floor(issuedAtMs / 1000) * 1000,
  peer: peer && {
    evidence: { type: 'x509', chain: [chain[0]!] },
    verdict: { verifyResult: 0 },
    verifiedAtMs: Math.floor(issuedAtMs / 1000) * 1000,
  },
});

describe('a session of a client', () => {
  it.each([ofClient, olderClient])(
    'comes back but for the chain, the rest of the verdict and its times',
    (own) => {
      expect(clientSession(passed(toSslSession(own, 'client')), terms)).toEqual(known(own));
    },
  );

  it('has a session id of the ticket, and a timeout of its own, as OpenSSL’s', () => {
    expect(toSslSession(ofClient, 'client')).toMatchObject({
      timeout: 7_200,
      ticketLifetimeHint: 900,
      flags: 0,
    });
    expect(toSslSession(olderClient, 'client', { timeout: 5, kexGroup: 29 })).toMatchObject({
      sessionId: provider.hashes.sha256!.digest([ofClient.ticket]),
      timeout: 5,
      kexGroup: 29,
      flags: 1,
    });
  });

  it('is kept under an id where there is no ticket', () => {
    const byId = { ...olderClient, ticket: new Uint8Array(0), sessionId: new Uint8Array(32).fill(3) };
    const ssl = toSslSession(byId, 'client', { timeout: 900 });
    expect([ssl.ticket, ssl.ticketLifetimeHint]).toEqual([undefined, 0]);
    expect(clientSession(passed(ssl), terms)).toEqual(known(byId));
  });

  it.each<[string, Partial<SslSession>]>([
    ['without a ticket', { ticket: undefined }],
    ['without a secret', { masterSecret: new Uint8Array(0) }],
    ['with a secret that no hash gives', { masterSecret: new Uint8Array(256) }],
    ['without a peer', { peer: undefined }],
    ['for another server name', { hostname: 'b.test' }],
    ['without a lifetime', { ticketLifetimeHint: 0 }],
    ['with shorter records (RFC 6066 §4)', { maxFragmentLengthMode: 1 }],
    ['of SRP', { srpUsername: new Uint8Array(1) }],
    ['with compression', { compression: Uint8Array.of(1) }],
    ['before all time', { time: -1 }],
  ])('is not offered %s', (_, changes) => {
    const ssl = passed({ ...toSslSession(ofClient, 'client'), ...changes });
    expect(clientSession(ssl, terms)).toBeUndefined();
  });

  it.each<[string, Partial<SslSession>]>([
    ['without an id', { ticket: undefined, sessionId: new Uint8Array(0) }],
    ['with a secret that is none', { masterSecret: new Uint8Array(47) }],
    ['of a pre-shared key', { pskIdentity: Uint8Array.of(1) }],
  ])('of TLS 1.2 is not offered %s', (_, changes) => {
    const ssl = passed({ ...toSslSession(olderClient, 'client'), ...changes });
    expect(clientSession(ssl, terms)).toBeUndefined();
  });

  it('is offered to nobody but whom its certificate was checked for (CVE-2026-48934)', () => {
    const ssl = toSslSession(ofClient, 'client');
    const silent = { ...ssl, ticketAppData: undefined };
    const offered = (from: SslSession, expectedName: string | undefined, checkedName?: string) =>
      clientSession(passed(from), { ...terms, expectedName, checkedName }) !== undefined;
    expect([offered(ssl, 'a.test'), offered(ssl, 'b.test'), offered(ssl, undefined)]).toEqual([
      true,
      false,
      false,
    ]);
    // Whatever else is said of it must be the same.
    expect([offered(ssl, 'a.test', 'a.test'), offered(ssl, 'a.test', 'b.test')]).toEqual([true, false]);
    expect([offered(silent, 'b.test', 'b.test'), offered(silent, 'a.test', 'b.test')]).toEqual([true, false]);
    // Where nothing is said, the certificate says it.
    const hosts = ['a.test', 'b.test', '127.0.0.1', 'c.test', 'not a name', '127.0.0.2'];
    expect(hosts.map((host) => offered(silent, host))).toEqual([true, true, true, false, false, false]);
    const unreadable = { ...silent, peer: Uint8Array.of(0x30, 0) };
    expect([offered(unreadable, 'a.test'), offered(unreadable, 'a.test', 'a.test')]).toEqual([false, true]);
    expect(offered({ ...silent, peer: undefined, peerRawPublicKey: new Uint8Array(5) }, 'a.test')).toBe(
      false,
    );
  });

  it('of an external key says which', () => {
    const own = { ...ofClient, peer: undefined, externalPskIdentity: Uint8Array.of(5) };
    expect(clientSession(passed(toSslSession(own, 'client')), terms)).toEqual(known(own));
  });
});

describe('a session of a server', () => {
  const sessionIdContext = Uint8Array.of(7, 7);
  const ofServer = { ...ofClient, ticket: new Uint8Array(0), expectedName: undefined };
  const ssl = toSslSession(ofServer, 'server', { sessionIdContext, sessionId: new Uint8Array(32) });

  it('comes back in its context', () => {
    expect(ssl).toMatchObject({ timeout: 900, ticketLifetimeHint: 0, ticket: undefined, sessionIdContext });
    expect(serverSession(passed(ssl), terms, sessionIdContext)).toEqual(known(ofServer));
    expect(serverSession(passed(ssl), terms, new Uint8Array(0))).toBeUndefined();
  });

  it('is taken for this server name where it says none', () => {
    const silent = { ...ssl, hostname: undefined, ticketAppData: undefined };
    for (const serverName of ['a.test', 'b.test', undefined]) {
      const back = serverSession(passed(silent), { serverName, context }, sessionIdContext);
      // Nobody says when the first handshake was, but it was not later.
      expect(back).toMatchObject({
        serverName,
        context,
        startedAtMs: nowMs,
        applicationData: new Uint8Array(0),
      });
    }
    expect(serverSession(passed(ssl), { serverName: 'b.test', context }, sessionIdContext)).toBeUndefined();
  });

  it.each<[string, Partial<SslSession>]>([
    ['of a client', toSslSession(ofClient, 'client', { sessionIdContext })],
    ['of a pre-shared key that nobody names', { peer: undefined, verifyResult: 1 }],
    ['without a lifetime', { timeout: 0 }],
  ])('is not taken for one: that %s', (_, changes) => {
    expect(serverSession(passed({ ...ssl, ...changes }), terms, sessionIdContext)).toBeUndefined();
  });

  it('keeps what others have written for the application, and never was in the future', () => {
    const foreign = { ...ssl, ticketAppData: Uint8Array.of(1, 2, 3) };
    expect(serverSession(passed(foreign), terms, sessionIdContext)).toMatchObject({
      applicationData: Uint8Array.of(1, 2, 3),
      startedAtMs: nowMs,
    });
    const ahead = toSslSession({ ...ofServer, startedAtMs: nowMs + 1e9 }, 'server', { sessionIdContext });
    expect(serverSession(passed(ahead), terms, sessionIdContext)?.startedAtMs).toBe(nowMs);
  });

  it('says nothing of a verdict that says nothing, but that the peer was refused', () => {
    for (const each of [null, undefined, {}, { verifyResult: 'OK' }, { authorized: true }]) {
      const own = { ...ofServer, peer: { ...ofServer.peer!, verdict: each } };
      expect(toSslSession(own, 'server').verifyResult).toBe(1);
    }
  });
});

describe('a connection without a session', () => {
  it('is what OpenSSL would have of it', () => {
    const { version, cipherSuite, alpnProtocol, peer } = ofClient;
    const bare = bareSslSession({
      version,
      cipherSuite,
      alpnProtocol,
      peer,
      startedAtMs: nowMs,
      externalPskIdentity: undefined,
    });
    expect(bare).toMatchObject({
      time: nowMs / 1000,
      timeout: 7_200,
      peer: chain[0]!.certificate,
      kexGroup: 0,
    });
    expect(passed(bare)).toEqual(bare);
    expect(clientSession(bare, terms)).toBeUndefined();
    // As a server of node:tls gives it: nothing but version, suite, times, context and group.
    const server = bareSslSession(
      {
        version,
        cipherSuite,
        alpnProtocol: null,
        peer: undefined,
        startedAtMs: 0x6b02_303c_000,
        externalPskIdentity: undefined,
      },
      { sessionIdContext: Buffer.from('ctx'), kexGroup: 29 },
    );
    const time = Math.floor(0x6b02_303c_000 / 1000);
    const hex = Buffer.from(encodeSslSession({ ...server, time: 0x6b02_303c })).toString('hex');
    expect([server.time, hex]).toEqual([
      time,
      '3029020101020203040402130204000400a10602046b02303ca20402021c20a4050403637478b30302011d',
    ]);
  });
});

describe('the peer of a resumed session', () => {
  const leaf = { type: 'x509', chain: [chain[0]!] } as const;
  const ask = (stored: unknown, receivedAtMs = nowMs) => ({
    cause: 'resumption' as const,
    evidence: leaf,
    expectedName: undefined,
    purpose: 'clientAuth' as const,
    keyUse: 'sign' as const,
    stored: { verdict: stored, verifiedAtMs: nowMs },
    receivedAtMs,
  });
  const result = (...of: Parameters<typeof ask>) => {
    const reply = judgeResumedPeer(ask(...of));
    return reply.ok ? (reply.verdict as StoredVerdict).verifyResult : reply.reason;
  };
  const yearMs = 31_536_000_000;

  it('is who it was, unless the certificate has expired', () => {
    expect([result({ verifyResult: 0 }), result({ verifyResult: 18 }), result(undefined)]).toEqual([
      0, 18, 1,
    ]);
    expect(result({ verifyResult: 0 }, nowMs + yearMs)).toBe(10);
    expect(result({ verifyResult: 0 }, nowMs - yearMs)).toBe(9);
    expect(result({ verifyResult: 18 }, nowMs + yearMs)).toBe(18);
    const reply = judgeResumedPeer(ask({ verifyResult: 0 }));
    expect(reply).toMatchObject({ ok: true, validUntilMs: expect.any(Number) });
    expect(provider.importPublicKey((reply as { publicKey: Uint8Array }).publicKey)).toBeDefined();
  });

  it('is nobody where the certificate cannot be read', () => {
    const evidence = { type: 'x509', chain: [{ certificate: Uint8Array.of(0x30, 0) }] } as const;
    expect(judgeResumedPeer({ ...ask({ verifyResult: 0 }), evidence })).toMatchObject({
      reason: 'malformed',
    });
  });

  it('may be a raw public key', () => {
    const evidence = { type: 'rawPublicKey', spki: new Uint8Array(5) } as const;
    expect(judgeResumedPeer({ ...ask({ verifyResult: 0 }), evidence })).toEqual({
      ok: true,
      publicKey: evidence.spki,
      verdict: { verifyResult: 0 },
    });
  });
});
