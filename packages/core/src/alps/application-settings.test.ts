import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { echKey } from '../../test/harness/encrypted-hello.ts';
import { p256Credential, takesFixtures } from '../../test/harness/fixtures.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { nowMs as quicNowMs, QuicEnds } from '../../test/harness/quic-ends.ts';
import {
  connect,
  exchange,
  failures,
  handshakeMessages,
  nowMs,
  sessionsOf,
} from '../../test/harness/two-ends.ts';
import { clientEch, encodeEchConfigList, serverEch } from '../ech.ts';
import { applicationSettingsExtension as current } from '../extensions/application-settings.ts';
import { earlyDataExtension } from '../extensions/early-data.ts';
import {
  ApiMisuseError,
  type ClientOptions,
  createClient,
  createServer,
  decodeSession,
  encodeSession,
  namedGroups,
  type ServerOptions,
  type Session,
  TicketRing,
  tls13,
} from '../index.ts';
import { decodeHandshake } from '../messages/tls13.ts';
import { tls12 } from '../tls12/module.ts';
import { applicationSettings, type ApplicationSettingsOptions } from './application-settings.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const settings = (of: ApplicationSettingsOptions['settings'], extensionType: 17613 | 17513 = 17_613) => ({
  applicationSettings: applicationSettings({ settings: of, extensionType }),
});
const ofClient = bytes(1, 2, 3);
const ofServer = bytes(4, 5);
const client = (options: Partial<ClientOptions> = {}) =>
  createClient({
    provider: testProvider,
    serverName: 'sealwire.test',
    alpnProtocols: ['h2', 'other'],
    ...settings({ h2: ofClient }),
    trace: true,
    ...options,
    answers: { verifyPeer: takesFixtures, ...options.answers },
  });
const keeper = new TicketRing({ provider: testProvider });
const server = (options: Partial<ServerOptions> = {}) =>
  createServer({
    provider: testProvider,
    credentials: [p256Credential],
    alpnProtocols: ['h2', 'other'],
    tickets: { keeper },
    earlyData: { maxBytes: 100 },
    ...settings({ h2: ofServer }),
    ...options,
  });

/** Both sides after a handshake, and what came of it. */
function spoken(a: Partial<ClientOptions> = {}, b: Partial<ServerOptions> = {}, atMs = nowMs) {
  const ends = [client(a), server(b)] as const;
  const said = connect(...ends, atMs);
  expect([...failures(said.a), ...failures(said.b)]).toEqual([]);
  const [forClient, forServer] = ends.map(({ facts }) => facts.peerApplicationSettings);
  return { said, forClient, forServer, ends, session: sessionsOf(said.a)[0]! };
}

const messages = (said: ReturnType<typeof spoken>['said'], type: number) => handshakeMessages(said.a, type);

