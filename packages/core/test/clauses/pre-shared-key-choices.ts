import { expect } from 'vitest';
import { cookieExtension } from '../../src/extensions/cookie.ts';
import { extension } from '../../src/extensions/definition.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { postHandshakeAuthExtension } from '../../src/extensions/post-handshake-auth.ts';
import { preSharedKeyExtension } from '../../src/extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../src/extensions/psk-key-exchange-modes.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import type { ServerOptions } from '../../src/index.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { pskKeyExchangeModes, type PskKeyExchangeMode } from '../../src/registry/psk-key-exchange-modes.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { nowMs, plainRecord, withExtension } from '../harness/peer.ts';
import { scriptedClient, type PskHelloOptions, type ScriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause } from './clause.ts';
import { earlyClient, externalPsk } from './pre-shared-keys.ts';
import { sampleMessages } from './sample-messages.ts';

/** What a server makes of pre-shared keys that it could use, and may not. */

const { psk_ke, psk_dhe_ke } = pskKeyExchangeModes;

/** The server goes on without the key, by certificate. */
function fullyDone(client: ScriptedClient): ScriptedClient {
  expect(client.messagesOf(handshakeTypes.certificate)).toHaveLength(1);
  client.finished().data(bytes(1));
  expect(client.victim.facts).toMatchObject({ handshakes: 1, resumed: false });
  expect(client.victim.facts.externalPskIdentity).toBeUndefined();
  return client;
}

// ------------------------------------------------------------------------------------------ §4.3.9

/** How many tickets a client gets that lists these modes. */
function ticketsFor(modes: readonly PskKeyExchangeMode[], options: Partial<ServerOptions> = {}) {
  const client = scriptedClient(options).clientHello((hello) =>
    modes.length === 0 ? hello : withExtension(hello, extension('CH', pskKeyExchangeModesExtension, modes)),
  );
  return client.finished().data(bytes(1));
}

clause(
  'RFC 9846 §4.3.9: no mode in which a ticket of ours could be used',
  ...[[], [psk_ke]].map((modes) => () => {
    const client = ticketsFor(modes);
    expect(client.messagesOf(handshakeTypes.new_session_ticket)).toEqual([]);
    expect(client.victim.issueTickets(1, nowMs)).toBe(false);
    return client;
  }),
);
clause('RFC 9846 §4.3.9: a mode in which a ticket of ours can be used', () => {
  const client = ticketsFor([psk_ke, psk_dhe_ke]);
  expect(client.messagesOf(handshakeTypes.new_session_ticket)).toHaveLength(2);
  return client;
});

/** Hellos without a share: for a key alone, or for another hello. */
const shareless = ({ extensions, ...hello }: ClientHello): ClientHello => ({
  ...hello,
  extensions: extensions.with(extension('CH', keyShareExtension, [])),
});
const groupless = ({ extensions, ...hello }: ClientHello): ClientHello => ({
  ...hello,
  extensions: extensions.without(keyShareExtension).without(supportedGroupsExtension),
});
/** Of a group that the server does not take. */
const elsewhere = ({ extensions, ...hello }: ClientHello): ClientHello => ({
  ...hello,
  extensions: extensions.with(extension('CH', supportedGroupsExtension, [namedGroups.x25519])),
});
const alone = (change: (hello: ClientHello) => ClientHello): PskHelloOptions => ({ modes: [psk_ke], change });
const keyAlone: Partial<ServerOptions> = { pskModes: [psk_ke] };

clause('RFC 9846 §4.3.9: a key alone that nobody knows, and no share', () => {
  const client = earlyClient({ ...keyAlone, externalPsks: [] }).pskHello(externalPsk, alone(shareless));
  expect(client.helloRetryRequest?.extensions.get(keyShareExtension)).toBe(namedGroups.x25519);
  return client;
});
clause(
  'RFC 9846 §4.3.9: a key alone that nobody knows, and no group',
  () => earlyClient({ ...keyAlone, externalPsks: [] }).pskHello(externalPsk, alone(groupless)),
  // Neither can a second hello help where the server has groups, and the client lists others.
  () =>
    earlyClient({ groups: [namedGroups.secp256r1], retryCookie: bytes(7) }).pskHello(
      externalPsk,
      alone(elsewhere),
    ),
  () => {
    const client = earlyClient({ ...keyAlone, externalPsks: [], retryCookie: bytes(7) });
    client.pskHello(externalPsk, alone(groupless));
    expect(client.helloRetryRequest?.extensions.get(cookieExtension)).toEqual(bytes(7));
    return client.secondHello((hello) => pskOf(groupless(hello), 32, [psk_ke]));
  },
);

