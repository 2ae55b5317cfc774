import { expect } from 'vitest';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { cookieExtension } from '../../src/extensions/cookie.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { paddingExtension } from '../../src/extensions/padding.ts';
import { preSharedKeyExtension } from '../../src/extensions/pre-shared-key.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import type { EncryptedExtensions } from '../../src/messages/encrypted-extensions.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { namedGroups, type NamedGroup } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites13, type CipherSuite } from '../../src/registry/suites13.ts';
import { protocolVersions, type ProtocolVersion } from '../../src/registry/versions.ts';
import { tls13 } from '../../src/tls13/module.ts';
import { ed25519Credential } from '../harness/fixtures.ts';
import {
  plainRecord,
  withBody,
  withExtension,
  withExtensions,
  withoutExtension,
  type Change,
} from '../harness/peer.ts';
import { retriedClient, scriptedClient } from '../harness/scripted-client.ts';
import { badP256, badX25519 } from './bad-shares.ts';
import { bytes, clause, clauses, type Case } from './clause.ts';

const { x25519, secp256r1, secp384r1 } = namedGroups;

const hello = (change: Change<ClientHello>) => scriptedClient().clientHello(change);
const helloWith = (...entries: RawExtension[]) => hello((message) => entries.reduce(withExtension, message));
const helloWithout = (type: number) => hello((message) => withoutExtension(message, type));

/** For a server that speaks no older version, as by default it does. */
const newestAlone = (change: Change<ClientHello>) =>
  scriptedClient({ versions: [tls13] }).clientHello(change);
const older = (message: ClientHello) => withoutExtension(message, ext.supported_versions);
const listed = (...versions: ProtocolVersion[]) => extension('CH', supportedVersionsExtension, versions);

const grease = 0x6a6a;

// ----------------------------------------------------------------------------- §4.2.1 negotiation

clause(
  'RFC 9846 §4.2.1: no cipher suite in common',
  () => hello((message) => ({ ...message, cipherSuites: [0xc02f as CipherSuite] })),
  () => hello((message) => ({ ...message, cipherSuites: [suites13.TLS_AES_128_CCM_SHA256] })),
);
clause('RFC 9846 §4.2.1: no group in common', () =>
  helloWith(groups(secp384r1), shares([secp384r1, new Uint8Array(97).fill(4)])),
);
clause('RFC 9846 §4.2.1: no signature scheme in common', () =>
  helloWith(
    extension('CH', signatureAlgorithmsExtension, [signatureSchemes.ed25519, signatureSchemes.ed448]),
  ),
);
clause('RFC 9846 §4.2.1: a group without its share', () => retriedClient().secondHello().finished());

// ------------------------------------------------------------------------------ §4.2.2 ClientHello

clause(
  'RFC 9846 §4.2.2: another legacy_version',
  ...[protocolVersions.tls10, protocolVersions.tls13, 0x0305 as ProtocolVersion].map(
    (legacyVersion) => () => hello((message) => ({ ...message, legacyVersion })),
  ),
);
clause(
  'RFC 9846 §4.2.2: other legacy_compression_methods',
  ...[bytes(1), bytes(0, 1), bytes(1, 0), bytes(0, 0)].map(
    (legacyCompressionMethods) => () => hello((message) => ({ ...message, legacyCompressionMethods })),
  ),
);
clause(
  'RFC 9846 §4.2.2: a field whose length is out of range',
  // A session id of 33 bytes, no cipher suite, half a cipher suite, no compression method.
  () =>
    hello((message) => withBody({ ...message, legacySessionId: bytes() }, (body) => patched(body, 34, 33))),
  () =>
    hello((message) =>
      withBody({ ...message, cipherSuites: [0 as CipherSuite] }, (body) => patched(body, 68, 0)),
    ),
  () => hello((message) => withBody(message, (body) => patched(body, 68, 3))),
  () => hello((message) => withBody(message, (body) => patched(body, 73, 0))),
);
clause(
  'RFC 9846 §4.2.2: the second hello differs',
  ...secondHelloDifferences().map((change) => () => retriedClient().secondHello(change)),
);
const earlyDataAgain = () =>
  retriedClient().secondHello((message) => withExtension(message, { type: ext.early_data, data: bytes() }));