describe('application settings', () => {
  it('are exchanged for the protocol that is agreed on, under both numbers', () => {
    for (const type of [17_613, 17_513] as const) {
      const of = { forClient: ofServer, forServer: ofClient };
      expect(spoken(settings({ h2: ofClient }, type), settings({ h2: ofServer }, type))).toMatchObject(of);
    }
    const both = { h2: bytes(0), other: bytes(9) };
    const { forServer } = spoken({ ...settings(both), alpnProtocols: ['other'] }, settings(both));
    expect(forServer).toEqual(bytes(9));
  });

  it('may be empty, which is not the same as none', () => {
    const empty = settings({ h2: bytes() });
    expect(spoken(empty, empty)).toMatchObject({ forClient: bytes(), forServer: bytes() });
  });

  it('are any bytes, in messages and in sessions', () => {
    const some = fc.uint8Array({ maxLength: 3_000 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        const { forClient, forServer, session } = spoken(settings({ h2: a }), settings({ h2: b }));
        expect([forServer, forClient]).toEqual([a, b]);
        expect(session.applicationSettings).toEqual({ extensionType: 17_613, own: a, peer: b });
        expect(decodeSession(encodeSession(session))).toEqual(session);
      }),
      { numRuns: 20 },
    );
  });

  it('are not exchanged where one side has none for the protocol, or another number', () => {
    const none = { forClient: undefined, forServer: undefined };
    const without = { applicationSettings: undefined } as unknown as Partial<ClientOptions & ServerOptions>;
    const { applicationSettings: _, ...rest } = without;
    expect(spoken({}, settings({ other: ofServer }))).toMatchObject(none);
    expect(spoken(settings({ other: ofClient }), {})).toMatchObject(none);
    expect(spoken({}, settings({ h2: ofServer }, 17_513))).toMatchObject(none);
    expect(spoken({ ...rest, alpnProtocols: [] }, {})).toMatchObject(none);
    const { said, session } = spoken({}, settings({ other: ofServer }));
    expect(messages(said, 8)).toHaveLength(1);
    expect(session.applicationSettings).toBeUndefined();
  });

  it('are not offered without a protocol that has some', () => {
    for (const options of [{ alpnProtocols: [] }, settings({ third: ofClient })]) {
      const [hello] = messages(spoken(options).said, 1);
      expect(extensionsOf(hello!).has(current)).toBe(false);
    }
  });

  it('are for TLS 1.3 alone', () => {
    const older = { versions: [tls12] };
    expect(spoken({ versions: [tls13, tls12] }, older)).toMatchObject({
      forClient: undefined,
      forServer: undefined,
    });
    const [hello] = messages(spoken(older, { versions: [tls13, tls12] }).said, 1);
    expect(extensionsOf(hello!).has(current)).toBe(false);
  });

  it('come with a HelloRetryRequest, and with a certificate of the client', () => {
    const retried = spoken(
      { groups: [namedGroups.x25519, namedGroups.secp256r1], credentials: [p256Credential] },
      {
        groups: [namedGroups.secp256r1],
        clientAuthentication: 'require',
        answers: { verifyPeer: takesFixtures },
      },
    );
    expect(retried).toMatchObject({ forClient: ofServer, forServer: ofClient });
    expect(retried.ends[0].facts.helloRetried).toBe(true);
  });

  it('keep the server from sending before it has heard the client', () => {
    const [a, b] = [client(), server({ tickets: false })];
    b.start(nowMs);
    a.start(nowMs);
    const hello = exchange(a, b).b.flatMap((each) => (each.type === 'writable' ? [each.as] : []));
    expect(hello).toEqual(['full']);
    const plain = spoken({ alpnProtocols: ['other'] }).said.b.flatMap((each) =>
      each.type === 'writable' ? [each.as] : [],
    );
    expect(plain).toEqual(['halfRtt', 'full']);
  });

  it('are exchanged anew where a session is resumed without 0-RTT data', () => {
    const { session } = spoken();
    const resumed = spoken(
      { ...settings({ h2: bytes(7) }), sessions: [session] },
      settings({ h2: bytes(8) }),
    );
    expect(resumed.ends[0].facts.resumed).toBe(true);
    expect(resumed).toMatchObject({ forClient: bytes(8), forServer: bytes(7) });
  });

  it('are what whoever throws away a configuration made of them', () => {
    const own = bytes(1);
    const made = settings({ h2: own });
    own[0] = 99;
    expect(spoken(made).forServer).toEqual(bytes(1));
  });

  it('stay inside of an encrypted hello whose outside has other protocols', () => {
    const configList = encodeEchConfigList([echKey.config]);
    const accepting = { acceptEch: serverEch({ provider: testProvider, keys: [echKey] }) };
    for (const [outer, isOutside] of [
      [undefined, true],
      [['other'], false],
    ] as const) {
      const ech = clientEch({
        provider: testProvider,
        configList,
        ...(outer === undefined ? {} : { outerAlpnProtocols: outer }),
      });
      const { said, ...of } = spoken({ ech }, accepting);
      expect(of).toMatchObject({ forClient: ofServer, forServer: ofClient });
      const [hello] = messages(said, 1);
      expect(extensionsOf(hello!).has(current)).toBe(isOutside);
    }
  });
});

