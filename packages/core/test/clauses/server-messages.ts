import { expect } from 'vitest';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { cookieExtension } from '../../src/extensions/cookie.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import {
  downgradeSentinels,
  helloRetryRequestRandom,
  type ServerHello,
} from '../../src/messages/server-hello.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { namedGroups, type NamedGroup } from '../../src/registry/groups.ts';
import { suites13, type CipherSuite } from '../../src/registry/suites13.ts';
import { protocolVersions, type ProtocolVersion } from '../../src/registry/versions.ts';
import { concat } from '../../src/wire/bytes.ts';
import { tls13 as tls13Module } from '../../src/tls13/module.ts';
import { suite13 } from '../../src/tls13/suites.ts';
import { tls12 as tls12Module } from '../../src/tls12/module.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { withExtension, withExtensions, withoutExtension, type Change } from '../harness/peer.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { badP256, badX25519 } from './bad-shares.ts';
import { bytes, clause, clauses, type Case } from './clause.ts';

const { tls12, tls13 } = protocolVersions;

/** A client that offers one suite alone, so that the others are known and not offered. */
const oneSuite = { cipherSuites: [suites13.TLS_AES_128_GCM_SHA256] };

/** A client that offers no older version, as by default it does. */
const newestAlone = { versions: [tls13Module] };

const hello = (change: Change<ServerHello>, options = {}) => scriptedServer(options).serverHello(change);

// ------------------------------------------------------------------------------- §4.2.3 ServerHello

clause(
  'RFC 9846 §4.2.3: another legacy_version',
  () => hello((message) => ({ ...message, legacyVersion: tls13 })),
  () => hello((message) => ({ ...message, legacyVersion: protocolVersions.tls10 })),
  () => scriptedServer().helloRetryRequest((message) => ({ ...message, legacyVersion: tls13 })),
  // Without supported_versions, it cannot name a version that needs the extension.
  () => hello((message) => older(message, tls13, new Uint8Array(32))),
  () => hello((message) => older(message, 0x0305 as ProtocolVersion, new Uint8Array(32))),
);
clause(
  'RFC 9846 §4.2.3: a legacy_session_id_echo that is no echo',
  () => hello((message) => ({ ...message, legacySessionIdEcho: new Uint8Array(32) })),
  () => hello((message) => ({ ...message, legacySessionIdEcho: bytes() })),
  () =>
    hello((message) => ({ ...message, legacySessionIdEcho: bytes(1) }), { middleboxCompatibility: false }),
  () => scriptedServer().helloRetryRequest((message) => ({ ...message, legacySessionIdEcho: bytes() })),
);
clause(
  'RFC 9846 §4.2.3: a cipher suite that was not offered',
  () => hello((message) => ({ ...message, cipherSuite: suites13.TLS_AES_256_GCM_SHA384 }), oneSuite),
  () => hello((message) => ({ ...message, cipherSuite: 0xc02f as CipherSuite })),
  () =>
    scriptedServer(oneSuite).helloRetryRequest((message) => ({
      ...message,
      cipherSuite: suites13.TLS_AES_256_GCM_SHA384,
    })),
);
clause(
  'RFC 9846 §4.2.3: another legacy_compression_method',
  () => hello((message) => ({ ...message, legacyCompressionMethod: 1 })),
  () => scriptedServer().helloRetryRequest((message) => ({ ...message, legacyCompressionMethod: 1 })),
);
clause(
  'RFC 9846 §4.2.3: a downgrade sentinel',
  ...Object.values(downgradeSentinels).map(
    (sentinel) => () => hello((message) => older(message, tls12, concat([new Uint8Array(24), sentinel]))),
  ),
  () =>
    hello((message) =>
      older(message, protocolVersions.tls11, concat([new Uint8Array(24), downgradeSentinels.older])),
    ),
);
clause(
  'RFC 9846 §E.1: an older version',
  () => hello((message) => older(message, tls12, new Uint8Array(32)), newestAlone),
  () => hello((message) => older(message, protocolVersions.tls11, new Uint8Array(32))),
  () => hello((message) => older(message, protocolVersions.tls10, new Uint8Array(32))),
  () => hello((message) => ({ ...older(message, tls12, new Uint8Array(32)), extensions: [] }), newestAlone),
);
clause('RFC 9846 §4.2.3: a ServerHello without key_share', () =>
  hello((message) => withoutExtension(message, ext.key_share)),
);