clause('RFC 9846 §4.2.2: early_data in the second hello', () => {
  const client = earlyDataAgain().finished();
  expect(client.victim.facts.earlyData).toBeUndefined();
  return client.data(bytes(1));
});
clause('RFC 9846 §4.2.2: 0-RTT data after the second hello', () =>
  earlyDataAgain().write(plainRecord(contentTypes.application_data, new Uint8Array(40))),
);
clause('RFC 9846 §4.2.2: a pre_shared_key that the first hello did not have', () => {
  const client = scriptedClient({ groups: [secp256r1] }).clientHello((message) =>
    withExtension(message, modes),
  );
  return client.secondHello((message) => withExtensions(message, (entries) => [...entries, modes, psk()]));
});
clause('RFC 9846 §4.2.2: an identity that the first hello did not have', () => {
  const other = { identity: bytes(1, 2), key: new Uint8Array(32) };
  return scriptedClient({ groups: [secp256r1] })
    .pskHello(other)
    .secondHello((message) => withExtensions(message, (entries) => [...entries, modes, psk()]));
});
clause('RFC 9846 §4.2.2: padding that the first hello did not have', () =>
  retriedClient()
    .secondHello((message) => withExtension(message, { type: paddingExtension.type, data: bytes(0, 0, 0) }))
    .finished(),
);

function secondHelloDifferences(): Change<ClientHello>[] {
  return [
    (message) => ({ ...message, random: new Uint8Array(32) }),
    (message) => ({ ...message, legacySessionId: bytes() }),
    (message) => ({ ...message, cipherSuites: [suites13.TLS_AES_128_GCM_SHA256] }),
    (message) => ({ ...message, cipherSuites: [...message.cipherSuites].reverse() }),
    (message) => withoutExtension(message, ext.server_name),
    (message) => withoutExtension(message, ext.application_layer_protocol_negotiation),
    (message) => withExtension(message, extension('CH', alpnExtension, ['h2', 'x'])),
    (message) => withExtension(message, { type: grease, data: bytes() }),
    (message) => withExtension(message, groups(secp256r1)),
    (message) => withExtensions(message, (entries) => [...entries].reverse()),
    (message) =>
      withExtension(
        message,
        extension('CH', signatureAlgorithmsExtension, [
          signatureSchemes.ecdsa_secp256r1_sha256,
          signatureSchemes.ed25519,
        ]),
      ),
    // Not the one share that was asked for.
    (message) => withExtension(message, shares()),
    (message) => withExtension(message, shares([x25519, new Uint8Array(32).fill(9)])),
    (message) =>
      withExtension(
        message,
        shares([x25519, new Uint8Array(32).fill(9)], [secp256r1, new Uint8Array(65).fill(4)]),
      ),
  ];
}

// ------------------------------------------------------------------- §4.3.1 and §E.2, versions

clause(
  'RFC 9846 §E.2: a client of older versions alone',
  () => newestAlone(older),
  () => newestAlone((message) => ({ ...older(message), legacyVersion: protocolVersions.tls10 })),
  () => hello((message) => ({ ...older(message), legacyVersion: protocolVersions.tls10 })),
  () => newestAlone((message) => ({ ...older(message), legacyVersion: protocolVersions.tls13 })),
  () => newestAlone((message) => ({ ...message, extensions: ExtensionBlock.of('CH', []) })),
);
clause(
  'RFC 9846 §4.3.1: supported_versions without TLS 1.3',
  () =>
    newestAlone((message) => withExtension(message, listed(protocolVersions.tls12, protocolVersions.tls11))),
  () => helloWith(listed(protocolVersions.tls11)),
  () => helloWith(listed(grease as ProtocolVersion)),
);
clause('RFC 9846 §4.3.1: unknown versions beside TLS 1.3', () =>
  helloWith(
    extension('CH', supportedVersionsExtension, [grease as ProtocolVersion, protocolVersions.tls13]),
  ).finished(),
);
clause('RFC 9846 §4.3.1: an empty list of versions', () =>
  helloWith({ type: ext.supported_versions, data: bytes(0) }),
);