describe('application settings and 0-RTT data', () => {
  /** A later connection with the session of one that had these settings. */
  function later(
    before: readonly [Partial<ClientOptions>, Partial<ServerOptions>],
    a: Partial<ClientOptions>,
    b: Partial<ServerOptions>,
  ) {
    const first = spoken(...before);
    const restored = decodeSession(encodeSession(first.session))!;
    return spoken({ ...a, sessions: [restored], sendEarlyData: true }, b, nowMs + 1);
  }

  it('are those of the session, and are not said again', () => {
    const { said, ends, session, ...of } = later([{}, {}], {}, {});
    expect(of).toMatchObject({ forClient: ofServer, forServer: ofClient });
    expect(ends.map(({ facts }) => facts.earlyData)).toEqual(['accepted', 'accepted']);
    const [ofServerAlone, ...more] = messages(said, 8);
    expect(more).toEqual([]);
    expect(extensionsOf(ofServerAlone!).has(current)).toBe(false);
    // The next one has them, too.
    expect(session.applicationSettings).toEqual({ extensionType: 17_613, own: ofClient, peer: ofServer });
  });

  it('are known to the server before the data', () => {
    const [a, b] = [client({ sessions: [spoken().session], sendEarlyData: true }), server()];
    b.start(nowMs + 1);
    a.start(nowMs + 1);
    a.send(bytes(1));
    const sent = [];
    for (let output = a.poll(); output !== undefined; output = a.poll())
      if (output.type === 'transmit') sent.push(...output.pieces);
    for (const piece of sent) b.receive(piece, nowMs + 1);
    expect(b.facts).toMatchObject({ earlyData: 'accepted', peerApplicationSettings: ofClient });
  });

  it('keep a client from sending any where its own are no longer those of the session', () => {
    for (const now of [{ h2: bytes(9) }, { h2: bytes() }, { other: ofClient }]) {
      const { said, ends } = later([{}, {}], settings(now), {});
      expect(extensionsOf(messages(said, 1)[0]!).has(earlyDataExtension)).toBe(false);
      expect(ends[0].facts).toMatchObject({ resumed: true });
      expect(ends[0].facts.earlyData).toBeUndefined();
    }
    const { ends } = later([{}, {}], settings({ h2: ofClient }, 17_513), {});
    expect(ends[0].facts.earlyData).toBeUndefined();
  });

  it('do not keep a client from sending some where the session has none', () => {
    const without = settings({ other: bytes() });
    const { ends, ...of } = later([without, without], {}, without);
    expect(ends.map(({ facts }) => facts.earlyData)).toEqual(['accepted', 'accepted']);
    expect(of).toMatchObject({ forClient: undefined, forServer: undefined });
  });

  it('make a server refuse them where its own are no longer those of the session', () => {
    const none = settings({ other: bytes() });
    for (const [before, now, exchanged] of [
      [{ h2: ofServer }, { h2: bytes(9) }, true],
      [{ h2: ofServer }, { h2: bytes() }, true],
      [{ h2: bytes() }, { h2: ofServer }, true],
      [{ h2: ofServer }, { other: bytes() }, false],
      [{ other: bytes() }, { h2: ofServer }, true],
      [{ other: bytes() }, { h2: bytes() }, true],
    ] as const) {
      const { ends, ...of } = later([{}, settings(before)], {}, settings(now));
      expect(ends.map(({ facts }) => facts.earlyData)).toEqual(['rejected', 'rejected']);
      expect(of.forServer).toEqual(exchanged ? ofClient : undefined);
      expect(of.forClient).toEqual(exchanged ? Object.values(now)[0] : undefined);
    }
    expect(later([none, none], none, none).ends[1].facts.earlyData).toBe('accepted');
  });

  it('are in sessions that older formats cannot pass for', () => {
    const { session } = spoken();
    const { applicationSettings: had, ...without }: Session = session;
    expect(had).toBeDefined();
    const [whole, plain] = [encodeSession(session), encodeSession(without)];
    expect([whole[0], plain[0]]).toEqual([4, 2]);
    expect(decodeSession(Uint8Array.of(2, ...whole.subarray(1)))).toBeUndefined();
    expect(decodeSession(Uint8Array.of(4, ...plain.subarray(1)))).toBeUndefined();
    const broken = { ...session, applicationSettings: { extensionType: 'x', own: bytes(), peer: bytes() } };
    expect(decodeSession(encodeSession(broken as never))).toBeUndefined();
  });
});