/** A second hello that goes on offering the key; its binder is right for nothing. */
function pskOf(hello: ClientHello, binderBytes: number, modes = [psk_dhe_ke]): ClientHello {
  return withExtension(
    withExtension(hello, extension('CH', pskKeyExchangeModesExtension, modes)),
    extension('CH', preSharedKeyExtension, {
      identities: [{ identity: externalPsk.identity, obfuscatedTicketAge: 0 }],
      binders: [new Uint8Array(binderBytes)],
    }),
  );
}

// ----------------------------------------------------------------------------------------- §4.3.10

/** The server knows the key, and leaves 0-RTT data aside, which is skipped. */
function refusedEarlyData(options: Partial<ServerOptions>, hello: PskHelloOptions = {}): ScriptedClient {
  const client = earlyClient(options).pskHello(externalPsk, { early: true, ...hello });
  expect(client.victim.facts.earlyData).toBe('rejected');
  expect(client.encryptedExtensions?.extensions.raw({ type: ext.early_data })).toBeUndefined();
  return client.earlyData(bytes(1)).finished().data(bytes(1));
}

clause('RFC 9846 §4.3.10: early data under another suite', () => {
  const client = refusedEarlyData({ cipherSuites: [suites13.TLS_CHACHA20_POLY1305_SHA256] });
  expect(client.victim.facts.externalPskIdentity).toEqual(externalPsk.identity);
  return client;
});
clause('RFC 9846 §4.3.10: early data for another application protocol', () => {
  const client = refusedEarlyData({ alpnProtocols: [] });
  expect(client.victim.facts.externalPskIdentity).toEqual(externalPsk.identity);
  return client;
});
clause('RFC 9846 §4.3.10: early data under a key that is not the first', () => {
  const client = refusedEarlyData({}, { identities: [bytes(1), externalPsk.identity] });
  expect(client.victim.facts.externalPskIdentity).toEqual(externalPsk.identity);
  return client;
});
clause(
  'RFC 9846 §4.3.10: early data under a key that allows none',
  () =>
    refusedEarlyData({
      externalPsks: [{ ...externalPsk, earlyData: { ...externalPsk.earlyData, maxBytes: 0 } }],
    }),
  () => {
    const { identity, key } = externalPsk;
    return refusedEarlyData({ externalPsks: [{ identity, key }] });
  },
);
clause(
  'RFC 9846 §4.3.10: more early data than the key and the server allow',
  () =>
    earlyClient({ earlyData: { maxBytes: 1_000 } })
      .pskHello(externalPsk, { early: true })
      .earlyData(new Uint8Array(101)),
  () =>
    earlyClient({ earlyData: { maxBytes: 50 } })
      .pskHello(externalPsk, { early: true })
      .earlyData(new Uint8Array(51)),
);
clause('RFC 9846 §4.3.10: as much early data as the key and the server allow', () =>
  earlyClient({ earlyData: { maxBytes: 50 } })
    .pskHello(externalPsk, { early: true })
    .earlyData(new Uint8Array(50))
    .endOfEarlyData()
    .finished()
    .data(bytes(1)),
);
clause('RFC 9846 §4.3.10: records without anything where early data is skipped', () => {
  const client = earlyClient({
    answers: { acceptEarlyData: () => ({ ok: true, accept: false }) },
    limits: { skippedEarlyDataBytes: 5 },
  }).pskHello(externalPsk, { early: true });
  for (let i = 0; i < 105; i++) client.write(plainRecord(type.application_data, bytes(1)));
  expect(client.failure).toBeUndefined();
  return client.write(plainRecord(type.application_data, bytes(1)));
});

