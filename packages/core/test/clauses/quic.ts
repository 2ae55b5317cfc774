import { expect } from 'vitest';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { extension } from '../../src/extensions/definition.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { decodeHandshake, encodeMessage, type Tls13Message } from '../../src/messages/tls13.ts';
import { extensionTypes } from '../../src/registry/extension-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { tls13 } from '../../src/tls13/module.ts';
import { concat } from '../../src/wire/bytes.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { plainClientHello, plainPeer, plainServerHello } from '../harness/plain-peer.ts';
import { withExtension } from '../harness/peer.ts';
import { QuicEnds, type ChangeMessage } from '../harness/quic-ends.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { createClient, createServer } from '../../src/index.ts';
import { bytes, clause } from './clause.ts';
import { changed, later, only, other, PROTOCOL_VIOLATION, quicClause, ticketWithout } from './quic-clause.ts';

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

quicClause('RFC 9001 §4.1.3: tickets without end', [
  () => {
    const ends = new QuicEnds({ server: { tickets: false } }).run();
    for (let i = 0; i < 32; i++) ends.deliver('client', 'application', ticketWithout);
    // Application data is progress.
    ends.client.madeProgress();
    for (let i = 0; i < 32; i++) ends.deliver('client', 'application', ticketWithout);
    expect(ends.failure('client')).toBeUndefined();
    return ends.deliver('client', 'application', ticketWithout);
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
      ends.deliver('server', 'initial', hello!.bytes).deliver('server', 'early', bytes(5));
      expect(ends.failure('server')?.error.section).toBe('RFC 9001 §8.3');
      return ends;
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

quicClause('RFC 9001 §8.4: a hello of ours', [
  () => {
    // With all that has no place in QUIC configured.
    const ends = new QuicEnds({
      client: {
        ...withCcm8,
        versions: [tls13, tls12],
        cipherSuites: [...withCcm8.cipherSuites, suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
        recordSizeLimit: 1000,
        maxFragmentLength: 512,
        postHandshakeAuth: true,
        middleboxCompatibility: true,
      },
    });
    const hello = decodeHandshake(ends.underway.client[0]!.bytes) as ClientHello;
    expect(hello.legacySessionId).toHaveLength(0);
    expect(hello.cipherSuites).toEqual([suites13.TLS_AES_128_GCM_SHA256]);
    expect(hello.extensions.get(supportedVersionsExtension)).toEqual([protocolVersions.tls13]);
    for (const absent of ['post_handshake_auth', 'record_size_limit', 'max_fragment_length'] as const)
      expect(hello.extensions.has({ type: extensionTypes[absent] })).toBe(false);
    for (const older of ['extended_main_secret', 'renegotiation_info', 'encrypt_then_mac'] as const)
      expect(hello.extensions.has({ type: extensionTypes[older] })).toBe(false);
    return ends.run();
  },
]);
