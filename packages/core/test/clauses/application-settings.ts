import { expect } from 'vitest';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { applicationSettingsExtension as current } from '../../src/extensions/application-settings.ts';
import { applicationSettingsOldExtension as former } from '../../src/extensions/application-settings.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import type { RawExtension } from '../../src/extensions/definition.ts';
import { earlyDataExtension } from '../../src/extensions/early-data.ts';
import { extension } from '../../src/extensions/definition.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import type { EncryptedExtensions } from '../../src/messages/encrypted-extensions.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import {
  askedForSettings as asked,
  h2Settings as ours,
  listOfH2 as h2,
  settingsOption as option,
  type SettingsNumber,
} from '../harness/application-settings.ts';
import { withExtension, withoutExtension } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, clauses, type Case } from './clause.ts';

/** Application settings (draft-vvv-tls-alps-01). */

const numbers = [17_613, 17_513] as const;

/** The same with both numbers. */
const withBoth = (attack: (type: SettingsNumber) => ReturnType<Case[1]>): Case[] =>
  numbers.map((type) => [String(type), () => attack(type)]);

const theirs = bytes(9, 8);
const settled = (type: number): RawExtension => ({ type, data: theirs });
const said = (...entries: RawExtension[]): EncryptedExtensions => ({
  type: 'encrypted_extensions',
  extensions: ExtensionBlock.of('EE', entries),
});

