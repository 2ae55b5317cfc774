import { expect } from 'vitest';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { extendedMainSecretExtension } from '../../src/extensions/extended-main-secret.ts';
import { sessionTicketExtension } from '../../src/extensions/session-ticket.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { createClient, createServer, tls13 } from '../../src/index.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { protocolVersions, type ProtocolVersion } from '../../src/registry/versions.ts';
import { tls11, tls12 } from '../../src/tls12/module.ts';
import type { Session } from '../../src/values/session.ts';
import { p256Certificate, p256Credential, publicKeyOf } from '../harness/fixtures.ts';
import { olderProvider } from '../harness/older-provider.ts';
import type { Peer } from '../harness/peer.ts';
import { plainClientHello, plainPeer, plainServerHello, secureRenegotiation } from '../harness/plain-peer.ts';
import { serverSession12, session12 } from '../harness/session12.ts';
import { scriptedClient12, type ScriptedClient12 } from '../harness/scripted-client12.ts';
import {
  scriptedServer12,
  type ScriptedServer12,
  type ServerScript12,
} from '../harness/scripted-server12.ts';
import { encodeMessage12 } from '../../src/messages/tls12.ts';
import { clause, type Victim } from './clause.ts';
import { sampleMessages12 } from './sample-messages12.ts';

/** What can be wrong with a session that is resumed in TLS 1.2 and below. */

const { TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: ours, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: other } = suites12;

const session: Session = {
  ...session12,
  cipherSuite: ours,
  serverName: undefined,
  expectedName: undefined,
};

interface Answer {
  readonly sessions?: readonly Session[];
  readonly version?: ProtocolVersion;
  readonly suite?: typeof ours;
  readonly extensions?: readonly RawExtension[];
  readonly resumeUnboundSessions?: boolean;
}

const extended = extension('SH12', extendedMainSecretExtension, true);

/** A client whose session id is given back. */
function client({
  sessions = [session],
  version = protocolVersions.tls12,
  suite = ours,
  extensions = [extended],
  resumeUnboundSessions = false,
}: Answer): Peer {
  const victim = createClient({
    provider: olderProvider,
    versions: sessions.length > 0 ? [tls12, tls11] : [tls13, tls12],
    cipherSuites: sessions.length > 0 ? [ours, other] : [0x1301 as never, ours],
    sessions,
    resumeUnboundSessions,
    answers: { verifyPeer: () => ({ ok: true, publicKey: publicKeyOf(p256Certificate) }) },
  });
  const peer = plainPeer(victim);
  // Header of the message, version and random come first.
  const hello = peer.messagesOf(1)[0]!;
  const sessionId = hello.slice(39, 39 + hello[38]!);
  const change = { serverVersion: version, sessionId };
  return peer.handshake(plainServerHello(suite, [secureRenegotiation, ...extensions], change));
}

interface Question {
  readonly kept?: Session;
  readonly suite?: typeof ours;
  readonly extensions?: readonly RawExtension[];
  readonly resumeUnboundSessions?: boolean;
}

/** Servers that are shown an id, and a ticket. */
function* servers({
  kept = session,
  suite = ours,
  extensions = [extension('CH', extendedMainSecretExtension, true)],
  resumeUnboundSessions = false,
}: Question): Iterable<Peer> {
  for (const by of ['id', 'ticket'] as const) {
    // As a server keeps it: under the trust of this configuration.
    const { peer, context } = serverSession12;
    const found = { ...kept, peer, context };
    const victim = createServer({
      provider: olderProvider,
      versions: [tls12],
      resumeUnboundSessions,
      cipherSuites: [ours, other],
      credentials: [p256Credential],
      sessionIds: {},
      answers: {
        lookupSession: () => ({ ok: true, session: found }),
        storeSession: () => ({ ok: true }),
        openTicket: () => ({ ok: true, found: { index: 0, session: found } }),
      },
    });
    const ticket = extension('CH', sessionTicketExtension, new Uint8Array(16));
    yield plainPeer(victim).handshake(
      plainClientHello(
        [suite],
        [
          extension('CH', supportedGroupsExtension, [namedGroups.secp256r1]),
          extension('CH', signatureAlgorithmsExtension, [signatureSchemes.ecdsa_secp256r1_sha256]),
          ...(by === 'ticket' ? [ticket] : []),
          ...extensions,
        ],
        { legacySessionId: session.sessionId! },
      ),
    );
  }
}

clause('RFC 5246 §7.4.1.2: a session without its cipher suite', () => servers({ suite: other }));

clause('RFC 5246 §7.4.1.3: the id of no session', () => client({ sessions: [] }));

clause('RFC 5246 §7.4.1.3: a session with another cipher suite', () => client({ suite: other }));

clause('RFC 5246 §7.4.1.3: a session in another version', () => client({ version: protocolVersions.tls11 }));

