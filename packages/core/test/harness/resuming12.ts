import { expect } from 'vitest';
import type { Connection } from '../../src/connection/connection.ts';
import type { Output } from '../../src/connection/outputs.ts';
import {
  createClient,
  createServer,
  TicketRing,
  type ClientOptions,
  type ServerOptions,
} from '../../src/index.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { tls12 } from '../../src/tls12/module.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../../src/values/peer-evidence.ts';
import type { Session } from '../../src/values/session.ts';
import { p256Credential, takesFixtures } from './fixtures.ts';
import { olderProvider } from './older-provider.ts';
import { connect, exchange, failures, nowMs, sessionsOf as sessionsIn, type Said } from './two-ends.ts';

/** Clients and servers of TLS 1.2 that resume. */

const { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: gcm, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: cbc } = suites12;

/** Takes whoever shows a certificate of the fixtures; the verdict is the cause of the question. */
export const verifyPeer = (ask: VerifyPeerAsk): VerifyPeerReply => ({
  ...(takesFixtures(ask) as Extract<VerifyPeerReply, { ok: true }>),
  verdict: ask.cause,
});

export const client = (options: Partial<ClientOptions> = {}): Connection =>
  createClient({
    provider: olderProvider,
    versions: [tls12],
    serverName: 'sealwire.test',
    cipherSuites: [gcm, cbc],
    answers: { verifyPeer },
    ...options,
  });

/** Every server with the same ring, as if they were one. */
export const ring = new TicketRing({ provider: olderProvider });
export const server = (options: Partial<ServerOptions> = {}): Connection =>
  createServer({
    provider: olderProvider,
    versions: [tls12],
    credentials: [p256Credential],
    tickets: { keeper: ring },
    answers: { verifyPeer },
    ...options,
  });

/** Those that the client has heard of. */
export const sessionsOf = ({ a }: Said) => sessionsIn(a);

/** The session of a first connection. */
export function firstSession(a: Connection, b: Connection): Session {
  const said = connect(a, b);
  expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
  expect([a.facts.resumed, b.facts.resumed]).toEqual([false, false]);
  const [session, ...more] = sessionsOf(said);
  expect(more).toEqual([]);
  return session!;
}

/** Data passes in both directions. */
export function expectAlive(a: Connection, b: Connection): void {
  a.send(Uint8Array.of(1, 2));
  b.send(Uint8Array.of(3));
  const said = exchange(a, b);
  const data = (outputs: readonly Output[]) =>
    outputs.flatMap((each) => (each.type === 'data' ? [...each.bytes] : []));
  expect([data(said.b), data(said.a)]).toEqual([[1, 2], [3]]);
}

/** Connects both, and sees to it that they have resumed or not, and are alive. */
export function expectResumed(a: Connection, b: Connection, isResumed: boolean, atMs = nowMs): Said {
  const said = connect(a, b, atMs);
  expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
  expect([a.facts.resumed, b.facts.resumed]).toEqual([isResumed, isResumed]);
  expectAlive(a, b);
  const exported = (from: Connection) => from.exportKeyingMaterial('EXPORTER-x', new Uint8Array(3), 20);
  expect(exported(a)).toEqual(exported(b));
  return said;
}
