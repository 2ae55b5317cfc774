import { describe, expect, it } from 'vitest';
import { p256Credential, p256Key } from '../../test/harness/fixtures.ts';
import { clientOptions, connected, serverOptions, types } from '../../test/harness/renegotiating.ts';
import { connect, exchange, handshakeMessages, nowMs, sessionsOf } from '../../test/harness/two-ends.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import {
  createClient,
  createServer,
  pinnedPublicKeys,
  rawPublicKeyCredential,
  serverConfig,
  type Session,
  TlsError,
  tls13,
  type ClientOptions,
  type ServerOptions,
} from '../index.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { decodeHandshake } from '../messages/tls13.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import { namedGroups } from '../registry/groups.ts';
import { suites12 } from '../registry/suites12.ts';
import { tls12 } from '../tls12/module.ts';

/** Where the rules leave a choice to applications: what each choice does on the wire. */

const older = { versions: [tls12] };
const newer = { versions: [tls13] };

function ends(ofClient: Partial<ClientOptions> = {}, ofServer: Partial<ServerOptions> = {}) {
  const a = createClient({ ...clientOptions, trace: true, ...ofClient });
  const b = createServer({ ...serverOptions, ...newer, ...ofServer });
  return { a, b, said: connect(a, b) };
}

const failed = (outputs: ReturnType<typeof connect>['a']) =>
  outputs.flatMap((each) => (each.type === 'failed' ? [[each.error.code, each.alert, each.sentBy]] : []));

describe('an application names the alert', () => {
  it.each([newer, older])('with which it refuses a certificate', (versions) => {
    const verifyPeer = () => ({ ok: false, reason: 'rejected', message: 'no' }) as const;
    const plain = ends({ ...versions, answers: { verifyPeer } }, versions);
    expect(failed(plain.said.a)).toEqual([['local.certificateRejected', 'certificate_unknown', 'us']]);
    const named = ends(
      { ...versions, answers: { verifyPeer: () => ({ ...verifyPeer(), alert: 'access_denied' }) } },
      versions,
    );
    expect(failed(named.said.a)).toEqual([['local.certificateRejected', 'access_denied', 'us']]);
    expect(failed(named.said.b)).toEqual([['received.alert', 'access_denied', 'peer']]);
  });

  it('with which it refuses a hello', () => {
    const chooseConfig = () =>
      ({ ok: false, reason: 'refused', message: 'no', alert: 'insufficient_security' }) as const;
    const { said } = ends({}, { answers: { ...serverOptions.answers, chooseConfig } });
    expect(failed(said.b)).toEqual([['local.refusedHello', 'insufficient_security', 'us']]);
    expect(failed(said.a)).toEqual([['received.alert', 'insufficient_security', 'peer']]);
  });

  it('with which it gives up, in the handshake and after it', () => {
    const reason = () => new TlsError('local.aborted', 'enough', { alert: 'decompression_failure' });
    const { a, b } = ends();
    a.abort(reason());
    expect(failed(exchange(a, b).b)).toEqual([['received.alert', 'decompression_failure', 'peer']]);
    const early = createClient(clientOptions);
    early.start(nowMs);
    early.abort(reason());
    const server = createServer(serverOptions);
    server.start(nowMs);
    expect(failed(exchange(early, server).b)).toEqual([['received.alert', 'decompression_failure', 'peer']]);
  });
});

