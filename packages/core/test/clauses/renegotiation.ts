import { expect } from 'vitest';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { encryptThenMacExtension } from '../../src/extensions/encrypt-then-mac.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { extendedMainSecretExtension } from '../../src/extensions/extended-main-secret.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import { maxFragmentLengthExtension } from '../../src/extensions/max-fragment-length.ts';
import type { ClientOptions, ServerOptions } from '../../src/index.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import type { ServerHello12 } from '../../src/messages/tls12/server-hello.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { tls11, tls12 } from '../../src/tls12/module.ts';
import { concat } from '../../src/wire/bytes.ts';
import type { Session } from '../../src/values/session.ts';
import { ed25519Certificate } from '../harness/fixtures.ts';
import type { Peer12 } from '../harness/peer12.ts';
import { psk12 } from '../harness/psk12.ts';
import {
  helloWith,
  helloWithout,
  scriptedClient12,
  type ScriptedClient12,
} from '../harness/scripted-client12.ts';
import {
  scriptedServer12,
  type ScriptedServer12,
  type ServerScript12,
} from '../harness/scripted-server12.ts';
import { serverSession12 } from '../harness/session12.ts';
import { bytes, clause, type Victim } from './clause.ts';

/** What a peer can do wrong in a renegotiation. */

const acceptRenegotiation = { limit: 2 };
const { TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: cbc, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: gcm } = suites12;

/** Connected to a server of which we play the client, which may renegotiate. */
function client(options: Partial<ServerOptions> = {}): ScriptedClient12 {
  return scriptedClient12({ acceptRenegotiation, ...options })
    .before('end')
    .again();
}

/** A client has sent its second ClientHello, for we have asked for it. */
function server(script: ServerScript12 = {}, options: Partial<ClientOptions> = {}): ScriptedServer12 {
  return scriptedServer12({ acceptRenegotiation, ...options }, script)
    .before('end')
    .again()
    .helloRequest();
}

const without = (hello: ServerHello12, type: { readonly type: number }): ServerHello12 => ({
  ...hello,
  extensions: ExtensionBlock.of(
    'SH12',
    hello.extensions.entries.filter((each) => each.type !== type.type),
  ),
});

const saying = (hello: ServerHello12, info: Uint8Array): ServerHello12 => ({
  ...hello,
  extensions: ExtensionBlock.of('SH12', [
    ...without(hello, renegotiationInfoExtension).extensions.entries,
    extension('SH12', renegotiationInfoExtension, info),
  ]),
});

const spoiled = (data: Uint8Array): Uint8Array => data.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

function* each(...played: readonly (() => Peer12)[]): Iterable<Peer12> {
  for (const play of played) yield play();
}

clause('RFC 5746 §3.5: a second handshake', () => server().before('end').data(bytes(1)));

clause('RFC 5746 §3.5: no renegotiation_info in the second ServerHello', () =>
  server().serverHello((hello) => without(hello, renegotiationInfoExtension)),
);

clause('RFC 5746 §3.5: renegotiation_info of another connection', () => {
  const with12 = (info: (peer: ScriptedServer12) => Uint8Array) => () => {
    const peer = server();
    return peer.serverHello((hello) => saying(hello, info(peer)));
  };
  return each(
    with12(() => bytes()),
    with12(({ previous }) => previous.client),
    with12(({ previous }) => concat([spoiled(previous.client), previous.server])),
    with12(({ previous }) => concat([previous.client, spoiled(previous.server)])),
    with12(({ previous }) => concat([previous.server, previous.client])),
  );
});

clause('RFC 5746 §3.7: a second ClientHello', () => client().before('end').data(bytes(1)));

clause('RFC 5746 §3.7: the signal of a first handshake in a second one', () =>
  client().clientHello((hello) => ({
    ...hello,
    cipherSuites: [...hello.cipherSuites, suites12.TLS_EMPTY_RENEGOTIATION_INFO_SCSV],
  })),
);

clause('RFC 5746 §3.7: no renegotiation_info in the second ClientHello', () =>
  client().clientHello((hello) => helloWithout(hello, renegotiationInfoExtension)),
);

clause('RFC 5746 §3.7: renegotiation_info of another connection', () => {
  const with12 = (info: (peer: ScriptedClient12) => Uint8Array) => () => {
    const peer = client();
    return peer.clientHello((hello) =>
      helloWith(hello, extension('CH', renegotiationInfoExtension, info(peer))),
    );
  };
  return each(
    with12(() => bytes()),
    with12(({ previous }) => previous.server),
    with12(({ previous }) => spoiled(previous.client)),
    with12(({ previous }) => concat([previous.client, previous.server])),
  );
});