/** What a server of an older version would say. */
export function older(message: ServerHello, legacyVersion: ProtocolVersion, random: Uint8Array) {
  const extensions = [{ type: ext.renegotiation_info, data: bytes(0) }];
  return { ...message, type: 'legacy_server_hello' as const, legacyVersion, random, extensions };
}

// -------------------------------------------------------------------------------- §4.3.1 versions

clause(
  'RFC 9846 §4.3.1: a selected_version that was not offered',
  ...[tls12, 0x0305, 0x7f1c].flatMap((version) => {
    const entry = (place: 'SH' | 'HRR') =>
      extension(place, supportedVersionsExtension, version as typeof tls13);
    return [
      () => hello((message) => withExtension(message, entry('SH'))),
      () => scriptedServer().helloRetryRequest((message) => withExtension(message, entry('HRR'))),
    ];
  }),
);

// -------------------------------------------------------------------------- §4.2.4 HelloRetryRequest

clause(
  'RFC 9846 §4.2.4: a HelloRetryRequest without supported_versions',
  () => scriptedServer().helloRetryRequest((message) => withoutExtension(message, ext.supported_versions)),
  () => scriptedServer().helloRetryRequest((message) => withExtensions(message, () => [])),
);
clause('RFC 9846 §4.2.4: a HelloRetryRequest that changes nothing', () =>
  scriptedServer().helloRetryRequest((message) => withoutExtension(message, ext.key_share)),
);
clause('RFC 9846 §4.2.4: a second HelloRetryRequest', () =>
  scriptedServer().helloRetryRequest().helloRetryRequest(),
);
clause('RFC 9846 §4.2.4: a cipher suite that differs from the HelloRetryRequest', () =>
  scriptedServer()
    .helloRetryRequest()
    .serverHello((message) => ({ ...message, cipherSuite: suites13.TLS_CHACHA20_POLY1305_SHA256 })),
);
clause(
  'RFC 9846 §4.2.4: a version that differs from the HelloRetryRequest',
  () =>
    scriptedServer()
      .helloRetryRequest()
      .serverHello((message) => withExtension(message, extension('SH', supportedVersionsExtension, tls12))),
  () =>
    scriptedServer()
      .helloRetryRequest()
      .serverHello((message) => older(message, tls12, new Uint8Array(32))),
);
clause('RFC 9846 §4.2.4: a cookie alone', () => {
  const server = scriptedServer().helloRetryRequest((message) =>
    withExtension(withoutExtension(message, ext.key_share), extension('HRR', cookieExtension, bytes(1, 2))),
  );
  expect(server.hello.extensions.get(cookieExtension)).toEqual(bytes(1, 2));
  expect(server.hello.extensions.get(keyShareExtension)![0]!.group).toBe(namedGroups.x25519);
  return server;
});
clause('RFC 9846 §4.3.2: a cookie that no ClientHello has room for', () => withCookie(65_400));
clause('RFC 9846 §4.3.2: a cookie of 65,000 bytes', () => {
  const server = withCookie(65_000);
  expect(server.hello.extensions.get(cookieExtension)).toHaveLength(65_000);
  return server.before('end');
});
clause('RFC 9846 §4.3.2: an empty cookie', () =>
  scriptedServer().helloRetryRequest((message) =>
    withExtension(message, { type: ext.cookie, data: bytes(0, 0) }),
  ),
);
clause('RFC 9846 §4.2.3: another suite of the offered, after a retry', () => {
  const server = scriptedServer();
  server.suite = suite13(suites13.TLS_AES_256_GCM_SHA384)!;
  return server.helloRetryRequest().before('end');
});

function withCookie(length: number) {
  const cookie = extension('HRR', cookieExtension, new Uint8Array(length));
  return scriptedServer().helloRetryRequest((message) => withExtension(message, cookie));
}

// ------------------------------------------------------------------------------- §4.3.8 key shares