describe('a renegotiation that is not wanted', () => {
  it.each(['a', 'b'] as const)('ends the connection of whoever says so: asked for by %s', (asking) => {
    const { a, b } = connected(
      { unwantedRenegotiation: asking === 'b' ? 'end' : 'warn' },
      { unwantedRenegotiation: asking === 'a' ? 'end' : 'warn' },
    );
    expect({ a, b }[asking].renegotiate(undefined, nowMs)).toBe(true);
    const said = exchange(a, b);
    const [refusing, told] = asking === 'a' ? [said.b, said.a] : [said.a, said.b];
    expect(failed(refusing)).toEqual([['local.unwantedRenegotiation', 'no_renegotiation', 'us']]);
    expect(failed(told)).toEqual([['received.alert', 'no_renegotiation', 'peer']]);
  });

  it('ends it also while it is being closed, without another word', () => {
    const { a, b } = connected({ unwantedRenegotiation: 'end' });
    b.renegotiate(undefined, nowMs);
    a.close();
    const said = exchange(a, b);
    expect(failed(said.a)).toEqual([['local.unwantedRenegotiation', undefined, 'nobody']]);
  });

  it('is one more than may be as well', () => {
    const options = { acceptRenegotiation: { limit: 1 }, unwantedRenegotiation: 'end' } as const;
    const { a, b } = connected(options);
    for (let i = 0; i < 2; i++) {
      b.renegotiate(undefined, nowMs);
      const code = i === 0 ? [] : [['local.unwantedRenegotiation', 'no_renegotiation', 'us']];
      expect(failed(exchange(a, b).a)).toEqual(code);
    }
  });

  it('ends nothing by default', () => {
    const { a, b } = connected();
    b.renegotiate(undefined, nowMs);
    const said = exchange(a, b);
    expect([types(said.a), types(said.b)]).toEqual([[], ['renegotiationRefused']]);
  });

  it.each(['never', true])('is no matter of %j', (unwantedRenegotiation) => {
    const make = () => createServer({ ...serverOptions, unwantedRenegotiation } as unknown as ServerOptions);
    expect(make).toThrow(`unwantedRenegotiation must be 'warn' or 'end'`);
  });
});

/** The server's first hello, or what it says encrypted, of TLS 1.3. */
function serverMessages(said: ReturnType<typeof connect>, type: number) {
  return handshakeMessages(said.a, type).map((raw) => decodeHandshake(raw));
}

describe('a server', () => {
  it.each([
    [undefined, true],
    [false, false],
  ])('says that a name was used: %j', (acknowledgeServerName, isSaid) => {
    const option = acknowledgeServerName === undefined ? {} : { acknowledgeServerName };
    const { said } = ends({}, option);
    const [message] = serverMessages(said, handshakeTypes.encrypted_extensions);
    if (message?.type !== 'encrypted_extensions') throw new Error('no EncryptedExtensions');
    expect(message.extensions.has(serverNameExtension)).toBe(isSaid);
    const before = ends(older, { ...older, ...option });
    const [hello] = handshakeMessages(before.said.a, handshakeTypes.server_hello);
    expect(Buffer.from(hello!).includes(Buffer.from([0, 0, 0, 0]))).toBe(isSaid);
  });

  it('asks for its first group where a share of another has come, if it may', () => {
    const groups = [namedGroups.secp256r1, namedGroups.x25519];
    const client = { groups: [...groups].reverse(), keyShares: [namedGroups.x25519] };
    const usual = ends(client, { groups });
    expect(usual.a.facts).toMatchObject({ helloRetried: false, group: namedGroups.x25519, handshakes: 1 });
    const asking = ends(client, { groups, retryForGroup: true });
    expect(asking.a.facts).toMatchObject({ helloRetried: true, group: namedGroups.secp256r1, handshakes: 1 });
    // What was sent and is wanted most needs no round trip.
    const best = ends({ ...client, keyShares: [namedGroups.secp256r1] }, { groups, retryForGroup: true });
    expect(best.a.facts).toMatchObject({ helloRetried: false, group: namedGroups.secp256r1 });
  });

  it.each([
    [false, false, 0],
    [true, false, 1],
    [false, true, 1],
  ])('sends change_cipher_spec: asked %j, always %j', (asked, always, count) => {
    const { a, said } = ends({ ...newer, middleboxCompatibility: asked }, { alwaysChangeCipherSpec: always });
    const received = said.a.filter(
      (each) =>
        each.type === 'trace' &&
        each.event.what === 'changeCipherSpec' &&
        each.event.direction === 'received',
    );
    expect([received.length, a.facts.handshakes]).toEqual([count, 1]);
  });

  it.each([newer, older])(
    'says of what type its certificate would be where a session is resumed',
    (versions) => {
      const config = serverConfig({
        ...serverOptions,
        ...versions,
        credentials: [rawPublicKeyCredential(p256Key), p256Credential],
      });
      const answers = { verifyPeer: pinnedPublicKeys([p256Key.publicKey.spki]) };
      const hasType = (sessions: readonly Session[]) => {
        const client = createClient({
          ...clientOptions,
          ...versions,
          answers,
          trace: true,
          peerCertificateTypes: ['rawPublicKey'],
          sessions,
        });
        const said = connect(client, createServer(config));
        const type = versions === older ? handshakeTypes.server_hello : handshakeTypes.encrypted_extensions;
        const [message] = handshakeMessages(said.a, type);
        const isSaid = Buffer.from(message!).includes(Buffer.from([0, 20, 0, 1, 2]));
        return { isSaid, resumed: client.facts.resumed, sessions: sessionsOf(said.a) };
      };
      const first = hasType([]);
      expect(first).toMatchObject({ isSaid: true, resumed: false });
      expect(hasType(first.sessions)).toMatchObject({ isSaid: true, resumed: true });
    },
  );

  it('knows by how much the age of a ticket is wrong', () => {
    const config = serverConfig({ ...serverOptions, ...newer });
    const [session] = sessionsOf(
      connect(createClient({ ...clientOptions, ...newer }), createServer(config)).a,
    );
    const skew = (laterMs: number) => {
      const client = createClient({ ...clientOptions, ...newer, sessions: [session!] });
      const server = createServer(config);
      client.start(nowMs + 5_000);
      server.start(nowMs);
      exchange(client, server, nowMs + 5_000 + laterMs);
      return server.facts.ticketAgeSkewMs;
    };
    expect([skew(0), skew(700)]).toEqual([0, 700]);
    expect(ends().b.facts.ticketAgeSkewMs).toBeUndefined();
  });
});

