import {
  type ClientOptions,
  createClient,
  createServer,
  type CryptoProvider,
  givenEntropy,
  namedGroups,
  type Output,
  serverConfig,
  type ServerOptions,
  type Session,
} from '@sealwire/core';
import {
  clientEch,
  encodeEchConfigList,
  generateEchKey,
  greaseEch,
  hpkeAeads,
  hpkeKdfs,
  hpkeKems,
  serverEch,
} from '@sealwire/core/ech';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { seededRandom } from '@sealwire/testkit';
import { createVerifier, loadCredential, makeTestPki } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { bytesOf, drain, exchange, nowMs, ofType } from './ends.ts';

/** Encrypted Client Hello (RFC 9849) from end to end: what is seen outside, and what comes of it inside. */
const hidden = 'hidden.example.org';
const publicName = 'public.example.net';
const pki = makeTestPki({ provider: nodeProvider, nowMs, dnsNames: [hidden, publicName] });
const credential = loadCredential({ provider: nodeProvider, chain: pki.server.chain, key: pki.server.key });
const verifyPeer = createVerifier({ provider: nodeProvider, roots: [pki.root.certificate] });

const key = generateEchKey({ provider: nodeProvider, publicName, configId: 1 });
const configList = encodeEchConfigList([key.config]);
const ech = clientEch({ provider: nodeProvider, configList });
const keyed = serverEch({ provider: nodeProvider, keys: [key] });

const connect = (options: Partial<ClientOptions> = {}) =>
  createClient({ provider: nodeProvider, serverName: hidden, answers: { verifyPeer }, ech, ...options });
const listen = (options: Partial<ServerOptions> = {}) =>
  createServer({ provider: nodeProvider, credentials: [credential], acceptEch: keyed, ...options });

/** A whole handshake; `seen`: everything that passed in the clear from the client. */
function meet(client: ReturnType<typeof connect>, server: ReturnType<typeof listen>) {
  server.start(nowMs);
  client.start(nowMs);
  const first = drain(client);
  const seen = Buffer.from(bytesOf(first));
  for (const output of first) {
    if (output.type === 'transmit') for (const piece of output.pieces) server.receive(piece, nowMs);
  }
  const said = exchange(client, server);
  return { client, server, seen, said: { client: [...first, ...said.a], server: said.b } };
}

function expectAccepted({ client, server }: ReturnType<typeof meet>): void {
  expect(client.facts).toMatchObject({ handshakes: 1, encryptedClientHello: 'accepted', serverName: hidden });
  expect(server.facts).toMatchObject({
    handshakes: 1,
    encryptedClientHello: 'accepted',
    serverName: hidden,
    outerServerName: publicName,
  });
  expect(server.facts.clientRandom).toEqual(client.facts.clientRandom);
  const label = 'EXPORTER-test';
  const context = new Uint8Array(0);
  expect(client.exportKeyingMaterial(label, context, 32)).toEqual(
    server.exportKeyingMaterial(label, context, 32),
  );
}

const retried: Partial<ServerOptions> = {
  groups: [namedGroups.secp384r1],
  retryCookie: new Uint8Array(40).fill(7),
};