// --------------------------------------------------------------------------------- §4.3.2 cookie

clause(
  'RFC 9846 §4.3.2: another cookie, or none',
  () =>
    cookied().secondHello((message) =>
      withExtension(message, extension('CH', cookieExtension, bytes(1, 2, 4))),
    ),
  () => cookied().secondHello((message) => withoutExtension(message, ext.cookie)),
  () =>
    retriedClient().secondHello((message) =>
      withExtension(message, extension('CH', cookieExtension, bytes(1))),
    ),
);

function cookied() {
  return retriedClient({ retryCookie: bytes(1, 2, 3) });
}

// --------------------------------------------------------- §4.3.3, §4.3.7, §4.3.8: lists and shares

clauses('RFC 9846 §4.3: a list without entries', [
  ['signature_algorithms', () => helloWith({ type: ext.signature_algorithms, data: bytes(0, 0) })],
  ['signature_algorithms_cert', () => helloWith({ type: ext.signature_algorithms_cert, data: bytes(0, 0) })],
  ['supported_groups', () => helloWith({ type: ext.supported_groups, data: bytes(0, 0) })],
  ['certificate_authorities', () => helloWith({ type: ext.certificate_authorities, data: bytes(0, 0) })],
  ['psk_key_exchange_modes', () => helloWith({ type: ext.psk_key_exchange_modes, data: bytes(0) })],
  ['server_name', () => helloWith({ type: ext.server_name, data: bytes(0, 0) })],
  ['cookie', () => helloWith({ type: ext.cookie, data: bytes(0, 0) })],
]);
clauses('RFC 9846 §4.3: extensions of older versions that do not decode', [
  ['ec_point_formats, empty', () => helloWith({ type: ext.ec_point_formats, data: bytes(0) })],
  ['ec_point_formats, cut short', () => helloWith({ type: ext.ec_point_formats, data: bytes(2, 0) })],
  ['encrypt_then_mac', () => helloWith({ type: ext.encrypt_then_mac, data: bytes(0) })],
  ['extended_main_secret', () => helloWith({ type: ext.extended_main_secret, data: bytes(0) })],
  ['renegotiation_info, empty', () => helloWith({ type: ext.renegotiation_info, data: bytes() })],
  ['renegotiation_info, cut short', () => helloWith({ type: ext.renegotiation_info, data: bytes(12, 0) })],
  ['next_protocol_negotiation', () => helloWith({ type: ext.next_protocol_negotiation, data: bytes(0) })],
]);
clause('RFC 9846 §4.3: extensions of older versions', () => {
  const older = [
    { type: ext.ec_point_formats, data: bytes(1, 0) },
    { type: ext.encrypt_then_mac, data: bytes() },
    { type: ext.extended_main_secret, data: bytes() },
    { type: ext.renegotiation_info, data: bytes(0) },
    { type: ext.next_protocol_negotiation, data: bytes() },
    { type: ext.session_ticket, data: bytes(1, 2, 3) },
    { type: ext.status_request_v2, data: bytes(1) },
  ];
  const client = scriptedClient()
    .clientHello((hello) => older.reduce<ClientHello>(withExtension, hello))
    .finished();
  const [raw] = client.messagesOf(handshakeTypes.encrypted_extensions);
  const { extensions } = decodeHandshake(raw!) as EncryptedExtensions;
  expect(older.filter((entry) => extensions.has(entry))).toEqual([]);
  return client.data(bytes(1));
});
clause('RFC 9846 §4.3.7: a group twice', () => helloWith(groups(x25519, secp256r1, x25519)));
clause('RFC 9846 §4.3.8: two shares of one group', () =>
  helloWith(shares([x25519, new Uint8Array(32).fill(9)], [x25519, new Uint8Array(32).fill(8)])),
);
clause('RFC 9846 §4.3.8: a share of a group that is not listed', () =>
  helloWith(groups(x25519), shares([secp256r1, new Uint8Array(65).fill(4)])),
);
clause('RFC 9846 §4.3.8: shares in another order than the groups', () =>
  scriptedClient()
    .clientHello((hello) => {
      const own = hello.extensions.get(keyShareExtension) ?? [];
      const other = { group: secp256r1, keyExchange: new Uint8Array(65).fill(4) };
      return withExtension(hello, extension('CH', keyShareExtension, [other, ...own]));
    })
    .finished()
    .data(bytes(1)),
);
clauses('RFC 9846 §4.3.8.2: an invalid share of a client', [
  ...badX25519.map(([label, data]): Case => [`x25519, ${label}`, () => helloWith(shares([x25519, data]))]),
  ...badP256.map(
    ([label, data]): Case => [
      `secp256r1, ${label}`,
      () => retriedClient().secondHello((message) => withExtension(message, shares([secp256r1, data]))),
    ],
  ),
]);
clause('RFC 9846 §4.3.8: a share without bytes', () =>
  helloWith({ type: ext.key_share, data: bytes(0, 4, 0, 0x1d, 0, 0) }),
);

