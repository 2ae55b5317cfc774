import { expect } from 'vitest';
import { pskKeyExchangeModesExtension } from '../../src/extensions/psk-key-exchange-modes.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { extension } from '../../src/extensions/definition.ts';
import { earlyDataExtension } from '../../src/extensions/early-data.ts';
import { preSharedKeyExtension } from '../../src/extensions/pre-shared-key.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { createServer, type ClientOptions, type ServerOptions } from '../../src/index.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { encodeHandshake } from '../../src/messages/envelope.ts';
import { encodeMessage } from '../../src/messages/tls13.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { pskKeyExchangeModes } from '../../src/registry/psk-key-exchange-modes.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { suite13 } from '../../src/tls13/suites.ts';
import { ascii } from '../../src/wire/bytes.ts';
import { plainRecord, withExtension, withoutExtension } from '../harness/peer.ts';
import { p256Credential } from '../harness/fixtures.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { plainClientHello, plainPeer } from '../harness/plain-peer.ts';
import { scriptedClient, type ScriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer, type ScriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause } from './clause.ts';
import { older } from './server-messages.ts';
import { sampleMessages } from './sample-messages.ts';

/** A key that both ends know, with 0-RTT data for `h2`. */
export const externalPsk = {
  identity: ascii('sensor 12'),
  key: new Uint8Array(32).fill(7),
  earlyData: {
    maxBytes: 100,
    cipherSuite: suites13.TLS_AES_128_GCM_SHA256,
    alpnProtocol: 'h2',
  },
};

/** A client whose server takes 0-RTT data under `externalPsk`. */
export function earlyClient(options: Partial<ServerOptions> = {}): ScriptedClient {
  return scriptedClient({ externalPsks: [externalPsk], earlyData: { maxBytes: 100 }, ...options });
}

/** A server whose client offers `externalPsk`, and 0-RTT data with it; the server selects the key. */
function earlyServer(options: Partial<ClientOptions> = {}): ScriptedServer {
  return scriptedServer(
    { externalPsks: [externalPsk], sendEarlyData: true, alpnProtocols: ['h2', 'http/1.1'], ...options },
    { psk: externalPsk },
  );
}

const early = { early: true } as const;
const { psk_ke, psk_dhe_ke } = pskKeyExchangeModes;
const withoutShare = <M extends Parameters<typeof withoutExtension>[0]>(message: M) =>
  withoutExtension(message, ext.key_share);

// ------------------------------------------------------------------------------------------ §4.3.9

clause('RFC 9846 §4.3.9: a mode that we do not take', () =>
  earlyClient()
    .pskHello(externalPsk, { modes: [psk_ke] })
    .finished()
    .data(bytes(1)),
);
clause('RFC 9846 §4.3.9: a key alone where we offered it with a key exchange', () =>
  earlyServer({ pskModes: [psk_dhe_ke], sendEarlyData: false }).serverHello(withoutShare),
);
clause('RFC 9846 §4.3.9: a key exchange where we offered the key alone', () =>
  earlyServer({ pskModes: [psk_ke], sendEarlyData: false }).serverHello(),
);

// ----------------------------------------------------------------------------------------- §4.3.10

const refusing: Partial<ServerOptions> = {
  answers: { acceptEarlyData: () => ({ ok: true, accept: false }) },
};