describe('an encrypted hello', () => {
  it('is answered, and shows the public name alone', () => {
    const met = meet(connect({ alpnProtocols: ['secret/1'] }), listen({ alpnProtocols: ['secret/1'] }));
    expectAccepted(met);
    expect(met.seen.includes(publicName)).toBe(true);
    expect(met.seen.includes('hidden')).toBe(false);
    expect(met.client.facts.alpnProtocol).toBe('secret/1');
  });

  it('hides the protocols that it is told to hide', () => {
    const hiding = clientEch({ provider: nodeProvider, configList, outerAlpnProtocols: ['h2'] });
    const met = meet(
      connect({ alpnProtocols: ['secret/1'], ech: hiding }),
      listen({ alpnProtocols: ['secret/1', 'h2'] }),
    );
    expectAccepted(met);
    expect(met.seen.includes('secret')).toBe(false);
    expect(met.client.facts.alpnProtocol).toBe('secret/1');
    const none = clientEch({ provider: nodeProvider, configList, outerAlpnProtocols: [] });
    const bare = meet(connect({ alpnProtocols: ['secret/1'], ech: none }), listen());
    expectAccepted(bare);
    // As ALPN has it; two letters alone stand in random bytes often enough.
    expect(bare.seen.includes('secret') || bare.seen.includes('\x00\x03\x02h2')).toBe(false);
  });

  it('is answered after a HelloRetryRequest with a group and a cookie', () => {
    expectAccepted(meet(connect(), listen(retried)));
    expectAccepted(meet(connect({ grease: true, permuteExtensions: true }), listen(retried)));
    const cookieOnly = meet(connect({ grease: true }), listen({ retryCookie: new Uint8Array(9) }));
    expectAccepted(cookieOnly);
    expect(cookieOnly.client.facts.helloRetried).toBe(true);
  });

  it('sends large extensions once', () => {
    const plain = meet(connect({ ech: undefined as never }), listen()).seen.length;
    // An X25519MLKEM768 share has 1,216 bytes.
    expect(meet(connect(), listen()).seen.length).toBeLessThan(plain + 500);
  });

  it('has one length for all names up to the longest', () => {
    const wide = generateEchKey({ provider: nodeProvider, publicName, maximumNameLength: 64 });
    const padded = clientEch({ provider: nodeProvider, configList: encodeEchConfigList([wide.config]) });
    const lengthFor = (serverName: string | undefined) => {
      const client = connect({
        ech: padded,
        ...(serverName === undefined ? { sni: false } : { serverName }),
      });
      client.start(nowMs);
      return bytesOf(drain(client)).length;
    };
    const names = ['a.org', hidden, `${'x'.repeat(60)}.org`, undefined];
    expect(new Set(names.map(lengthFor)).size).toBe(1);
    expect(lengthFor(`${'x'.repeat(63)}.${'y'.repeat(63)}.org`)).toBeGreaterThan(lengthFor('a.org'));
  });

  it('is what chooseConfig sees, whose answer serves it', () => {
    const names: (string | undefined)[] = [];
    const other = serverConfig({
      provider: nodeProvider,
      credentials: [credential],
      alpnProtocols: ['inner'],
    });
    const met = meet(
      connect({ alpnProtocols: ['inner'] }),
      listen({
        answers: {
          chooseConfig: ({ hello }) => {
            names.push(hello.serverName);
            return { ok: true, config: other };
          },
        },
      }),
    );
    expectAccepted(met);
    expect(names).toEqual([hidden]);
    expect(met.server.facts.alpnProtocol).toBe('inner');
  });

  it('goes with a client certificate', () => {
    const own = loadCredential({ provider: nodeProvider, chain: pki.client.chain, key: pki.client.key });
    const met = meet(
      connect({ credentials: [own] }),
      listen({ clientAuthentication: 'require', answers: { verifyPeer } }),
    );
    expectAccepted(met);
    expect(met.server.facts.peerEvidence?.type).toBe('x509');
  });
});

describe.each([nodeProvider, nobleProvider])('with $name', (provider: CryptoProvider) => {
  it.each(Object.entries(hpkeKems))('keys of %s serve', (_name, kem) => {
    for (const aead of Object.values(hpkeAeads)) {
      const kdf = hpkeKdfs.HKDF_SHA384;
      const own = generateEchKey({ provider, publicName, kem, cipherSuites: [{ kdf, aead }] });
      const list = encodeEchConfigList([own.config]);
      expectAccepted(
        meet(
          connect({ ech: clientEch({ provider, configList: list }) }),
          listen({ acceptEch: serverEch({ provider, keys: [own] }) }),
        ),
      );
    }
  });
});

it('the same entropy gives the same bytes with every provider', () => {
  const sent = (provider: CryptoProvider, pretend: boolean) => {
    const client = connect({
      provider,
      entropy: givenEntropy(seededRandom('ech')),
      grease: true,
      permuteExtensions: true,
      ech: pretend ? greaseEch({ provider }) : clientEch({ provider, configList }),
    });
    client.start(nowMs);
    return bytesOf(drain(client));
  };
  expect(sent(nodeProvider, false)).toEqual(sent(nobleProvider, false));
  expect(sent(nodeProvider, true)).toEqual(sent(nobleProvider, true));
  expect(sent(nodeProvider, true)).not.toEqual(sent(nodeProvider, false));
  const made = (provider: CryptoProvider) =>
    generateEchKey({ provider, publicName, entropy: givenEntropy(seededRandom('key')) });
  expect(made(nodeProvider)).toEqual(made(nobleProvider));
});

