import { describe, expect, it } from 'vitest';
import { client12 as client, server12 as server } from '../../test/harness/pair12.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { psk12 } from '../../test/harness/psk12.ts';
import { connect, failures, sessionsOf } from '../../test/harness/two-ends.ts';
import { type ClientOptions, type ServerOptions, TicketRing } from '../index.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import { suites12 } from '../registry/suites12.ts';
import { SessionTable } from '../resume/session-table.ts';
import type { ExternalPsk, LookupPskAsk, LookupPskReply } from '../values/external-psk.ts';
import type { Session } from '../values/session.ts';

/** Sessions of handshakes with pre-shared keys (RFC 4279 names the key exchange alone; RFC 5246 §7.3, RFC 5077). */

const externalPsks = [psk12];
const other: ExternalPsk = { ...psk12, identity: Uint8Array.of(9), key: new Uint8Array(32).fill(7) };
const exchanges = [
  ['PSK', suites12.TLS_PSK_WITH_AES_128_GCM_SHA256],
  ['ECDHE_PSK', suites12.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256],
  ['DHE_PSK', suites12.TLS_DHE_PSK_WITH_AES_128_GCM_SHA256],
  ['RSA_PSK', suites12.TLS_RSA_PSK_WITH_AES_128_GCM_SHA256],
] as const;
const keepers: readonly (readonly [string, () => Partial<ServerOptions>])[] = [
  ['a ticket', () => ({ tickets: { keeper: new TicketRing({ provider: olderProvider }) } })],
  ['an id', () => ({ tickets: false, sessionIds: { store: new SessionTable() } })],
];

interface Sides {
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
}

/** One connection, and a second one with what the first has left. */
function twice(cipherSuite: CipherSuite, keeping: Partial<ServerOptions>, again: Sides = {}) {
  const common = { externalPsks, cipherSuites: [cipherSuite] };
  const first = connect(client(common), server({ ...common, ...keeping }));
  expect(failures(first.a)).toEqual([]);
  const sessions = sessionsOf(first.a);
  const a = client({ ...common, sessions, ...again.client });
  const b = server({ ...common, ...keeping, ...again.server });
  return { a, b, said: connect(a, b), sessions };
}

describe.each(keepers)('a session of %s', (_, keep) => {
  it.each(exchanges)('is resumed where it was made by %s', (_exchange, id) => {
    const { a, b, said, sessions } = twice(id, keep());
    expect(failures(said.a)).toEqual([]);
    expect(sessions).toMatchObject([{ externalPskIdentity: psk12.identity, cipherSuite: id }]);
    const known = { resumed: true, cipherSuite: id, externalPskIdentity: psk12.identity };
    expect([a.facts, b.facts]).toMatchObject([known, known]);
    expect(a.facts.peerEvidence !== undefined).toBe(_exchange === 'RSA_PSK');
    // It is as good as before.
    expect(sessionsOf(said.a)).toMatchObject([{ externalPskIdentity: psk12.identity }]);
  });

  it('is not offered by a client that has lost its key', () => {
    const { a, b } = twice(exchanges[1][1], keep(), {
      client: { externalPsks: [other] },
      server: { externalPsks: [other] },
    });
    expect([a.facts.resumed, b.facts.externalPskIdentity]).toEqual([false, other.identity]);
  });

  it('is offered by a client that will have a key when it has heard a hint', () => {
    const lookupPsk = ({ version }: LookupPskAsk): LookupPskReply =>
      version === undefined ? { ok: true, psks: [], awaitsHint: true } : { ok: true, psks: externalPsks };
    const { a } = twice(exchanges[0][1], keep(), { client: { externalPsks: [], answers: { lookupPsk } } });
    expect(a.facts.resumed).toBe(true);
  });

  it('is not resumed by a server that has taken the key back', () => {
    const asked: LookupPskAsk[] = [];
    const { a, b, said } = twice(exchanges[0][1], keep(), {
      client: { externalPsks: [psk12, other] },
      server: {
        externalPsks: [],
        answers: {
          lookupPsk(ask) {
            asked.push(ask);
            return { ok: true, psks: [other] };
          },
        },
      },
    });
    // What follows is a full handshake, for which the client has the other key no more than the server has this one.
    expect(asked[0]).toMatchObject({ role: 'server', identities: [psk12.identity], version: 0x0303 });
    expect(a.facts.resumed).toBe(false);
    expect(b.facts.handshakes).toBe(0);
    expect(failures(said.a)).toHaveLength(1);
  });
});

it('a session that names no key is not resumed with a suite that needs one', () => {
  let kept: Session | undefined;
  const keeper = {
    sealTicket: ({ session }: { readonly session: Session }) => {
      kept = { ...session, externalPskIdentity: undefined };
      return { ok: true, ticket: Uint8Array.of(1) } as const;
    },
    openTicket: () => ({ ok: true, found: { index: 0, session: kept! } }) as const,
  };
  const { a } = twice(exchanges[0][1], { tickets: { keeper } });
  expect(a.facts).toMatchObject({ resumed: false, handshakes: 1 });
});