describe('application settings in QUIC', () => {
  const alpnProtocols = ['h2'];

  it('go at the level of the handshake', () => {
    const ends = new QuicEnds({
      client: { alpnProtocols, ...settings({ h2: ofClient }) },
      server: { alpnProtocols, ...settings({ h2: ofServer }) },
    }).run();
    expect(ends.client.facts.peerApplicationSettings).toEqual(ofServer);
    expect(ends.server.facts.peerApplicationSettings).toEqual(ofClient);
    const levels = ends.said.client.flatMap((each) => (each.type === 'crypto' ? [each.level] : []));
    expect(new Set(levels)).toEqual(new Set(['initial', 'handshake']));
  });

  it('are those of the session with 0-RTT data', () => {
    const options = {
      client: { alpnProtocols, ...settings({ h2: ofClient }) },
      server: {
        alpnProtocols,
        ...settings({ h2: ofServer }),
        tickets: { keeper },
        earlyData: { maxBytes: 1 },
      },
    };
    const first = new QuicEnds(options).run();
    const session = first.said.client.flatMap((each) => (each.type === 'session' ? [each.session] : []))[0]!;
    const second = new QuicEnds({
      ...options,
      client: { ...options.client, sessions: [session], sendEarlyData: true },
    }).run(quicNowMs);
    expect(second.client.facts).toMatchObject({ earlyData: 'accepted', peerApplicationSettings: ofServer });
    expect(second.server.facts).toMatchObject({ earlyData: 'accepted', peerApplicationSettings: ofClient });
  });
});

describe('applicationSettings', () => {
  it.each<[string, unknown]>([
    ['settings must be an object of Uint8Arrays by ALPN protocol', {}],
    ['settings must be an object of Uint8Arrays by ALPN protocol', { settings: null }],
    ['settings must name at least one ALPN protocol', { settings: {} }],
    ['settings of h2 must be a Uint8Array of up to 32768 bytes', { settings: { h2: 'text' } }],
    [
      'settings of h2 must be a Uint8Array of up to 32768 bytes',
      { settings: { h2: new Uint8Array(32_769) } },
    ],
    ['an ALPN protocol name has 1 to 255 bytes, got ""', { settings: { '': bytes() } }],
    ['an ALPN protocol name has 1 to 255 bytes, got "ж"', { settings: { ж: bytes() } }],
    ['extensionType must be 17613 or 17513, got 1', { settings: { h2: bytes() }, extensionType: 1 }],
  ])('says: %s', (message, options) => {
    const make = () => applicationSettings(options as never);
    expect(make).toThrow(ApiMisuseError);
    expect(make).toThrow(message);
  });

  it('sends what is as large as it may be', () => {
    const large = new Uint8Array(32_768).fill(3);
    expect(spoken(settings({ h2: large }), settings({ h2: large })).forServer).toEqual(large);
  });

  it('makes the only value that the option takes', () => {
    expect(() => client({ applicationSettings: { h2: bytes() } as never })).toThrow(
      'applicationSettings must be what applicationSettings makes',
    );
  });
});

function extensionsOf(raw: Uint8Array) {
  const message = decodeHandshake(raw);
  if (message === undefined || !('extensions' in message)) throw new Error('a message without extensions');
  return message.extensions as { has(extension: { readonly type: number }): boolean };
}