clause('RFC 5746 §4.4: a client that knows no secure renegotiation', () =>
  scriptedClient12({ acceptRenegotiation })
    .clientHello((hello) => helloWithout(hello, renegotiationInfoExtension))
    .afterHello('end')
    .again()
    .clientHello((hello) => helloWithout(hello, renegotiationInfoExtension))
    .data(bytes(1)),
);

clause(
  'RFC 5746 §5: another certificate of the server',
  () =>
    server()
      .serverHello()
      .certificate(() => ({ type: 'certificate', certificateList: [ed25519Certificate] })),
  () => {
    const cipherSuites = [gcm, suites12.TLS_ECDH_anon_WITH_AES_128_CBC_SHA] as const;
    return server({}, { cipherSuites }).serverHello((hello) => ({ ...hello, cipherSuite: cipherSuites[1] }));
  },
  () => {
    const cipherSuites = [gcm, suites12.TLS_PSK_WITH_AES_128_GCM_SHA256] as const;
    const options = { cipherSuites, externalPsks: [psk12] };
    return server({}, options).serverHello((hello) => ({ ...hello, cipherSuite: cipherSuites[1] }));
  },
);

clause('RFC 5246 §7.2.2: a renegotiation that is not wanted', (victim: Victim) =>
  victim === 'client'
    ? server({}, { acceptRenegotiation: false }).data(bytes(1))
    : client({ acceptRenegotiation: false }).clientHello().data(bytes(1)),
);

clause('RFC 5246 §7.4.1.1: a HelloRequest in the handshake', () => {
  const peer = scriptedServer12().helloRequest().serverHello().helloRequest().certificate().helloRequest();
  peer.serverKeyExchange().helloRequest().serverHelloDone().helloRequest().newKeys().finished();
  return peer.data(bytes(1));
});

clause('RFC 5246 §7.4.1.1: HelloRequests without end in the handshake', () => {
  const peer = scriptedServer12();
  while (peer.failure === undefined) peer.helloRequest();
  return peer;
});

clause(
  'RFC 5246 §7.4.1.1: a HelloRequest in the handshake where none is taken',
  () => scriptedServer12({ limits: { helloRequests: 0 } }).helloRequest(),
  () =>
    scriptedServer12({ limits: { helloRequests: 0 } })
      .serverHello()
      .helloRequest(),
);

clause('RFC 5246 §7.4.1.1: a HelloRequest while the client renegotiates', () =>
  server().helloRequest().before('end').data(bytes(1)),
);

clause('RFC 5246 §7.4.1.1: more renegotiations than we take', (victim: Victim) => {
  if (victim === 'client') {
    const peer = server().before('end').again().helloRequest().before('end').again();
    return peer.helloRequest();
  }
  return client().before('end').again().before('end').again().clientHello();
});

clause('RFC 5246 §7.4.1.2: ClientHellos without end', () => {
  const peer = client({ acceptRenegotiation: false });
  while (peer.failure === undefined) peer.clientHello();
  return peer;
});

clause('RFC 5246 §7.4.1.3: another version in a renegotiation', () =>
  server({}, { versions: [tls12, tls11] }).serverHello((hello) => ({
    ...hello,
    serverVersion: protocolVersions.tls11,
  })),
);

clause('RFC 5246 §7.4.1.4: an extension that was not asked for in a renegotiation', () =>
  server().serverHello((hello) => ({
    ...hello,
    extensions: ExtensionBlock.of('SH12', [
      ...hello.extensions.entries,
      extension('SH12', maxFragmentLengthExtension, 1),
    ]),
  })),
);

clause('RFC 7301 §3.1: a protocol in a renegotiation', () =>
  server().serverHello((hello) => ({
    ...hello,
    extensions: ExtensionBlock.of('SH12', [
      ...without(hello, alpnExtension).extensions.entries,
      extension('SH12', alpnExtension, 'http/1.1'),
    ]),
  })),
);

clause('RFC 7301 §3.1: a renegotiation without the protocol, or with others', () =>
  each(
    ...[[], [extension('CH', alpnExtension, ['http/1.1', 'unknown'])]].map((alpn) => () => {
      const peer = client({ alpnProtocols: ['h2', 'http/1.1'] }).clientHello((hello) =>
        alpn.reduce(helloWith, helloWithout(hello, alpnExtension)),
      );
      peer.afterHello('end');
      expect(peer.serverHello?.extensions.has(alpnExtension)).toBe(false);
      expect(peer.victim.facts).toMatchObject({ handshakes: 2, alpnProtocol: 'h2' });
      return peer.data(bytes(1));
    }),
  ),
);

