import { describe, expect, it } from 'vitest';
import { alertDescriptions, type AlertName } from '../../src/errors/alerts.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { extension } from '../../src/extensions/definition.ts';
import { earlyDataExtension } from '../../src/extensions/early-data.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import type { QuicLevel } from '../../src/quic.ts';
import type { NewSessionTicket } from '../../src/messages/new-session-ticket.ts';
import { encodeMessage, type Tls13Message } from '../../src/messages/tls13.ts';
import { extensionTypes } from '../../src/registry/extension-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { tls13 } from '../../src/tls13/module.ts';
import { concat } from '../../src/wire/bytes.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { plainClientHello, plainPeer, plainServerHello } from '../harness/plain-peer.ts';
import { withExtension } from '../harness/peer.ts';
import { QuicEnds, type ChangeMessage, type QuicEndsOptions } from '../harness/quic-ends.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { createClient, createServer } from '../../src/index.ts';
import { bytes, clause, registered, table, type Victim } from './clause.ts';

type QuicAttack = (victim: Victim) => QuicEnds;

/** As `clause`, over QUIC. `errorCode`: where it is not CRYPTO_ERROR with the alert of the row. */
function quicClause(name: string, attacks: readonly QuicAttack[], errorCode?: number): void {
  registered.push(name);
  const row = table.get(name);
  if (row === undefined) {
    it(name, () => expect.fail('no row of the table has this name'));
    return;
  }
  const { code, alert } = row;
  describe(`${name} → ${code}`, () => {
    for (const victim of row.victim === 'both' ? (['client', 'server'] as const) : [row.victim]) {
      it.each(attacks.map((attack, i) => [i + 1, attack] as const))(`${victim} %i`, (_, attack) => {
        const ends = attack(victim);
        const failure = ends.failure(victim);
        if (code === 'accepted') {
          expect(failure?.error).toBeUndefined();
          expect(ends[victim].facts.handshakes).toBe(1);
          return;
        }
        expect(failure?.error).toMatchObject({ code });
        expect(failure?.alert).toBe(alert);
        expect(failure?.errorCode).toBe(errorCode ?? 0x0100 + alertDescriptions[alert as AlertName]);
        if (failure?.error.blame === 'peer') expect(failure.error.section).toMatch(/^RFC \d{4} §/);
        expectEnd(ends, victim);
      });
    }
  });
}

/** Whatever is done to it, an ended handshake says nothing and throws nothing. */
function expectEnd(ends: QuicEnds, victim: Victim): void {
  expect(ends.said[victim].at(-1)?.type).toBe('failed');
  const end = ends[victim];
  end.receive('initial', bytes(1, 0, 0, 0), 0);
  end.close();
  end.abort();
  expect(end.issueTickets(1, 0)).toBe(false);
  expect(end.poll()).toBeUndefined();
  expect(end.wantsInput).toBe(false);
}

const PROTOCOL_VIOLATION = 0x0a;

const other = (victim: Victim) => (victim === 'client' ? 'server' : 'client');

/** The whole handshake, with messages changed on their way to the victim. */
const changed =
  (change: ChangeMessage, options: QuicEndsOptions = {}): QuicAttack =>
  (victim) =>
    new QuicEnds({
      ...options,
      change: (message, from) => (from === other(victim) ? change(message, from) : undefined),
    }).run();

/** A message of this type, changed. */
function only<T extends Tls13Message['type']>(
  type: T,
  change: (message: Extract<Tls13Message, { type: T }>) => Tls13Message | Uint8Array,
): ChangeMessage {
  return (message) =>
    message.type === type ? change(message as Extract<Tls13Message, { type: T }>) : undefined;
}

/** After the handshake. */
const later =
  (level: QuicLevel, message: Tls13Message | Uint8Array): QuicAttack =>
  (victim) =>
    new QuicEnds().run().deliver(victim, level, message);

// -------------------------------------------------------------------------------------------------- §4.1.3

