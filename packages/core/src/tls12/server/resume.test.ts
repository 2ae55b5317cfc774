import { describe, expect, it } from 'vitest';
import { client12 as client, server12 as server } from '../../../test/harness/pair12.ts';
import { psk12 } from '../../../test/harness/psk12.ts';
import { connect, failures, sessionsOf } from '../../../test/harness/two-ends.ts';
import type { ClientOptions, ServerOptions } from '../../index.ts';
import { suites12 } from '../../registry/suites12.ts';
import type { LookupPskReply } from '../../values/external-psk.ts';
import type { OpenTicketReply, Session } from '../../values/session.ts';

/** Sessions that a server is given, and does not resume: what follows is a full handshake. */

const {
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: gcm,
  TLS_ECDH_anon_WITH_AES_128_CBC_SHA: anonymous,
  TLS_PSK_WITH_AES_128_GCM_SHA256: psk,
} = suites12;

/** Keeps the last session, and finds it again; `found`: what is made of it. */
function keeperOf(found: (session: Session) => OpenTicketReply) {
  let kept: Session | undefined;
  return {
    sealTicket: ({ session }: { readonly session: Session }) => {
      kept = session;
      return { ok: true, ticket: new Uint8Array(16) } as const;
    },
    openTicket: () => found(kept!),
  };
}

/** A connection, and another with what the first has left. */
function twice(
  found: (session: Session) => OpenTicketReply,
  shared: Partial<ClientOptions & ServerOptions> = {},
  again: Partial<ServerOptions> = {},
) {
  const tickets = { keeper: keeperOf(found) };
  const options = { cipherSuites: [gcm], ...shared };
  const first = connect(client(options), server({ ...options, tickets }));
  expect(failures(first.a)).toEqual([]);
  const a = client({ ...options, sessions: sessionsOf(first.a) });
  const b = server({ ...options, tickets, ...again });
  const said = connect(a, b);
  return { a, b, said };
}

const asItWas = (session: Session): OpenTicketReply => ({ ok: true, found: { index: 0, session } });

describe('a session that is found', () => {
  it('is resumed', () => {
    expect(twice(asItWas).b.facts).toMatchObject({ resumed: true, handshakes: 1 });
  });

  it('is the one that was asked about', () => {
    const { b, said } = twice((session) => ({ ok: true, found: { index: 1, session } }));
    expect(failures(said.b)[0]).toMatch(/^internal\..* 1/);
    expect(b.facts.handshakes).toBe(0);
  });

  it('is not resumed if it proves nobody', () => {
    const { b } = twice(
      (session) => ({ ok: true, found: { index: 0, session: { ...session, cipherSuite: anonymous } } }),
      { cipherSuites: [gcm, anonymous] },
    );
    expect(b.facts).toMatchObject({ resumed: false, handshakes: 1, cipherSuite: gcm });
  });

  it.each<[string, LookupPskReply]>([
    ['cannot be had', { ok: false, message: 'the directory is away' }],
    ['is for TLS 1.3 now', { ok: true, psks: [{ ...psk12, usedIn: 'tls13' }] }],
    ['is another', { ok: true, psks: [{ ...psk12, identity: Uint8Array.of(9) }] }],
  ])('is not resumed if its pre-shared key %s', (_, reply) => {
    const known: LookupPskReply = { ok: true, psks: [psk12] };
    const shared = { cipherSuites: [psk], externalPsks: [psk12] };
    const withReplies = (...replies: LookupPskReply[]) =>
      twice(asItWas, shared, {
        externalPsks: [],
        answers: { lookupPsk: () => replies.shift() ?? known },
      });
    expect(withReplies(known).b.facts).toMatchObject({ resumed: true, handshakes: 1 });
    // The key that the session names is looked up first, then the one that the full handshake names.
    expect(withReplies(reply).b.facts).toMatchObject({ resumed: false, handshakes: 1 });
  });
});
