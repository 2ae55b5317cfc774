import { expect, it } from 'vitest';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { pskKeyExchangeModesExtension } from '../../src/extensions/psk-key-exchange-modes.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import { extensionTypes } from '../../src/registry/extension-types.ts';
import { isGrease } from '../../src/registry/grease.ts';
import type { NamedGroup } from '../../src/registry/groups.ts';
import type { PskKeyExchangeMode } from '../../src/registry/psk-key-exchange-modes.ts';
import { signatureSchemes, type SignatureScheme } from '../../src/registry/signature-schemes.ts';
import type { CipherSuite } from '../../src/registry/suites13.ts';
import { protocolVersions, type ProtocolVersion } from '../../src/registry/versions.ts';
import { withExtension, withExtensions } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer, type ScriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause } from './clause.ts';
import { sampleMessages } from './sample-messages.ts';

/** A server whose victim sends GREASE. */
const greased = () => scriptedServer({ grease: true });

/** The first GREASE number of a list of the victim's hello. */
function offered<N extends number>(server: ScriptedServer, list: (hello: ClientHello) => readonly N[]): N {
  const value = list(server.hello).find(isGrease);
  if (value === undefined) throw new Error('the victim offers no GREASE here');
  return value;
}

const version = (server: ScriptedServer) =>
  extension(
    'SH',
    supportedVersionsExtension,
    offered(server, ({ extensions }) => extensions.get(supportedVersionsExtension)!),
  );
const group = (server: ScriptedServer) =>
  offered(server, ({ extensions }) => extensions.get(supportedGroupsExtension)!);
const suite = (server: ScriptedServer) => offered(server, ({ cipherSuites }) => cipherSuites);
const scheme = (server: ScriptedServer) =>
  offered(server, ({ extensions }) => extensions.get(signatureAlgorithmsExtension)!);
const echo = (server: ScriptedServer): RawExtension =>
  server.hello.extensions.entries.find(({ type }) => isGrease(type))!;

// ----------------------------------------------------------------------------------- §3.1 the client

clause(
  'RFC 8701 §3.1: a GREASE version in ServerHello',
  () => {
    const server = greased();
    return server.serverHello((message) => withExtension(message, version(server)));
  },
  () => {
    const server = greased();
    return server.helloRetryRequest((message) => withExtension(message, version(server)));
  },
);
clause(
  'RFC 8701 §3.1: a GREASE cipher suite in ServerHello',
  () => {
    const server = greased();
    return server.serverHello((message) => ({ ...message, cipherSuite: suite(server) }));
  },
  () => {
    const server = greased();
    return server.helloRetryRequest((message) => ({ ...message, cipherSuite: suite(server) }));
  },
);
clause(
  'RFC 8701 §3.1: a GREASE group',
  () => {
    const server = greased();
    const share = { group: group(server), keyExchange: bytes(0) };
    return server.serverHello((message) => withExtension(message, extension('SH', keyShareExtension, share)));
  },
  () => {
    const server = greased();
    return server.helloRetryRequest((message) =>
      withExtension(message, extension('HRR', keyShareExtension, group(server))),
    );
  },
);
clause(
  'RFC 8701 §3.1: an echoed GREASE extension',
  () => {
    const server = greased();
    return server.serverHello((message) => withExtension(message, echo(server)));
  },
  () => {
    const server = greased();
    return server.helloRetryRequest((message) => withExtension(message, echo(server)));
  },
  () => {
    const server = greased().before('encryptedExtensions');
    return server.encryptedExtensions((message) => withExtension(message, echo(server)));
  },
  () => {
    const server = greased().before('certificate');
    return server.certificate((message) => {
      const [own] = message.certificateList;
      return { ...message, certificateList: [withExtension(own as never, echo(server))] };
    });
  },
);
clause('RFC 8701 §3.1: a GREASE signature scheme in CertificateVerify', () => {
  const server = greased().before('certificateVerify');
  return server.certificateVerify((message) => ({ ...message, algorithm: scheme(server) }));
});
clause('RFC 8701 §3.1: a GREASE protocol in EncryptedExtensions', () => {
  const server = greased().before('encryptedExtensions');
  const [protocol] = server.hello.extensions.get(alpnExtension)!;
  expect([...protocol!].map((character) => character.charCodeAt(0) & 0x0f)).toEqual([0x0a, 0x0a]);
  return server.encryptedExtensions((message) =>
    withExtension(message, extension('EE', alpnExtension, protocol!)),
  );
});
clause('RFC 8701 §3.1: a retry for a group beside a GREASE share', () => {
  const server = greased();
  const first = server.hello;
  server.helloRetryRequest();
  const types = ({ extensions }: ClientHello) => extensions.entries.map(({ type }) => type);
  expect(types(server.hello)).toEqual(types(first));
  expect(server.hello.extensions.get(keyShareExtension)).toHaveLength(1);
  server.before('end');
  expect(server.victim.facts.handshakes).toBe(1);
  return server;
});

// ----------------------------------------------------------------------------------- §3.2 the server