clause(
  'RFC 9846 §4.3.8: a retry for a group that was not listed',
  ...[namedGroups.secp384r1, 0x6a6a].map(
    (group) => () => scriptedServer().helloRetryRequest((message) => withExtension(message, retryFor(group))),
  ),
  // Listed for TLS 1.2.
  () => {
    const { x25519, secp256k1 } = namedGroups;
    const options = {
      provider: olderProvider,
      versions: [tls13Module, tls12Module],
      groups: [x25519, secp256k1],
    };
    const server = scriptedServer(options);
    return server.helloRetryRequest((message) => withExtension(message, retryFor(secp256k1)));
  },
);
clause('RFC 9846 §4.3.8: a retry for a group whose share was sent', () =>
  scriptedServer().helloRetryRequest((message) => withExtension(message, retryFor(namedGroups.x25519))),
);
clause('RFC 9846 §4.3.8: a group that differs from the HelloRetryRequest', () =>
  scriptedServer()
    .helloRetryRequest()
    .serverHello((message) => withExtension(message, share(namedGroups.x25519, new Uint8Array(32).fill(9)))),
);
clause(
  'RFC 9846 §4.3.8: a share of a group of which none was offered',
  () => hello((message) => withExtension(message, share(namedGroups.secp256r1, new Uint8Array(65).fill(4)))),
  () => hello((message) => withExtension(message, share(namedGroups.secp384r1, new Uint8Array(97).fill(4)))),
);
clauses('RFC 9846 §4.3.8.2: an invalid share', [
  ...badX25519.map(
    ([label, data]): Case => [
      `x25519, ${label}`,
      () => hello((message) => withExtension(message, share(namedGroups.x25519, data))),
    ],
  ),
  ...badP256.map(
    ([label, data]): Case => [
      `secp256r1, ${label}`,
      () =>
        scriptedServer()
          .helloRetryRequest()
          .serverHello((message) => withExtension(message, share(namedGroups.secp256r1, data))),
    ],
  ),
]);
clause('RFC 9846 §4.3.8: a share of no bytes', () =>
  hello((message) => withExtension(message, { type: ext.key_share, data: bytes(0, 0x1d, 0, 0) })),
);

function retryFor(group: number): RawExtension {
  return extension('HRR', keyShareExtension, group as NamedGroup);
}

function share(group: number, keyExchange: Uint8Array): RawExtension {
  return extension('SH', keyShareExtension, { group: group as NamedGroup, keyExchange });
}

// ------------------------------------------------------------------------------- §4.3 extensions

const messageSteps = {
  server_hello: (entry: RawExtension) => hello((message) => withExtension(message, entry)),
  hello_retry_request: (entry: RawExtension) =>
    scriptedServer().helloRetryRequest((message) => withExtension(message, entry)),
  encrypted_extensions: (entry: RawExtension) =>
    scriptedServer()
      .before('encryptedExtensions')
      .encryptedExtensions((message) => withExtension(message, entry)),
  certificate: (entry: RawExtension) =>
    scriptedServer()
      .before('certificate')
      .certificate((message) => ({
        ...message,
        certificateList: message.certificateList.map((each) => ({
          ...each,
          extensions: each.extensions.with(entry),
        })),
      })),
  certificate_request: (entry: RawExtension) =>
    scriptedServer()
      .before('certificate')
      .certificateRequest((message) => withExtension(message, entry)),
};

const inMessages = (entries: readonly (readonly [keyof typeof messageSteps, number, Uint8Array])[]) =>
  entries.map(
    ([message, type, data]): Case => [
      `0x${type.toString(16)} in ${message}`,
      () => messageSteps[message]({ type, data }),
    ],
  );