describe('several keys', () => {
  const older = generateEchKey({ provider: nodeProvider, publicName, configId: 2 });
  const twin = generateEchKey({ provider: nodeProvider, publicName, configId: 1 });
  const olderClient = () =>
    connect({ ech: clientEch({ provider: nodeProvider, configList: encodeEchConfigList([older.config]) }) });

  it('open what was encrypted to any of them, also where two have one config_id', () => {
    const ring = listen({ acceptEch: serverEch({ provider: nodeProvider, keys: [twin, key, older] }) });
    expectAccepted(meet(olderClient(), ring));
    expectAccepted(
      meet(connect(), listen({ acceptEch: serverEch({ provider: nodeProvider, keys: [twin, key] }) })),
    );
  });

  it('are tried one after the other where clients draw their config_id', () => {
    const keys = [twin, key, older];
    const trying = serverEch({ provider: nodeProvider, keys, trialDecryption: true });
    expectAccepted(meet(olderClient(), listen({ acceptEch: trying })));
  });

  it('are offered to a client that has none of them, as many as are wanted', () => {
    const keys = [key, older, twin];
    const { said } = meet(
      connect({ ech: clientEch({ provider: nodeProvider, configList: strangerList }) }),
      listen({ acceptEch: serverEch({ provider: nodeProvider, keys, retryConfigs: 2 }) }),
    );
    const failed = ofType(said.client, 'failed')[0]!;
    expect(failed.error.retryConfigs).toEqual(encodeEchConfigList([key.config, older.config]));
  });
});

const stranger = generateEchKey({ provider: nodeProvider, publicName, configId: 9 });
const strangerList = encodeEchConfigList([stranger.config]);

describe('a hello that the server cannot decrypt', () => {
  const stale = clientEch({ provider: nodeProvider, configList: strangerList });

  it.each([
    ['at once', {}],
    ['after a retry', retried],
  ])('ends with retry configurations, %s, and those work', (_when, options) => {
    const { said, client, server } = meet(connect({ ech: stale }), listen(options));
    expect(ofType(said.client, 'connected')).toEqual([]);
    expect(ofType(said.client, 'writable')).toEqual([]);
    expect(ofType(said.client, 'session')).toEqual([]);
    const failed = ofType(said.client, 'failed')[0]!;
    expect(failed).toMatchObject({
      error: { code: 'incompatible.encryptedHelloRejected', blame: 'incompatible' },
      alert: 'ech_required',
      sentBy: 'us',
    });
    expect(client.facts).toMatchObject({ encryptedClientHello: 'rejected', handshakes: 0 });
    expect(server.facts).toMatchObject({ encryptedClientHello: 'rejected', serverName: publicName });
    expect(ofType(said.server, 'failed')[0]).toMatchObject({ alert: 'ech_required', sentBy: 'peer' });
    const next = clientEch({ provider: nodeProvider, configList: failed.error.retryConfigs! });
    expectAccepted(meet(connect({ ech: next }), listen(options)));
  });

  it('says where Encrypted Client Hello is off', () => {
    const { said } = meet(connect({ ech: stale }), listen({ acceptEch: undefined as never }));
    const failed = ofType(said.client, 'failed')[0]!;
    expect(failed.error.code).toBe('incompatible.encryptedHelloRejected');
    expect(failed.error.retryConfigs).toBeUndefined();
  });

  it('wants a certificate of the public name, and gives nothing away without one', () => {
    const hiddenOnly = makeTestPki({ provider: nodeProvider, nowMs, dnsNames: [hidden] });
    const { said } = meet(
      connect({
        ech: stale,
        answers: {
          verifyPeer: createVerifier({ provider: nodeProvider, roots: [hiddenOnly.root.certificate] }),
        },
      }),
      listen({
        credentials: [
          loadCredential({
            provider: nodeProvider,
            chain: hiddenOnly.server.chain,
            key: hiddenOnly.server.key,
          }),
        ],
      }),
    );
    const failed = ofType(said.client, 'failed')[0]!;
    expect(failed.error).toMatchObject({ code: 'local.nameMismatch', retryConfigs: undefined });
  });
});

// ------------------------------------------------------------------------------------------ resumption

function sessionsOf(outputs: readonly Output[]): readonly Session[] {
  return ofType(outputs, 'session').map(({ session }) => session);
}