clause(
  'RFC 9846 §4.3.10: early data that is not taken',
  () => earlyClient(refusing).pskHello(externalPsk, early).earlyData(bytes(1)).finished().data(bytes(1)),
  () => {
    const client = earlyClient(refusing).pskHello(externalPsk, early);
    for (let i = 0; i < 100; i++) client.earlyData(new Uint8Array(100));
    return client.finished().data(bytes(1));
  },
  // Nothing is known of the key at all.
  () =>
    earlyClient({ externalPsks: [] })
      .pskHello(externalPsk, early)
      .earlyData(bytes(1))
      .finished()
      .data(bytes(1)),
);
clause('RFC 9846 §4.3.10: early data before the second hello', () =>
  earlyClient({ groups: [namedGroups.secp256r1], externalPsks: [] })
    .pskHello(externalPsk, early)
    .earlyData(bytes(1))
    .earlyData(new Uint8Array(16_384).fill(1))
    .secondHello((hello) =>
      withExtension(hello, extension('CH', pskKeyExchangeModesExtension, [pskKeyExchangeModes.psk_dhe_ke])),
    )
    .finished()
    .data(bytes(1)),
);
clause('RFC 9846 §4.3.10: a plaintext record above 2^14 where early data is skipped', () =>
  earlyClient({ groups: [namedGroups.secp256r1] })
    .pskHello(externalPsk, early)
    .write(plainRecord(type.handshake, new Uint8Array(16_385))),
);
clause('RFC 9846 §4.3.10: early data inside the second hello', () => {
  const client = earlyClient({ groups: [namedGroups.secp256r1] })
    .pskHello(externalPsk, early)
    .earlyData(bytes(1))
    .changeCipherSpec()
    .earlyData(bytes(1));
  const hello = encodeMessage(sampleMessages.client_hello);
  return client.write(plainRecord(type.handshake, hello.subarray(0, 3))).earlyData(bytes(1));
});
clause(
  'RFC 9846 §4.3.10: more early data than is skipped',
  () => {
    const client = earlyClient(refusing).pskHello(externalPsk, early);
    return client.earlyData(new Uint8Array(16_384)).earlyData(new Uint8Array(200));
  },
  () => {
    const client = earlyClient({ groups: [namedGroups.secp256r1] }).pskHello(externalPsk, early);
    return client.earlyData(new Uint8Array(16_384)).earlyData(new Uint8Array(200));
  },
  () => {
    const client = earlyClient({ ...refusing, limits: { skippedEarlyDataBytes: 5 } }).pskHello(
      externalPsk,
      early,
    );
    // Records that hold nothing count, too.
    for (let i = 0; i < 106 && client.failure === undefined; i++) client.earlyData(new Uint8Array(0));
    return client;
  },
);
clause('RFC 9846 §4.3.10: a record that does not open where early data is taken', () =>
  earlyClient().pskHello(externalPsk, early).earlyData(bytes(1)).record(type.application_data, bytes(1)),
);
clause('RFC 9846 §4.3.10: a record that does not open after one that did', () => {
  const client = earlyClient(refusing).pskHello(externalPsk, early).earlyData(bytes(1));
  const finished = encodeHandshake(handshakeTypes.finished, new Uint8Array(32));
  // The first fragment of a message shows that the second flight has begun.
  return client.record(type.handshake, finished.subarray(0, 3)).earlyData(bytes(1));
});
clause('RFC 9846 §E.3: an older version after 0-RTT data', () =>
  earlyServer().serverHello((message) => older(message, protocolVersions.tls12, new Uint8Array(32))),
);
clause(
  'RFC 9846 §4.3.10: early data taken without its key',
  () =>
    scriptedServer({ externalPsks: [externalPsk], sendEarlyData: true, alpnProtocols: ['h2'] })
      .serverHello()
      .encryptedExtensions((message) => withExtension(message, extension('EE', earlyDataExtension, true))),
  () =>
    scriptedServer(
      {
        externalPsks: [{ ...externalPsk, identity: bytes(1) }, externalPsk],
        sendEarlyData: true,
        alpnProtocols: ['h2'],
      },
      { psk: externalPsk },
    )
      .serverHello((hello) => withExtension(hello, extension('SH', preSharedKeyExtension, 1)))
      .readsNoEarlyData()
      .encryptedExtensions((message) => withExtension(message, extension('EE', earlyDataExtension, true))),
);
clause('RFC 9846 §4.3.10: early data taken for another application protocol', () =>
  earlyServer()
    .serverHello()
    .encryptedExtensions((message) =>
      withExtension(
        withExtension(message, extension('EE', alpnExtension, 'http/1.1')),
        extension('EE', earlyDataExtension, true),
      ),
    ),
);
clause('RFC 9846 §4.3.10: early data taken under another suite', () => {
  const server = earlyServer();
  server.suite = suite13(suites13.TLS_CHACHA20_POLY1305_SHA256)!;
  return server
    .serverHello()
    .encryptedExtensions((message) => withExtension(message, extension('EE', earlyDataExtension, true)));
});

// ----------------------------------------------------------------------------------------- §4.3.11