quicClause('RFC 9001 §4.1.3: messages that are cut anyhow', [
  () => {
    const ends = new QuicEnds();
    for (let moves = true; moves; ) {
      moves = false;
      for (const from of ['client', 'server'] as const) {
        for (const { level, bytes: whole } of ends.underway[from].splice(0)) {
          moves = true;
          for (const byte of whole) ends.deliver(other(from), level, Uint8Array.of(byte));
          ends.deliver(other(from), level, new Uint8Array(0));
        }
      }
    }
    return ends;
  },
]);

quicClause(
  'RFC 9001 §4.1.3: bytes of a level that TLS has left',
  [later('initial', bytes(20)), later('handshake', bytes(20))],
  PROTOCOL_VIOLATION,
);

quicClause(
  'RFC 9001 §4.1.3: bytes of a level that TLS does not read yet',
  [
    (victim) => new QuicEnds().deliver(victim, 'handshake', bytes(1)),
    (victim) => new QuicEnds().deliver(victim, 'application', bytes(1)),
  ],
  PROTOCOL_VIOLATION,
);

quicClause(
  'RFC 9001 §4.1.3: bytes left at a level when TLS moves on',
  [
    // CVE-2025-61730: EncryptedExtensions beside ServerHello, where nothing protects it.
    (victim) => {
      const ends = new QuicEnds();
      if (victim === 'server') {
        const [hello] = ends.underway.client.splice(0);
        return ends.deliver('server', 'initial', concat([hello!.bytes, bytes(handshakeTypes.finished, 0)]));
      }
      const [hello] = ends.underway.client.splice(0);
      ends.deliver('server', 'initial', hello!.bytes);
      const [first, second] = ends.underway.server.splice(0);
      return ends.deliver('client', 'initial', concat([first!.bytes, second!.bytes]));
    },
    changed((message) =>
      message.type === 'finished'
        ? concat([encodeMessage(message), bytes(handshakeTypes.finished)])
        : undefined,
    ),
  ],
  PROTOCOL_VIOLATION,
);

quicClause('RFC 9001 §4.1.3: bytes behind a hello that is answered by another one', [
  changed(
    (message) =>
      message.type === 'client_hello' || message.type === 'hello_retry_request'
        ? concat([encodeMessage(message), bytes(0x01)])
        : undefined,
    { client: { keyShares: [namedGroups.secp256r1] }, server: { groups: [namedGroups.x25519] } },
  ),
]);

// CVE-2023-39321, CVE-2023-39322: a panic, and memory without bound.
const begun = (announced: number) =>
  bytes(handshakeTypes.new_session_ticket, announced >>> 16, (announced >>> 8) & 0xff, announced & 0xff, 0);

quicClause('RFC 9001 §4.1.3: a message after the handshake that is never complete', [
  later('application', bytes(handshakeTypes.new_session_ticket)),
  later('application', begun(0x010000)),
  (victim) => {
    const ends = new QuicEnds().run().deliver(victim, 'application', begun(0x010000));
    for (let i = 0; i < 200; i++) ends.deliver(victim, 'application', new Uint8Array(100));
    return ends;
  },
]);

quicClause('RFC 9001 §4.1.3: a message after the handshake that announces too much', [
  later('application', begun(0x010001)),
  later('application', begun(0xffffff)),
]);

const ticket: NewSessionTicket = {
  type: 'new_session_ticket',
  ticketLifetimeSeconds: 100,
  ticketAgeAdd: 1,
  ticketNonce: bytes(1),
  ticket: bytes(1, 2, 3),
  extensions: ExtensionBlock.of('NST', []),
};

quicClause('RFC 9001 §4.1.3: tickets without end', [
  () => {
    const ends = new QuicEnds({ server: { tickets: false } }).run();
    for (let i = 0; i < 32; i++) ends.deliver('client', 'application', ticket);
    // Application data is progress.
    ends.client.madeProgress();
    for (let i = 0; i < 32; i++) ends.deliver('client', 'application', ticket);
    expect(ends.failure('client')).toBeUndefined();
    return ends.deliver('client', 'application', ticket);
  },
]);

// ---------------------------------------------------------------------------------------------------- §4.2

const versions = (...list: number[]) =>
  changed(
    only('client_hello', (hello) => ({
      ...hello,
      extensions: hello.extensions.with(extension('CH', supportedVersionsExtension, list as never)),
    })),
  );