describe('a client', () => {
  it('signals a fallback (RFC 7507 §4)', () => {
    const suite = suites12.TLS_FALLBACK_SCSV;
    const hello = (signalFallback: boolean) => {
      const { said } = ends({ ...older, signalFallback }, older);
      const sent = decodeHandshake(handshakeMessages(said.a, handshakeTypes.client_hello)[0]!);
      return (sent as ClientHello).cipherSuites.includes(suite);
    };
    expect([hello(false), hello(true)]).toEqual([false, true]);
    // A server that speaks a newer version refuses it.
    const { said } = ends({ ...older, signalFallback: true }, { versions: [tls13, tls12] });
    expect(failed(said.b)).toEqual([['incompatible.inappropriateFallback', 'inappropriate_fallback', 'us']]);
  });

  it('knows whether its server does secure renegotiation', () => {
    const { a, b } = ends(older, older);
    expect([a.facts.secureRenegotiation, b.facts.secureRenegotiation]).toEqual([true, true]);
  });

  it.each([newer, older])('takes an application protocol that it has not offered, if it may', (versions) => {
    const place = versions === older ? 'SH12' : 'EE';
    const extraExtensions = [{ in: place, type: 16, data: Uint8Array.of(0, 3, 2, 0x68, 0x33) }] as const;
    const end = (acceptUnofferedAlpn: boolean) => {
      const client = { ...versions, alpnProtocols: ['h2'], acceptUnofferedAlpn };
      const { a, said } = ends(client, { ...versions, extraExtensions });
      return [failed(said.a)[0]?.[0], a.facts.handshakes === 1 ? a.facts.alpnProtocol : undefined];
    };
    expect([end(false), end(true)]).toEqual([
      ['peer.unofferedAlpn', undefined],
      [undefined, 'h3'],
    ]);
  });

  it('that needs a pre-shared key has no use for a version without one, nor for a suite without', () => {
    const { TLS_PSK_WITH_AES_128_GCM_SHA256: withKey, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: without } =
      suites12;
    const key = { identity: Uint8Array.of(1), key: new Uint8Array(16).fill(1), usedIn: 'tls12' } as const;
    const server = { ...older, cipherSuites: [without] };
    const end = (options: Partial<ClientOptions>) =>
      failed(ends({ ...older, ...options, requirePsk: true }, server).said.a);
    expect(end({})).toEqual([['incompatible.version', 'protocol_version', 'us']]);
    expect(end({ cipherSuites: [withKey, without], externalPsks: [key] })).toEqual([
      ['incompatible.pskRequired', 'handshake_failure', 'us'],
    ]);
    const both = { ...older, cipherSuites: [withKey], externalPsks: [key] };
    expect(ends({ ...both, requirePsk: true }, both).a.facts.handshakes).toBe(1);
  });
});