/** `hello` with GREASE in every list, and with GREASE extensions. */
function withGrease(hello: ClientHello): ClientHello {
  const { extensions } = hello;
  const lists = [
    extension('CH', supportedVersionsExtension, [0x2a2a as ProtocolVersion, protocolVersions.tls13]),
    extension('CH', supportedGroupsExtension, [
      0x3a3a as NamedGroup,
      ...extensions.get(supportedGroupsExtension)!,
    ]),
    extension('CH', keyShareExtension, [
      { group: 0x3a3a as NamedGroup, keyExchange: bytes(0) },
      ...extensions.get(keyShareExtension)!,
    ]),
    extension('CH', signatureAlgorithmsExtension, [
      0x4a4a as SignatureScheme,
      ...extensions.get(signatureAlgorithmsExtension)!,
    ]),
    extension('CH', alpnExtension, ['\x5a\x5a', 'h2']),
    extension('CH', pskKeyExchangeModesExtension, [0x0b as PskKeyExchangeMode, 1 as PskKeyExchangeMode]),
    { type: 0x7a7a, data: bytes(0) },
  ];
  const greasy = lists.reduce(withExtension, {
    ...hello,
    cipherSuites: [0x8a8a as CipherSuite, ...hello.cipherSuites],
  });
  return withExtensions(greasy, (entries) => [{ type: 0x6a6a, data: bytes() }, ...entries]);
}

clause('RFC 8701 §3.2: GREASE at every place of a ClientHello', () => {
  const client = scriptedClient().clientHello(withGrease).finished();
  expect(client.victim.facts.handshakes).toBe(1);
  return client;
});
clause('RFC 8701 §3.2: nothing but GREASE cipher suites', () =>
  scriptedClient().clientHello((hello) => ({ ...hello, cipherSuites: [0x8a8a as CipherSuite] })),
);
clause('RFC 8701 §3.2: nothing but a GREASE version', () =>
  scriptedClient().clientHello((hello) =>
    withExtension(hello, extension('CH', supportedVersionsExtension, [0x2a2a as ProtocolVersion])),
  ),
);
clause('RFC 8701 §3.2: nothing but GREASE groups', () =>
  scriptedClient().clientHello((hello) =>
    [
      extension('CH', supportedGroupsExtension, [0x3a3a as NamedGroup]),
      extension('CH', keyShareExtension, [{ group: 0x3a3a as NamedGroup, keyExchange: bytes(0) }]),
    ].reduce(withExtension, hello),
  ),
);

// ------------------------------------------------------------------------ §4 what servers begin with

it('a server sends GREASE in its tickets (RFC 8701 §4.1)', () => {
  const client = scriptedClient({ grease: true }).clientHello((hello) =>
    withExtension(hello, extension('CH', pskKeyExchangeModesExtension, [1 as PskKeyExchangeMode])),
  );
  client.finished();
  const tickets = client.received.flatMap(({ content }) => {
    const message =
      content[0] === 4
        ? decodeHandshake(content.subarray(0, 4 + 256 * content[2]! + content[3]!))
        : undefined;
    return message?.type === 'new_session_ticket' ? [message] : [];
  });
  expect(tickets.length).toBeGreaterThan(0);
  for (const { extensions } of tickets) {
    expect(extensions.entries.map(({ type }) => isGrease(type))).toEqual([true]);
  }
});

clause('RFC 8701 §4.2: GREASE in CertificateRequest', () => {
  const server = scriptedServer({}, { asksClient: true }).before('certificateRequest');
  server.certificateRequest((message) =>
    [
      extension('CR', signatureAlgorithmsExtension, [0x4a4a as SignatureScheme, signatureSchemes.ed25519]),
      { type: 0x7a7a, data: bytes(0) },
    ].reduce(withExtension, message),
  );
  server.certificate().certificateVerify().finished();
  expect(server.victim.facts.ownSignatureScheme).toBe(signatureSchemes.ed25519);
  return server;
});
clause('RFC 8701 §4.2: a GREASE extension in NewSessionTicket', () =>
  scriptedServer()
    .before('end')
    .handshake(withExtension(sampleMessages.new_session_ticket, { type: 0x7a7a, data: bytes(0) })),
);
clause('RFC 8701 §4.2: an echoed GREASE extension in Certificate', () => {
  const client = scriptedClient({ grease: true, clientAuthentication: 'request' }).clientHello();
  const asked = client.request!.extensions.entries.find(({ type }) => isGrease(type))!;
  return client.certificate((message) => {
    const [own] = message.certificateList;
    return { ...message, certificateList: [withExtension(own as never, asked)] };
  });
});
clause('RFC 8701 §4.2: a GREASE signature scheme in CertificateVerify', () => {
  const client = scriptedClient({ grease: true, clientAuthentication: 'request' }).before(
    'certificateVerify',
  );
  const asked = client.request!.extensions.get(signatureAlgorithmsExtension)!;
  expect(isGrease(asked[0]!)).toBe(true);
  expect(client.request!.extensions.entries.at(-1)!.type).not.toBe(extensionTypes.signature_algorithms);
  return client.certificateVerify((message) => ({ ...message, algorithm: asked[0]! }));
});