// ----------------------------------------------------------------------------------------- §4.3.11

clause('RFC 9846 §4.3.11: an external key where a certificate is required', () => {
  const client = earlyClient({ clientAuthentication: 'require' }).pskHello(externalPsk);
  expect(client.request).toBeDefined();
  client.certificate().certificateVerify();
  return fullyDone(client);
});
clause('RFC 9846 §4.3.11: a key for a hash that the client has no suite of', () =>
  fullyDone(earlyClient({ externalPsks: [{ ...externalPsk, hash: 'sha384' }] }).pskHello(externalPsk)),
);
clause('RFC 9846 §4.3.11: a key for another hash than that of the suite in HelloRetryRequest', () => {
  const client = earlyClient({
    groups: [namedGroups.secp256r1],
    externalPsks: [{ ...externalPsk, hash: 'sha384' }],
  });
  client.pskHello(externalPsk);
  return fullyDone(client.secondHello((hello) => pskOf(hello, 48)));
});

/** A first hello with the key and a ticket, answered by a HelloRetryRequest. */
function retried(options: Partial<ServerOptions> = {}): ScriptedClient {
  return earlyClient({ groups: [namedGroups.secp256r1], ...options }).pskHello(externalPsk, {
    identities: [externalPsk.identity, bytes(1, 2, 3)],
  });
}
const withModes = (hello: ClientHello): ClientHello =>
  withExtension(hello, extension('CH', pskKeyExchangeModesExtension, [psk_dhe_ke]));
/** The second hello with the identity that nobody knows, and without the other. */
const withUnknown = (hello: ClientHello): ClientHello =>
  withExtension(
    withModes(hello),
    extension('CH', preSharedKeyExtension, {
      identities: [{ identity: bytes(1, 2, 3), obfuscatedTicketAge: 0 }],
      binders: [new Uint8Array(32)],
    }),
  );
clause('RFC 9846 §4.2.2: a second hello without the pre-shared keys of the first', () =>
  retried().secondHello(withModes),
);
clause('RFC 9846 §4.2.2: a second hello without one of the pre-shared keys of the first', () =>
  retried().secondHello(withUnknown),
);
clause(
  'RFC 9846 §4.2.2: a second hello without pre-shared keys that do not fit',
  // They are for another hash than that of the suite; they are not known; they would not be taken.
  () => fullyDone(retried({ externalPsks: [{ ...externalPsk, hash: 'sha384' }] }).secondHello(withModes)),
  () => fullyDone(retried({ externalPsks: [] }).secondHello(withModes)),
  () => fullyDone(retried({ pskModes: [psk_ke] }).secondHello(withModes)),
);

// ------------------------------------------------------------------------------------ §4.4.2, §4.7.1

clause('RFC 9846 §4.4.2: post-handshake authentication beside an external key', () => {
  const offer = extension('CH', postHandshakeAuthExtension, true);
  const before = ({ extensions, ...hello }: ClientHello): ClientHello => ({
    ...hello,
    extensions: extensions
      .without(preSharedKeyExtension)
      .with(offer)
      .with(extension('CH', preSharedKeyExtension, extensions.get(preSharedKeyExtension)!)),
  });
  const client = earlyClient().pskHello(externalPsk, { change: before }).finished();
  expect(client.victim.requestClientAuth({ require: false }, nowMs)).toBeUndefined();
  return client.data(bytes(1));
});
clause('RFC 9846 §4.7.1: a ticket with a lifetime of 0', () => {
  const server = scriptedServer()
    .before('end')
    .handshake({ ...sampleMessages.new_session_ticket, ticketLifetimeSeconds: 0 })
    .data(bytes(1));
  expect(server.outputs.filter((output) => output.type === 'session')).toEqual([]);
  return server;
});
clause('RFC 9846 §4.7.1: a ticket for a client that resumes nothing', () => {
  const server = scriptedServer({ pskModes: [] })
    .before('end')
    .handshake(sampleMessages.new_session_ticket)
    .data(bytes(1));
  expect(server.outputs.filter((output) => output.type === 'session')).toEqual([]);
  return server;
});
