import { describe, expect, it } from 'vitest';
import { ed25519Credential, p256Credential, p256Key, takesFixtures } from '../../test/harness/fixtures.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { client12, server12 } from '../../test/harness/pair12.ts';
import { clientOptions, serverOptions } from '../../test/harness/renegotiating.ts';
import { connect, exchange, failures, nowMs, sessionsOf } from '../../test/harness/two-ends.ts';
import { createClient, createServer, rawPublicKeyCredential, TicketRing } from '../index.ts';
import { suites12 } from '../registry/suites12.ts';
// Through its folder, as in handshake.test.ts.
import { tls12 } from '../tls12/module.ts';

/** What an application decides that cannot be, or comes to nothing: the peer hears it by the alert of the table. */

const raw = rawPublicKeyCredential(p256Key);
const failed = (code: string, alert: string) => [
  expect.objectContaining({ type: 'failed', alert, error: expect.objectContaining({ code }) }),
];
const heard = (alert: string) => [
  expect.objectContaining({
    type: 'failed',
    sentBy: 'peer',
    alert,
    error: expect.objectContaining({ code: 'received.alert' }),
  }),
];
const endOf = (outputs: ReturnType<typeof connect>['a']) => outputs.filter(({ type }) => type === 'failed');

describe('in TLS 1.2', () => {
  it('a server’s credential of a type that the client does not take is not shown', () => {
    const answers = { selectCertificate: () => ({ ok: true, credential: raw }) as const };
    const said = connect(client12({ answers: { verifyPeer: takesFixtures } }), server12({ answers }));
    expect(endOf(said.b)).toEqual(failed('incompatible.certificateTypes', 'unsupported_certificate'));
    expect(endOf(said.a)).toEqual(heard('unsupported_certificate'));
  });

  it('a client’s credential of a type that the server does not take is not shown', () => {
    const answers = {
      verifyPeer: takesFixtures,
      selectCertificate: () => ({ ok: true, credential: raw }) as const,
    };
    const server = server12({
      credentials: [p256Credential],
      clientAuthentication: 'require',
      answers: { verifyPeer: takesFixtures },
    });
    const said = connect(client12({ answers }), server);
    expect(endOf(said.a)).toEqual(failed('incompatible.certificateTypes', 'unsupported_certificate'));
    expect(endOf(said.b)).toEqual(heard('unsupported_certificate'));
  });

  it('a server without a credential says so', () => {
    const answers = { selectCertificate: () => ({ ok: false, message: 'the vault is shut' }) as const };
    const said = connect(client12({ answers: { verifyPeer: takesFixtures } }), server12({ answers }));
    expect(endOf(said.b)).toEqual(failed('local.credentialUnavailable', 'internal_error'));
    expect(endOf(said.a)).toEqual(heard('internal_error'));
  });

  it('a response that cannot be had is left out', () => {
    const asked: string[] = [];
    const answers = {
      fetchStatus: () => {
        asked.push('status');
        return { ok: false, message: 'the responder is silent' } as const;
      },
    };
    const client = client12({ requestOcsp: true, answers: { verifyPeer: takesFixtures } });
    const said = connect(client, server12({ credentials: [p256Credential], answers }));
    expect([...failures(said.a), ...failures(said.b)]).toEqual([]);
    expect(asked).toEqual(['status']);
    expect(client.facts.peerEvidence).toMatchObject({ type: 'x509', chain: [{}] });
    expect(client.facts.peerEvidence).not.toHaveProperty('chain.0.ocspResponse');
  });

  it('a session with another server is not resumed in the middle of a connection', () => {
    // Two servers that share their tickets and not their certificates.
    const tickets = { keeper: new TicketRing({ provider: olderProvider }) };
    const other = createServer({ ...serverOptions, credentials: [ed25519Credential], tickets });
    const sessions = sessionsOf(connect(createClient(clientOptions), other).a);
    expect(sessions).toHaveLength(1);
    const answers = {
      verifyPeer: takesFixtures,
      chooseSession: ({ renegotiation }: { readonly renegotiation: number }) =>
        ({ ok: true, sessions: renegotiation > 0 ? sessions : [] }) as const,
    };
    const a = createClient({ ...clientOptions, answers });
    const b = createServer({
      ...serverOptions,
      credentials: [p256Credential],
      tickets,
      acceptRenegotiation: true,
    });
    connect(a, b);
    expect(a.facts.handshakes).toBe(1);
    a.renegotiate(undefined, nowMs);
    const said = exchange(a, b);
    expect(endOf(said.a)).toEqual(failed('peer.changedInRenegotiation', 'illegal_parameter'));
    expect(endOf(said.b)).toEqual(heard('illegal_parameter'));
  });

  it('a provider without finite fields has none of their suites', () => {
    const { dh: _, ...without } = olderProvider;
    const { TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: dhe, TLS_DHE_PSK_WITH_AES_128_GCM_SHA256: dhePsk } =
      suites12;
    const { TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: ecdhe } = suites12;
    const has = (provider: typeof without) =>
      [dhe, dhePsk, ecdhe].map((suite) => tls12.supports(suite, provider));
    expect(has(olderProvider)).toEqual([true, true, true]);
    expect(has(without)).toEqual([false, false, true]);
  });
});