quicClause('RFC 9001 §4.2: a hello that offers an older version too', [
  () =>
    new QuicEnds({
      client: { versions: [tls13, tls12] },
      clientCarrier: { hasOlderVersions: true },
    }).run(),
]);

quicClause('RFC 9001 §4.2: a hello that offers older versions alone', [
  versions(0x0302, protocolVersions.tls12),
]);

quicClause('RFC 9001 §4.2: a hello without supported_versions', [
  changed(
    only('client_hello', (hello) => ({
      ...hello,
      extensions: hello.extensions.without(supportedVersionsExtension),
    })),
  ),
]);

quicClause('RFC 9001 §4.2: a hello with versions that nobody knows', [
  () => new QuicEnds({ client: { grease: true } }).run(),
]);

quicClause('RFC 9001 §4.2: a server that selects TLS 1.2', [
  changed(
    only('server_hello', () =>
      plainServerHello(suites13.TLS_AES_128_GCM_SHA256, [], { sessionId: new Uint8Array(0) }),
    ),
  ),
]);

// ---------------------------------------------------------------------------------------------------- §4.4

const certificateRequest: Tls13Message = {
  type: 'certificate_request',
  certificateRequestContext: bytes(1),
  extensions: ExtensionBlock.of('CR', [
    extension('CR', signatureAlgorithmsExtension, [signatureSchemes.ed25519]),
  ]),
};

quicClause(
  'RFC 9001 §4.4: a CertificateRequest after the handshake',
  [
    later('application', certificateRequest),
    () =>
      new QuicEnds({ client: { postHandshakeAuth: true } })
        .run()
        .deliver('client', 'application', certificateRequest),
  ],
  PROTOCOL_VIOLATION,
);

// -------------------------------------------------------------------------------------------------- §4.6.1

const ticketOf = (size: number): Tls13Message => ({
  ...ticket,
  extensions: ExtensionBlock.of('NST', [extension('NST', earlyDataExtension, size)]),
});

quicClause(
  'RFC 9001 §4.6.1: a ticket with a size of its own',
  [
    later('application', ticketOf(0)),
    later('application', ticketOf(16_384)),
    later('application', ticketOf(0xffff_fffe)),
  ],
  PROTOCOL_VIOLATION,
);

quicClause('RFC 9001 §4.6.1: a ticket that allows 0-RTT data', [later('application', ticketOf(0xffff_ffff))]);
quicClause('RFC 9001 §4.6.1: a ticket that allows none', [later('application', ticket)]);

// ---------------------------------------------------------------------------------------------------- §5.3

const withCcm8 = {
  provider: olderProvider,
  cipherSuites: [suites13.TLS_AES_128_CCM_8_SHA256, suites13.TLS_AES_128_GCM_SHA256],
} as const;

quicClause('RFC 9001 §5.3: a hello with a suite that cannot be used', [
  () => {
    // Nobody's hello has it by our making: extra suites come from a configuration for TCP as well.
    const ends = new QuicEnds({ client: withCcm8, server: withCcm8 }).run();
    expect(ends.server.facts.cipherSuite).toBe(suites13.TLS_AES_128_GCM_SHA256);
    return ends;
  },
]);

const ccm8Alone: ChangeMessage = only('client_hello', (hello) => ({
  ...hello,
  cipherSuites: [suites13.TLS_AES_128_CCM_8_SHA256],
}));

quicClause('RFC 9001 §5.3: a hello with that suite alone', [
  changed(ccm8Alone, { client: withCcm8, server: withCcm8 }),
]);

quicClause('RFC 9001 §5.3: a server that selects that suite', [
  changed(
    only('server_hello', (hello) => ({ ...hello, cipherSuite: suites13.TLS_AES_128_CCM_8_SHA256 })),
    { client: withCcm8, server: withCcm8 },
  ),
]);

// ------------------------------------------------------------------------------------------------------ §6

quicClause('RFC 9001 §6: a KeyUpdate message', [
  later('application', { type: 'key_update', updateRequested: false }),
  later('application', { type: 'key_update', updateRequested: true }),
]);