clauses(
  'RFC 9846 §4.3: an extension that was not asked for',
  inMessages([
    ['server_hello', ext.pre_shared_key, bytes(0, 0)],
    ['server_hello', 0x6a6a, bytes()],
    ['hello_retry_request', 0x6a6a, bytes()],
    ['encrypted_extensions', ext.early_data, bytes()],
    ['encrypted_extensions', ext.client_certificate_type, bytes(0)],
    ['encrypted_extensions', ext.server_certificate_type, bytes(2)],
    ['encrypted_extensions', ext.max_fragment_length, bytes(1)],
    ['encrypted_extensions', 0x6a6a, bytes()],
    ['certificate', ext.status_request, bytes(1, 0, 0, 1, 0)],
    ['certificate', ext.signed_certificate_timestamp, bytes(0, 3, 0, 1, 0)],
    ['certificate', 0x6a6a, bytes()],
  ]),
);
clause('RFC 9846 §4.3: a server_name that was not asked for', () =>
  scriptedServer({ sni: false })
    .before('encryptedExtensions')
    .encryptedExtensions((message) => withExtension(message, { type: ext.server_name, data: bytes() })),
);
clauses(
  'RFC 9846 §4.3: an extension in a message where it may not stand',
  inMessages([
    ['server_hello', ext.application_layer_protocol_negotiation, bytes(0, 3, 2, 0x68, 0x32)],
    ['server_hello', ext.server_name, bytes()],
    ['server_hello', ext.supported_groups, bytes(0, 2, 0, 0x1d)],
    ['server_hello', ext.cookie, bytes(0, 1, 0)],
    ['server_hello', ext.extended_main_secret, bytes()],
    ['hello_retry_request', ext.application_layer_protocol_negotiation, bytes(0, 3, 2, 0x68, 0x32)],
    ['hello_retry_request', ext.pre_shared_key, bytes(0, 0)],
    ['encrypted_extensions', ext.key_share, bytes(0, 0x1d, 0, 1, 0)],
    ['encrypted_extensions', ext.supported_versions, bytes(3, 4)],
    ['encrypted_extensions', ext.pre_shared_key, bytes(0, 0)],
    ['encrypted_extensions', ext.cookie, bytes(0, 1, 0)],
    ['encrypted_extensions', ext.status_request, bytes()],
    ['encrypted_extensions', ext.signed_certificate_timestamp, bytes()],
    ['encrypted_extensions', ext.signature_algorithms, bytes(0, 2, 4, 3)],
    ['encrypted_extensions', ext.psk_key_exchange_modes, bytes(1, 1)],
    ['encrypted_extensions', ext.padding, bytes(0)],
    ['encrypted_extensions', ext.renegotiation_info, bytes(0)],
    ['certificate', ext.server_name, bytes()],
    ['certificate', ext.key_share, bytes(0, 0x1d, 0, 1, 0)],
    ['certificate_request', ext.key_share, bytes(0, 0x1d, 0, 1, 0)],
    ['certificate_request', ext.application_layer_protocol_negotiation, bytes(0, 3, 2, 0x68, 0x32)],
    ['certificate_request', ext.supported_versions, bytes(3, 4)],
  ]),
);
clauses(
  'RFC 9846 §4.3: an extension twice',
  (
    [
      ['server_hello', (twice) => hello((message) => twice(message))],
      [
        'encrypted_extensions',
        (twice) =>
          scriptedServer()
            .before('encryptedExtensions')
            .encryptedExtensions((message) => twice(message)),
      ],
      [
        'certificate_request',
        (twice) =>
          scriptedServer()
            .before('certificate')
            .certificateRequest((message) => twice(message)),
      ],
    ] as const satisfies readonly (readonly [string, (twice: typeof withTwoOfTheFirst) => unknown])[]
  ).map(([label, send]): Case => [label, () => send(withTwoOfTheFirst)]),
);
clauses(
  'RFC 9846 §4.4.2: an unknown extension in CertificateRequest',
  inMessages([['certificate_request', 0x6a6a, bytes(1, 2, 3)]]),
);

clause('RFC 9846 §4.3: an extension twice in HelloRetryRequest', () =>
  scriptedServer().helloRetryRequest((message) => withTwoOfTheFirst(message)),
);

function withTwoOfTheFirst<M extends Parameters<typeof withExtensions>[0]>(message: M): M {
  return withExtensions(message, (entries) => [...entries, entries[0]!]);
}

// --------------------------------------------------------------------------------- RFC 7301, 6066

clause(
  'RFC 7301 §3.1: a protocol that was not offered',
  () => messageSteps.encrypted_extensions(extension('EE', alpnExtension, 'h3')),
  () => messageSteps.encrypted_extensions(extension('EE', alpnExtension, 'H2')),
);
clause('RFC 7301 §3.1: a protocol although none was offered', () =>
  scriptedServer({ alpnProtocols: [] }).before('encryptedExtensions').encryptedExtensions(),
);
clause(
  'RFC 7301 §3.1: not exactly one protocol',
  () =>
    messageSteps.encrypted_extensions({
      type: ext.application_layer_protocol_negotiation,
      data: bytes(0, 0),
    }),
  () =>
    messageSteps.encrypted_extensions({
      type: ext.application_layer_protocol_negotiation,
      data: bytes(0, 6, 2, 0x68, 0x32, 2, 0x68, 0x32),
    }),
  () =>
    messageSteps.encrypted_extensions({
      type: ext.application_layer_protocol_negotiation,
      data: bytes(0, 1, 0),
    }),
);
clause('RFC 6066 §3: a server_name in the answer that is not empty', () =>
  messageSteps.encrypted_extensions({ type: ext.server_name, data: bytes(0) }),
);
clause('RFC 6066 §8: a certificate status of another type', () =>
  scriptedServer({ requestOcsp: true })
    .before('certificate')
    .certificate((message) => ({
      ...message,
      certificateList: message.certificateList.map((each) => ({
        ...each,
        extensions: each.extensions.with({ type: ext.status_request, data: bytes(9, 0, 0, 1, 0) }),
      })),
    })),
);
clause('RFC 9846 §4.2.3: the random of a HelloRetryRequest in a ServerHello', () =>
  hello((message) => ({ ...message, random: helloRetryRequestRandom })),
);