clause(
  'RFC 7627 §5.3: a session with extended main secret, the hello without',
  (victim: Victim): Peer | Iterable<Peer> =>
    victim === 'client' ? client({ extensions: [] }) : servers({ extensions: [] }),
);

const unbound: Session = { ...session, extendedMainSecret: false };

clause('RFC 7627 §5.3: a session without extended main secret, the answer with', () =>
  client({ sessions: [unbound], resumeUnboundSessions: true }),
);

clause('RFC 7627 §5.3: a session without extended main secret, and neither hello with', (victim) =>
  victim === 'client'
    ? client({ sessions: [unbound], resumeUnboundSessions: true, extensions: [] })
    : abbreviated(servers({ kept: unbound, resumeUnboundSessions: true, extensions: [] })),
);

/** All of them resume. */
function* abbreviated(peers: Iterable<Peer>): Iterable<Peer> {
  for (const peer of peers) {
    if (peer.victim.facts.resumed !== true) throw new Error('the server made a full handshake');
    yield peer;
  }
}

clause(
  'RFC 7627 §5.3: a session without extended main secret',
  () => full(servers({ kept: { ...session, extendedMainSecret: false } })),
  () => full(servers({ kept: { ...session, extendedMainSecret: false }, extensions: [] })),
);

/** All of them make a full handshake. */
function* full(peers: Iterable<Peer>): Iterable<Peer> {
  for (const peer of peers) {
    if (peer.victim.facts.resumed !== false) throw new Error('the server did not make a full handshake');
    yield peer;
  }
}

// ------------------------------------------------------------------------ the abbreviated handshake

const { secret, sessionId } = session12;
const otherSecret = new Uint8Array(48).fill(9);

/** A client whose session is resumed with this secret; the hellos are said. */
function resumingClient(script: ServerScript12 = {}, own: Uint8Array = secret): ScriptedServer12 {
  return scriptedServer12({ sessions: [session12] }, { resumes: own, ...script }).serverHello();
}

/** A server that has resumed a session, and waits for the client's change_cipher_spec. */
function resumingServer(): ScriptedClient12 {
  const client = scriptedClient12({
    sessionIds: {},
    answers: {
      lookupSession: () => ({ ok: true, session: serverSession12 }),
      storeSession: () => ({ ok: true }),
    },
  });
  client.resumes = secret;
  return client.clientHello((hello) => ({ ...hello, legacySessionId: sessionId! }));
}

const resuming = (victim: Victim) => (victim === 'client' ? resumingClient() : resumingServer());

clause('RFC 5246 §7.3: a session that both know', (victim) => {
  const peer = resuming(victim).newKeys().finished().data(Uint8Array.of(1));
  expect(peer.victim.facts).toMatchObject({ handshakes: 1, resumed: true });
  return peer;
});

clause('RFC 5246 §7.3: a session whose secret is another one', (victim) =>
  victim === 'client'
    ? resumingClient({}, otherSecret).newKeys().finished()
    : resumingServer().resume(otherSecret).newKeys().finished(),
);

clause('RFC 5246 §7.3: a full handshake in the middle of an abbreviated one', (victim) =>
  victim === 'client'
    ? resumingClient().certificate()
    : resumingServer().handshake(encodeMessage12(sampleMessages12.client_key_exchange)),
);

clause('RFC 5246 §7.4.9: a Finished of a resumed session that is wrong', (victim) =>
  resuming(victim)
    .newKeys()
    .finished((message) => ({ ...message, verifyData: message.verifyData.map((byte) => byte ^ 1) })),
);

clause('RFC 5246 §7.4.9: a resumed session without change_cipher_spec', (victim) =>
  resuming(victim).finished(),
);

const announced = extension('SH12', sessionTicketExtension, true);

/** A client that has said all that it has to say. */
const waiting = (extensions: readonly RawExtension[]) =>
  scriptedServer12({}, { extensions }).before('newKeys');

clause(
  'RFC 5077 §3.3: no ticket where one was announced',
  () => waiting([announced]).newKeys(),
  () => resumingClient({ extensions: [announced] }).newKeys(),
);

const newTicket = (ticket: Uint8Array) =>
  ({ type: 'new_session_ticket', ticketLifetimeHintSeconds: 0, ticket }) as const;

clause(
  'RFC 5077 §3.3: a ticket that was not announced',
  () => waiting([]).say12(newTicket(new Uint8Array(9))),
  () => resumingClient().say12(newTicket(new Uint8Array(9))),
);

clause(
  'RFC 5077 §3.3: a ticket of no bytes',
  () => {
    const peer = waiting([announced])
      .say12(newTicket(new Uint8Array(0)))
      .newKeys()
      .finished();
    expect(peer.outputs.some(({ type }) => type === 'session')).toBe(false);
    return peer.data(Uint8Array.of(1));
  },
  () =>
    resumingClient({ extensions: [announced] })
      .say12(newTicket(new Uint8Array(0)))
      .newKeys()
      .finished()
      .data(Uint8Array.of(1)),
);