// ---------------------------------------------------------------------------------------------------- §8.1

quicClause('RFC 9001 §8.1: a hello without protocols', [
  changed(
    only('client_hello', (hello) => ({ ...hello, extensions: hello.extensions.without(alpnExtension) })),
  ),
]);
quicClause('RFC 9001 §8.1: a hello with other protocols', [
  () => new QuicEnds({ client: { alpnProtocols: ['test/2'] } }).run(),
]);
quicClause('RFC 9001 §8.1: a server that selects no protocol', [
  changed(
    only('encrypted_extensions', (message) => ({
      ...message,
      extensions: message.extensions.without(alpnExtension),
    })),
  ),
]);
quicClause('RFC 9001 §8.1: a server that selects another protocol', [
  changed(
    only('encrypted_extensions', (message) => ({
      ...message,
      extensions: message.extensions.with(extension('EE', alpnExtension, 'test/2')),
    })),
  ),
]);

// ---------------------------------------------------------------------------------------------------- §8.2

const type = extensionTypes.quic_transport_parameters;

quicClause('RFC 9001 §8.2: no transport parameters', [
  changed((message) =>
    message.type === 'client_hello'
      ? { ...message, extensions: message.extensions.without({ type }) }
      : message.type === 'encrypted_extensions'
        ? { ...message, extensions: message.extensions.without({ type }) }
        : undefined,
  ),
]);

quicClause('RFC 9001 §8.2: empty transport parameters', [
  () => new QuicEnds({ serverTransport: { transportParameters: new Uint8Array(0) } }).run(),
]);

quicClause('RFC 9001 §8.2: transport parameters in ServerHello', [
  changed(
    only('server_hello', (hello) => ({
      ...hello,
      extensions: hello.extensions.with({ type, data: new Uint8Array(0) }),
    })),
  ),
]);

const parameters = { type, data: new Uint8Array(3) };

clause(
  'RFC 9001 §8.2: transport parameters outside of QUIC',
  (victim) =>
    victim === 'server'
      ? scriptedClient().clientHello((hello) => withExtension(hello, parameters))
      : scriptedServer()
          .before('encryptedExtensions')
          .encryptedExtensions((message) => withExtension(message, parameters)),
  // TLS 1.2 as well.
  (victim) =>
    victim === 'server'
      ? plainPeer(createServer({ provider: olderProvider })).handshake(
          plainClientHello([suites13.TLS_AES_128_GCM_SHA256], [parameters]),
        )
      : plainPeer(createClient({ provider: olderProvider })).handshake(
          plainServerHello(0xc02f as never, [parameters]),
        ),
);

// ---------------------------------------------------------------------------------------------------- §8.3

quicClause(
  'RFC 9001 §8.3: bytes of CRYPTO frames in 0-RTT packets',
  [
    () => new QuicEnds().deliver('server', 'early', { type: 'end_of_early_data' }),
    () => {
      const ends = new QuicEnds();
      const [hello] = ends.underway.client.splice(0);
      return ends.deliver('server', 'initial', hello!.bytes).deliver('server', 'early', bytes(5));
    },
  ],
  PROTOCOL_VIOLATION,
);

quicClause('RFC 9001 §8.3: an EndOfEarlyData message', [
  changed((message) =>
    message.type === 'finished'
      ? concat([encodeMessage({ type: 'end_of_early_data' }), encodeMessage(message)])
      : undefined,
  ),
]);

// ---------------------------------------------------------------------------------------------------- §8.4

quicClause(
  'RFC 9001 §8.4: a hello with a session id',
  [
    changed(only('client_hello', (hello) => ({ ...hello, legacySessionId: new Uint8Array(32) }))),
    changed(only('client_hello', (hello) => ({ ...hello, legacySessionId: new Uint8Array(1) }))),
  ],
  PROTOCOL_VIOLATION,
);

quicClause('RFC 9001 §8.4: a session id in ServerHello', [
  changed(only('server_hello', (hello) => ({ ...hello, legacySessionIdEcho: new Uint8Array(32) }))),
]);