function groups(...list: NamedGroup[]): RawExtension {
  return extension('CH', supportedGroupsExtension, list);
}

function shares(...list: (readonly [NamedGroup, Uint8Array])[]): RawExtension {
  return extension(
    'CH',
    keyShareExtension,
    list.map(([group, keyExchange]) => ({ group, keyExchange })),
  );
}

// ---------------------------------------------------------------------------------- §4.3 and §9.2

clauses(
  'RFC 9846 §9.2: a mandatory extension is missing',
  (['signature_algorithms', 'supported_groups', 'key_share'] as const).map(
    (name): Case => [name, () => helloWithout(ext[name])],
  ),
);
clause('RFC 9846 §9.2: an extension missing in the second hello', () =>
  retriedClient().secondHello((message) => withoutExtension(message, ext.key_share)),
);
clause('RFC 9846 §4.3.3: no signature_algorithms, and a PSK that is not taken', () =>
  hello((message) =>
    withExtensions(withoutExtension(message, ext.signature_algorithms), (entries) => [
      ...entries,
      modes,
      psk(),
    ]),
  ),
);
clause('RFC 9846 §4.3.9: pre_shared_key without psk_key_exchange_modes', () =>
  hello((message) => withExtensions(message, (entries) => [...entries, psk()])),
);
clause('RFC 9846 §4.3: an extension twice in ClientHello', () =>
  hello((message) => withExtensions(message, (entries) => [...entries, entries[2]!])),
);
clause('RFC 9846 §4.3: an unknown extension twice in ClientHello', () =>
  hello((message) =>
    withExtensions(message, (entries) => [
      { type: grease, data: bytes() },
      ...entries,
      { type: grease, data: bytes(1) },
    ]),
  ),
);
clauses('RFC 9846 §4.3: an extension that may not stand in ClientHello', [
  ['oid_filters', () => helloWith({ type: ext.oid_filters, data: bytes(0, 0) })],
]);
clause('RFC 9846 §4.3.11: pre_shared_key is not the last extension', () =>
  hello((message) => withExtensions(message, (entries) => [psk(), modes, ...entries])),
);
clause('RFC 9846 §4.3.11: identities and binders differ in number', () =>
  hello((message) => withExtensions(message, (entries) => [...entries, modes, psk(2)])),
);
clause('RFC 9846 §4.3.11: a pre_shared_key that the server does not know', () =>
  hello((message) => withExtensions(message, (entries) => [...entries, modes, psk()])).finished(),
);
clause('RFC 9846 §9.3: parameters that nobody knows', () =>
  hello((message) => ({
    ...withExtensions(message, (entries) => [
      { type: grease, data: bytes(1, 2, 3) },
      ...entries.map((entry) =>
        entry.type === ext.supported_groups ? groups(grease as NamedGroup, x25519, secp256r1) : entry,
      ),
      { type: 0xfafa, data: bytes() },
    ]),
    cipherSuites: [grease as CipherSuite, ...message.cipherSuites, 0x00ff as CipherSuite],
  })).finished(),
);