describe('codecs of certificates', () => {
  const reversed = {
    compress: (bytes: Uint8Array) => Uint8Array.of(...bytes, 0).reverse(),
    decompress: (bytes: Uint8Array) => bytes.slice(1).reverse(),
  };
  const algorithm = 0xff77 as never;

  it("may be the application's own, and may make a message longer", () => {
    const codecs = new Map([[0xff77, reversed]]);
    const certificateCompression = { codecs, accept: [algorithm], send: [algorithm] };
    const { a, b } = ends({ ...newer, certificateCompression }, { certificateCompression });
    expect([a.facts.handshakes, a.facts.peerCertificateCompression]).toEqual([1, 0xff77]);
    expect(b.facts.ownCertificateCompression).toBe(0xff77);
  });

  it.each([
    [{ accept: [algorithm] }, 'cannot be read'],
    [{ send: [algorithm] }, 'cannot be written'],
    [
      { codecs: new Map([[0xff77, { decompress: reversed.decompress }]]), send: [algorithm] },
      'cannot be written',
    ],
    [{ codecs: [reversed] }, 'must be a Map'],
    [{ codecs: new Map([[0x1_0000, reversed]]) }, 'numbers of 16 bits'],
    [{ codecs: new Map([[1, {}]]) }, 'numbers of 16 bits'],
  ])('are looked at: %#', (certificateCompression, message) => {
    const make = () => createClient({ ...clientOptions, certificateCompression } as unknown as ClientOptions);
    expect(make).toThrow(message);
  });
});

describe('sessions without the extended main secret', () => {
  const client12 = tls12.client!;
  /** TLS 1.2 as of somebody who has never heard of it. */
  const forgetful: typeof tls12 = Object.create(tls12, {
    client: {
      value: {
        ...client12,
        contributeHello(...given: Parameters<typeof client12.contributeHello>) {
          const own = client12.contributeHello(...given);
          return { ...own, extensions: own.extensions.filter(({ type }) => type !== 23) };
        },
      },
    },
  });

  it.each([false, true])('are kept and resumed where that is wished for: %j', (resumeUnboundSessions) => {
    const config = serverConfig({ ...serverOptions, ...older, resumeUnboundSessions });
    const handshake = (sessions: readonly Session[]) => {
      const versions = [forgetful];
      const client = createClient({ ...clientOptions, versions, resumeUnboundSessions, sessions });
      const said = connect(client, createServer(config));
      const binding = () => client.channelBinding('tls-unique');
      return { client, binding, sessions: sessionsOf(said.a) };
    };
    const first = handshake([]);
    expect(first.client.facts).toMatchObject({ handshakes: 1, extendedMainSecret: false });
    // Of a first, full handshake it is still that of this connection alone.
    expect(first.binding()).toHaveLength(12);
    expect(first.sessions.length > 0).toBe(resumeUnboundSessions);
    if (!resumeUnboundSessions) return;
    const again = handshake(first.sessions);
    expect(again.client.facts).toMatchObject({ handshakes: 1, resumed: true, extendedMainSecret: false });
    expect(again.binding).toThrow('tls-unique is there');
  });
});