clause('RFC 5246 §E.1: a renegotiation of another version', () =>
  client({ versions: [tls12, tls11] }).clientHello((hello) => ({
    ...hello,
    legacyVersion: protocolVersions.tls11,
  })),
);

clause('RFC 5246 §7.3: application data inside a renegotiation', (victim: Victim) =>
  victim === 'client' ? server().serverHello().data(bytes(1)) : client().clientHello().data(bytes(1)),
);

clause('RFC 5246 §7.3: application data before the answer to a renegotiation', (victim: Victim) =>
  victim === 'client' ? server().data(bytes(1)).before('end') : client().data(bytes(1)).before('end'),
);

clause('RFC 7366 §3.1: back to MAC-then-encrypt', (victim: Victim) => {
  const encryptThenMac = extension('SH12', encryptThenMacExtension, true);
  const offer = extension('CH', encryptThenMacExtension, true);
  if (victim === 'client') {
    const script = { suite: cbc, extensions: [encryptThenMac] };
    return server(script, { cipherSuites: [cbc] }).serverHello((hello) =>
      without(hello, encryptThenMacExtension),
    );
  }
  const peer = scriptedClient12({ acceptRenegotiation, cipherSuites: [cbc] });
  return peer
    .clientHello((hello) => helloWith({ ...hello, cipherSuites: [cbc] }, offer))
    .afterHello('end')
    .again()
    .clientHello((hello) => ({ ...hello, cipherSuites: [cbc] }));
});

clause('RFC 7627 §5.4: the extended main secret in one of two handshakes', (victim: Victim) => {
  if (victim === 'client') {
    return each(
      () => server().serverHello((hello) => without(hello, extendedMainSecretExtension)),
      () =>
        server({ withoutExtendedMainSecret: true }).serverHello((hello) => ({
          ...hello,
          extensions: ExtensionBlock.of('SH12', [
            ...hello.extensions.entries,
            extension('SH12', extendedMainSecretExtension, true),
          ]),
        })),
    );
  }
  return each(
    () => client().clientHello((hello) => helloWithout(hello, extendedMainSecretExtension)),
    () =>
      scriptedClient12({ acceptRenegotiation })
        .clientHello((hello) => helloWithout(hello, extendedMainSecretExtension))
        .afterHello('end')
        .again()
        .clientHello(),
  );
});

/** Connected to a server that also knows this session, which our second hello would resume. */
function resuming(
  kept: Partial<Session>,
  first: (hello: ClientHello) => ClientHello,
  second: (hello: ClientHello) => ClientHello,
): ScriptedClient12 {
  const found = { ...serverSession12, ...kept };
  const peer = scriptedClient12({
    acceptRenegotiation,
    cipherSuites: [cbc, gcm],
    resumeUnboundSessions: true,
    sessionIds: {},
    answers: {
      lookupSession: () => ({ ok: true, session: found }),
      storeSession: () => ({ ok: true }),
    },
  });
  peer.clientHello(first).afterHello('end').again();
  peer.resumes = found.secret;
  return peer.clientHello((hello) => ({ ...second(hello), legacySessionId: found.sessionId! }));
}

const asItIs = (hello: ClientHello) => hello;
const inCbc = (hello: ClientHello) => ({ ...hello, cipherSuites: [cbc] });
const encrypting = (hello: ClientHello) =>
  helloWith(inCbc(hello), extension('CH', encryptThenMacExtension, true));
const unbound = (hello: ClientHello) => helloWithout(hello, extendedMainSecretExtension);

clause('RFC 5246 §7.4.1.2: a session that a renegotiation resumes', () =>
  each(
    ...(
      [
        [{}, asItIs],
        [{ cipherSuite: cbc }, encrypting],
        [{ extendedMainSecret: false }, unbound],
      ] as const
    ).map(([kept, both]) => () => {
      const peer = resuming(kept, both, both).newKeys().finished();
      expect(peer.victim.facts).toMatchObject({ handshakes: 2, resumed: true });
      return peer.data(bytes(1));
    }),
  ),
);

clause('RFC 7366 §3.1: back to MAC-then-encrypt with a session', () =>
  resuming({ cipherSuite: cbc }, encrypting, inCbc),
);

clause('RFC 7627 §5.4: the extended main secret in a handshake, and not in the session of the next', () =>
  each(
    () => resuming({ extendedMainSecret: false }, asItIs, unbound),
    () => resuming({}, unbound, asItIs),
  ),
);