clause(
  'RFC 9846 §4.3.11: a binder that does not verify',
  () => earlyClient().pskHello(externalPsk, { binder: new Uint8Array(32) }),
  () => earlyClient().pskHello(externalPsk, { binder: new Uint8Array(33) }),
  () => earlyClient().pskHello({ ...externalPsk, key: new Uint8Array(32) }),
);
clause('RFC 9846 §4.3.11: a hello changed after its binder was made', () =>
  earlyClient().pskHello(externalPsk, {
    damaged: (hello) => ({ ...hello, random: new Uint8Array(32) }),
  }),
);
clause('RFC 9846 §4.3.11: an identity that nobody knows', () =>
  earlyClient({ externalPsks: [] }).pskHello(externalPsk).finished().data(bytes(1)),
);
clause('RFC 9846 §4.3.11: an identity that nobody knows, and no certificate', () =>
  earlyClient({ externalPsks: [], credentials: [] }).pskHello(externalPsk),
);
clause('RFC 9846 §4.3.11: one identity several times', () => {
  const { identity } = externalPsk;
  return earlyClient()
    .pskHello(externalPsk, { identities: [identity, identity, identity] })
    .finished()
    .data(bytes(1));
});
clause('RFC 9846 §4.3.11: more identities than we look at', () => {
  const identities = Array.from({ length: 17 }, (_, i) => (i === 16 ? externalPsk.identity : bytes(i)));
  return earlyClient().pskHello(externalPsk, { identities }).finished().data(bytes(1));
});
clause('RFC 9846 §4.3.11: a selected_identity out of range', () =>
  earlyServer({ sendEarlyData: false }).serverHello((hello) =>
    withExtension(hello, extension('SH', preSharedKeyExtension, 1)),
  ),
);
clause('RFC 9846 §4.3.11: a key for another hash', () => {
  const server = earlyServer({
    sendEarlyData: false,
    cipherSuites: [suites13.TLS_AES_128_GCM_SHA256, suites13.TLS_AES_256_GCM_SHA384],
  });
  server.suite = suite13(suites13.TLS_AES_256_GCM_SHA384)!;
  return server.serverHello();
});

// ------------------------------------------------------------------------------------ §4.4.2, §4.6

clause(
  'RFC 9846 §4.4.2: a certificate or a request for one beside a pre-shared key',
  () => earlyServer({ sendEarlyData: false }).serverHello().encryptedExtensions().certificateRequest(),
  () => earlyServer({ sendEarlyData: false }).serverHello().encryptedExtensions().certificate(),
);
clause('RFC 9846 §4.6: Finished without EndOfEarlyData', () =>
  earlyClient().pskHello(externalPsk, early).earlyData(bytes(1)).finished(),
);
clause('RFC 9846 §4.6: EndOfEarlyData and Finished in one record', () => {
  const client = earlyClient().pskHello(externalPsk, early);
  const finished = encodeHandshake(handshakeTypes.finished, new Uint8Array(32));
  return client.earlyRecord(type.handshake, bytes(5, 0, 0, 0, ...finished));
});
clause('RFC 9846 §4.6: EndOfEarlyData with content', () =>
  earlyClient()
    .pskHello(externalPsk, early)
    .earlyRecord(type.handshake, bytes(5, 0, 0, 1, 0)),
);

// ----------------------------------------------------------------------------------------- §4.7.1

clause(
  'RFC 9846 §4.7.1: more early data than the ticket allows',
  () => earlyClient().pskHello(externalPsk, early).earlyData(new Uint8Array(101)),
  () => earlyClient().pskHello(externalPsk, early).earlyData(new Uint8Array(100)).earlyData(bytes(1)),
);
clause('RFC 9846 §4.7.1: a ticket for longer than a week', () => {
  const server = scriptedServer()
    .before('end')
    .handshake({ ...sampleMessages.new_session_ticket, ticketLifetimeSeconds: 0xffff_ffff })
    .data(bytes(1));
  expect(
    server.outputs.flatMap((output) => (output.type === 'session' ? [output.session.lifetimeSeconds] : [])),
  ).toEqual([604_800]);
  return server;
});

const shortBinder = (length: number) => ({
  type: ext.pre_shared_key,
  data: bytes(0, 7, 0, 1, 0x61, 0, 0, 0, 0, 0, length + 1, length, ...new Uint8Array(length)),
});

clause('RFC 9846 §4.3.11: a binder of 31 bytes', () =>
  scriptedClient().clientHello((message) =>
    withExtension(
      withExtension(message, { type: ext.psk_key_exchange_modes, data: bytes(1, 1) }),
      shortBinder(31),
    ),
  ),
);

clause('RFC 9846 §4.3.11: a binder of 12 bytes, and TLS 1.2', () => {
  const victim = createServer({ provider: olderProvider, versions: [tls12], credentials: [p256Credential] });
  const hello = plainClientHello(
    [suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
    [
      extension('CH', supportedGroupsExtension, [namedGroups.secp256r1]),
      extension('CH', signatureAlgorithmsExtension, [signatureSchemes.ecdsa_secp256r1_sha256]),
      shortBinder(12),
    ],
  );
  const peer = plainPeer(victim).handshake(hello);
  expect(victim.facts.version).toBe(protocolVersions.tls12);
  return peer;
});

clause('RFC 9846 §4.3.11: no key where one must be', () =>
  scriptedServer({ requirePsk: true }).serverHello(),
);