clause('draft-vvv-tls-alps-01 §4: settings of both sides', function* (victim) {
  for (const type of numbers) {
    if (victim === 'server') {
      const client = asked(type, { clientAuthentication: 'request' });
      expect(client.encryptedExtensions!.extensions.raw({ type })).toEqual(ours);
      client
        .handshake(said(settled(type)))
        .certificate()
        .certificateVerify();
      // What is not proven is not shown (§5).
      expect(client.victim.facts.peerApplicationSettings).toBeUndefined();
      client.finished();
      expect(client.victim.facts.peerApplicationSettings).toEqual(theirs);
      yield client;
      continue;
    }
    const server = scriptedServer(option(type), { asksClient: true });
    expect(server.hello.extensions.raw({ type })).toEqual(h2);
    server.serverHello().encryptedExtensions((message) => withExtension(message, settled(type)));
    server.certificateRequest().certificate().certificateVerify();
    expect(server.victim.facts.peerApplicationSettings).toBeUndefined();
    server.finished();
    expect(server.victim.facts.peerApplicationSettings).toEqual(theirs);
    const types = server.heardMessages.map(([first]) => first);
    expect(types).toEqual(
      (
        ['client_hello', 'encrypted_extensions', 'certificate', 'certificate_verify', 'finished'] as const
      ).map((name) => handshakeTypes[name]),
    );
    const [message] = server.messagesOf(handshakeTypes.encrypted_extensions);
    expect([...message!]).toEqual([8, 0, 0, 9, 0, 7, type >> 8, type & 0xff, 0, 3, ...ours]);
    yield server;
  }
});
clauses(
  'draft-vvv-tls-alps-01 §3: settings without a protocol',
  withBoth((type) =>
    scriptedServer(option(type))
      .before('encryptedExtensions')
      .encryptedExtensions((message) =>
        withoutExtension(withExtension(message, settled(type)), alpnExtension.type),
      ),
  ),
);
clauses(
  'draft-vvv-tls-alps-01 §4: a list of protocols that is none',
  withBoth(function* (type) {
    const lists = [
      bytes(),
      bytes(0, 0),
      bytes(0, 1, 0),
      bytes(0, 2, 0, 0),
      bytes(0, 3, 2, 0x68),
      bytes(...h2, 0),
    ];
    for (const list of lists) yield asked(type, {}, list);
  }),
);
clauses(
  'draft-vvv-tls-alps-01 §4: settings for a protocol that was not advertised',
  withBoth((type) =>
    scriptedServer(option(type, { 'http/1.1': ours }))
      .before('encryptedExtensions')
      .encryptedExtensions((message) => withExtension(message, settled(type))),
  ),
);
clause('draft-vvv-tls-alps-01 §4: settings that nobody offered', function* () {
  const other = { [current.type]: former.type, [former.type]: current.type };
  const answer = (options: object, type: number) =>
    scriptedServer(options)
      .before('encryptedExtensions')
      .encryptedExtensions((message) => withExtension(message, settled(type)));
  for (const type of numbers) {
    yield answer({}, type);
    yield answer(option(type), other[type]!);
    // For none of the protocols of ALPN.
    yield answer(option(type, { other: ours }), type);
  }
});
clauses(
  'draft-vvv-tls-alps-01 §4: settings in another message than EncryptedExtensions',
  withBoth(function* (type) {
    yield scriptedServer(option(type)).serverHello((message) => withExtension(message, settled(type)));
    yield scriptedServer(option(type), { asksClient: true })
      .before('certificateRequest')
      .certificateRequest((message) => withExtension(message, settled(type)));
    yield scriptedServer(option(type)).helloRetryRequest((message) => withExtension(message, settled(type)));
  }),
);
clauses(
  'draft-vvv-tls-alps-01 §4: settings in a ServerHello of TLS 1.2',
  withBoth((type) => scriptedServer12(option(type), { extensions: [settled(type)] }).serverHello()),
);
clauses(
  'draft-vvv-tls-alps-01 §4: EncryptedExtensions of a client without settings',
  withBoth((type) => asked(type).handshake(said())),
);
clauses(
  'draft-vvv-tls-alps-01 §4.1: EncryptedExtensions that the client leaves out',
  withBoth(function* (type) {
    yield asked(type).finished();
    yield asked(type, { clientAuthentication: 'request' }).certificate();
  }),
);
clause('draft-vvv-tls-alps-01 §4.1: EncryptedExtensions that a client sends unasked', function* () {
  yield scriptedClient().before('finished').handshake(said());
  for (const type of numbers) {
    yield scriptedClient()
      .before('finished')
      .handshake(said(settled(type)));
    // The server has settings, and the client did not ask for them, or not under this number.
    yield scriptedClient(option(type))
      .before('finished')
      .handshake(said(settled(type)));
    // They are for other protocols.
    yield asked(type, option(type, { other: ours })).handshake(said(settled(type)));
    yield asked(type, {}, bytes(0, 2, 1, 0x78)).handshake(said(settled(type)));
  }
});
clauses(
  'draft-vvv-tls-alps-01 §4.1: EncryptedExtensions of a client, twice',
  withBoth((type) =>
    asked(type)
      .handshake(said(settled(type)))
      .handshake(said(settled(type))),
  ),
);
clauses(
  "draft-vvv-tls-alps-01 §4.1: another extension beside the client's settings",
  withBoth(function* (type) {
    const other = type === current.type ? former.type : current.type;
    for (const entry of [settled(0xfedc), extension('EE', alpnExtension, 'h2'), settled(other)])
      yield asked(type).handshake(said(settled(type), entry));
  }),
);
clauses(
  "draft-vvv-tls-alps-01 §4.1: an extension of other messages beside the client's settings",
  withBoth((type) =>
    asked(type).handshake(said(settled(type), { type: keyShareExtension.type, data: bytes(0, 0) })),
  ),
);

/** A key with 0-RTT data; external ones have no settings. */
const psk = {
  identity: bytes(7),
  key: new Uint8Array(32).fill(5),
  earlyData: { maxBytes: 100, cipherSuite: suites13.TLS_AES_128_GCM_SHA256, alpnProtocol: 'h2' },
};

clauses(
  'draft-vvv-tls-alps-01 §4.2: settings beside 0-RTT data that is taken',
  withBoth((type) =>
    scriptedServer({ ...option(type), externalPsks: [psk], sendEarlyData: true }, { psk })
      .before('encryptedExtensions')
      .encryptedExtensions((message) =>
        withExtension(withExtension(message, settled(type)), {
          type: earlyDataExtension.type,
          data: bytes(),
        }),
      ),
  ),
);
clauses(
  'draft-vvv-tls-alps-01 §4.2: EncryptedExtensions of a client after 0-RTT data that is taken',
  withBoth((type) => {
    const earlyData = { maxBytes: 100 };
    const client = scriptedClient({ externalPsks: [psk], earlyData }).pskHello(psk, { early: true });
    expect(client.victim.facts.earlyData).toBe('accepted');
    return client.endOfEarlyData().handshake(said(settled(type)));
  }),
);