const modes: RawExtension = { type: ext.psk_key_exchange_modes, data: bytes(1, 1) };

/** An identity that nobody gave out, and `binders` binders. */
function psk(binders = 1): RawExtension {
  return extension('CH', preSharedKeyExtension, {
    identities: [{ identity: bytes(1, 2, 3), obfuscatedTicketAge: 0 }],
    binders: Array<Uint8Array>(binders).fill(new Uint8Array(32)),
  });
}

// ------------------------------------------------------------------------------ RFC 7301, RFC 6066

clause('RFC 7301 §3.2: no protocol in common', () => helloWith(extension('CH', alpnExtension, ['h3', 'x'])));
clause(
  'RFC 7301 §3.1: a list or name without content',
  () => helloWith({ type: ext.application_layer_protocol_negotiation, data: bytes(0, 0) }),
  () => helloWith({ type: ext.application_layer_protocol_negotiation, data: bytes(0, 1, 0) }),
  () => helloWith({ type: ext.application_layer_protocol_negotiation, data: bytes(0, 4, 2, 0x68, 0x32, 0) }),
);
clause(
  'RFC 6066 §3: a server_name list that breaks the rules',
  // Two host names, an empty one, one with a NUL, one with an escape code, one with a space, one that is not ASCII.
  () => helloWith({ type: ext.server_name, data: bytes(0, 8, 0, 0, 1, 0x61, 0, 0, 1, 0x62) }),
  () => helloWith({ type: ext.server_name, data: bytes(0, 3, 0, 0, 0) }),
  () => helloWith({ type: ext.server_name, data: bytes(0, 6, 0, 0, 3, 0x61, 0, 0x62) }),
  () => helloWith({ type: ext.server_name, data: bytes(0, 6, 0, 0, 3, 0x61, 0x1b, 0x5b) }),
  () => helloWith({ type: ext.server_name, data: bytes(0, 6, 0, 0, 3, 0x61, 0x20, 0x62) }),
  () => helloWith({ type: ext.server_name, data: bytes(0, 4, 0, 0, 1, 0x7f) }),
  () => helloWith({ type: ext.server_name, data: bytes(0, 4, 0, 0, 1, 0xe4) }),
);
clause('RFC 8449 §4: max_fragment_length beside record_size_limit', () =>
  helloWith({ type: ext.max_fragment_length, data: bytes(1) }).finished(),
);

// ------------------------------------------------------------------------------- 0-RTT not offered

clause('RFC 9846 §4.3.10: early data that was not announced', () =>
  scriptedClient()
    .clientHello()
    .write(plainRecord(contentTypes.application_data, new Uint8Array(50))),
);
clause('RFC 9846 §4.3.10: early data after a HelloRetryRequest, not announced', () =>
  retriedClient().write(plainRecord(contentTypes.application_data, new Uint8Array(50))),
);

// -------------------------------------------------------------------------- authentication by clients

clause('RFC 9846 §4.3.3: schemes that fit no certificate of the server', () =>
  scriptedClient({ credentials: [ed25519Credential] }).clientHello(),
);

function patched(body: Uint8Array, at: number, value: number): Uint8Array {
  return body.map((byte, i) => (i === at ? value : byte));
}