describe('pre-shared keys', () => {
  const config = (options: Partial<ServerOptions> = {}) =>
    serverConfig({
      provider: nodeProvider,
      credentials: [credential],
      acceptEch: keyed,
      earlyData: { maxBytes: 1_000 },
      ...options,
    });

  it('resume inside, and only random bytes of their size stand outside', () => {
    const shared = config();
    const [session] = sessionsOf(meet(connect(), createServer(shared)).said.client);
    const met = meet(connect({ sessions: [session!] }), createServer(shared));
    expectAccepted(met);
    expect(met.client.facts.resumed).toBe(true);
    expect(met.server.facts.resumed).toBe(true);
    expect(met.seen.includes(Buffer.from(session!.ticket))).toBe(false);
    expect(met.seen.length).toBeGreaterThan(session!.ticket.length);
  });

  it('resume after a HelloRetryRequest', () => {
    const shared = config({ groups: [namedGroups.secp384r1] });
    const [session] = sessionsOf(meet(connect(), createServer(shared)).said.client);
    const met = meet(connect({ sessions: [session!] }), createServer(shared));
    expectAccepted(met);
    expect(met.client.facts).toMatchObject({ resumed: true, helloRetried: true });
  });

  it('protect early data that belongs to the inner hello', () => {
    const shared = config();
    const [session] = sessionsOf(meet(connect(), createServer(shared)).said.client);
    const early = (server: ReturnType<typeof listen>, own: Partial<ClientOptions> = {}) => {
      const client = connect({ sessions: [session!], sendEarlyData: true, ...own });
      server.start(nowMs);
      client.start(nowMs);
      expect(client.send(Buffer.from('early'))).toBe(5);
      return { client, server, ...exchange(client, server) };
    };
    const taken = early(createServer(shared));
    expect(taken.client.facts).toMatchObject({ earlyData: 'accepted', encryptedClientHello: 'accepted' });
    expect(ofType(taken.b, 'data')).toMatchObject([{ early: true }]);
  });

  it('are gone with a hello that is rejected, and early data with them', () => {
    const shared = config();
    const [session] = sessionsOf(meet(connect(), createServer(shared)).said.client);
    const stale = clientEch({ provider: nodeProvider, configList: strangerList });
    const client = connect({ sessions: [session!], sendEarlyData: true, ech: stale });
    const server = createServer(shared);
    server.start(nowMs);
    client.start(nowMs);
    client.send(Buffer.from('early'));
    const { a, b } = exchange(client, server);
    expect(ofType(b, 'data')).toEqual([]);
    expect(ofType(a, 'failed')[0]).toMatchObject({
      error: { code: 'incompatible.encryptedHelloRejected' },
      alert: 'ech_required',
    });
    expect(server.facts.resumed).not.toBe(true);
  });
});

// ------------------------------------------------------------------------------------------ GREASE

describe('GREASE ECH', () => {
  const grease = greaseEch({ provider: nodeProvider });
  const hello = (options: Partial<ClientOptions>) => {
    const client = connect(options);
    client.start(nowMs);
    return bytesOf(drain(client));
  };

  it('is ignored, with and without keys of the server, and after a retry', () => {
    for (const options of [{}, { acceptEch: undefined as never }, retried]) {
      const { client, server } = meet(connect({ ech: grease }), listen(options));
      expect(client.facts).toMatchObject({
        handshakes: 1,
        encryptedClientHello: 'grease',
        serverName: hidden,
      });
      expect(server.facts.serverName).toBe(hidden);
    }
  });

  it('is as long as the real thing', () => {
    const longName = 'x'.repeat(publicName.length - hidden.length);
    // The outer hellos differ in their names, the hidden parts do not.
    expect(hello({ ech: grease, serverName: `${longName}${hidden}` }).length).toBe(
      hello({ serverName: `${longName}${hidden}` }).length,
    );
  });

  it('stands in where no configuration can be used', () => {
    const mandatory = generateEchKey({
      provider: nodeProvider,
      publicName,
      extensions: [{ type: 0x8001, data: new Uint8Array(0) }],
    });
    const none = clientEch({ provider: nodeProvider, configList: encodeEchConfigList([mandatory.config]) });
    expect([none.canEncrypt, ech.canEncrypt]).toEqual([false, true]);
    const { client } = meet(connect({ ech: none }), listen());
    expect(client.facts.encryptedClientHello).toBe('grease');
    const second = clientEch({
      provider: nodeProvider,
      configList: encodeEchConfigList([mandatory.config, key.config]),
    });
    expectAccepted(meet(connect({ ech: second }), listen()));
  });
});
