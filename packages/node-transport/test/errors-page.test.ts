import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { type PassThrough, duplexPair } from 'node:stream';
import { namedGroups, type PrivateKey, suites13 } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, encryptPrivateKey, loadPrivateKey, makeCertificate, makeTestPki } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import {
  connect,
  type ConnectOptions,
  createServer,
  type CreateServerOptions,
  secure,
  TlsStream,
} from '../src/index.ts';
import {
  clientIdentity,
  elsewhereRoots,
  elsewhereServer,
  otherRoots,
  roots,
  serverIdentity,
} from '@sealwire/transport-tests';
import { clientSettings } from '../src/settings.ts';

/** What docs/errors.md says of an error, and how to come by it. */
interface Case {
  readonly code: string;
  /** As it stands there; `…` is any text. */
  readonly words: string;
  readonly fail: () => Promise<unknown>;
}

const dayMs = 86_400_000;
const authority = makeTestPki({ provider, nowMs: Date.now() });
const localhost = ['localhost'];

/** A certificate for localhost that has something wrong with it, and the roots that trust its issuer. */
function issued(change: Partial<Omit<Parameters<typeof makeCertificate>[0], 'key'>> & { key?: PrivateKey }) {
  const key = change.key ?? provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const certificate = makeCertificate({
    provider,
    subject: { CN: 'server' },
    issuer: authority.root,
    dnsNames: localhost,
    notBeforeMs: Date.now() - dayMs,
    notAfterMs: Date.now() + dayMs,
    ...change,
    key,
  });
  return {
    certificate: encodePem('CERTIFICATE', certificate),
    privateKey: encodePem('PRIVATE KEY', key.exportPkcs8()),
  };
}
const issuedRoots = encodePem('CERTIFICATE', authority.root.certificate);
const weakKey = () => provider.generateKeyPair({ type: 'rsa', bits: 1024 });

/** What both sides come to, when the client reads until the end. */
async function meet(server: CreateServerOptions, client: Partial<ConnectOptions> = {}) {
  const listening = await createServer(
    { ...serverIdentity, ...server },
    (stream) => void stream.end('hello'),
  );
  const refused = once(listening, 'connectionError').then(([error]) => error as unknown);
  const ofClient = await connect({
    host: '127.0.0.1',
    port: listening.port,
    ...('externalPsks' in client ? {} : { serverName: 'localhost', roots }),
    ...client,
  })
    .then((stream) => stream.toArray())
    .catch((error: unknown) => error);
  return {
    ofClient,
    ofServer: async () => {
      const error = await refused;
      await listening.close();
      return error;
    },
  };
}
const clientOf = async (...args: Parameters<typeof meet>) => {
  const { ofClient, ofServer } = await meet(...args);
  // Either side may be the one that refuses.
  await ofServer();
  return ofClient;
};
const serverOf = async (...args: Parameters<typeof meet>) => (await meet(...args)).ofServer();

/** A client of something that is no TLS. */
async function clientOfTcp(handle: (socket: Socket) => void, client: Partial<ConnectOptions> = {}) {
  const server = createTcpServer((socket) => handle(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const error = await caught(connect({ host: '127.0.0.1', serverName: 'localhost', port, roots, ...client }));
  server.close();
  return error;
}

/** A client, connected in memory, of which something becomes. */
async function connected(
  then: (below: PassThrough | ReturnType<typeof duplexPair>[0]) => void,
  idleTimeoutMs?: number,
) {
  const [one, other] = duplexPair();
  const [client] = await Promise.all([
    secure(one, {
      role: 'client',
      serverName: 'localhost',
      roots,
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    }),
    secure(other, { role: 'server', ...serverIdentity }),
  ]);
  const error = caught(client.toArray());
  then(one);
  return error;
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );
const misused = (options: object) => caught(createServer(options as CreateServerOptions));

const asking = { clientAuthentication: 'require', roots } as const;
const psk = (name: string) => ({ identity: new TextEncoder().encode(name), key: new Uint8Array(32).fill(7) });
const locked = encodePem(
  'ENCRYPTED PRIVATE KEY',
  encryptPrivateKey(loadPrivateKey(serverIdentity.privateKey, provider), {
    provider,
    passphrase: 'secret',
    derivation: { type: 'pbkdf2', iterations: 10 },
  }),
);
const [leaf = '', intermediate = ''] = serverIdentity.certificate.split(/(?<=-----END CERTIFICATE-----\n)/);

const cases: readonly Case[] = [
  // A client that does not connect.
  {
    code: 'transport.connectFailed',
    words: 'could not connect: …',
    fail: async () => {
      const gone = await createServer(serverIdentity);
      const { port } = gone;
      await gone.close();
      return caught(connect({ host: '127.0.0.1', port, serverName: 'localhost', roots }));
    },
  },
  {
    code: 'peer.unknownRecordType',
    words: 'the peer speaks plain HTTP, not TLS',
    fail: () => clientOfTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  },
  {
    code: 'peer.closedDuringHandshake',
    words: 'the transport ended before the handshake was complete',
    fail: () => clientOfTcp((socket) => socket.resume().end()),
  },
  {
    code: 'transport.handshakeTimeout',
    words: 'no handshake within … ms',
    fail: () => clientOfTcp(() => {}, { handshakeTimeoutMs: 50 }),
  },
  {
    code: 'local.unknownCa',
    words: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    fail: () => clientOf({}, { roots: otherRoots }),
  },
  {
    code: 'local.unknownCa',
    words: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    fail: () => clientOf({ certificate: leaf }),
  },
  {
    code: 'local.unknownCa',
    words: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    fail: () => clientOf(issued({ issuer: undefined as never })),
  },
  {
    code: 'local.unknownCa',
    words: 'SELF_SIGNED_CERT_IN_CHAIN',
    fail: () => clientOf({ certificate: serverIdentity.certificate + roots }, { roots: otherRoots }),
  },
  {
    code: 'peer.badCertificate',
    words: 'CERT_SIGNATURE_FAILURE',
    fail: () => clientOf({}, { roots: elsewhereRoots }),
  },
  {
    code: 'local.nameMismatch',
    words: 'HOSTNAME_MISMATCH',
    fail: () => clientOf({}, { serverName: 'example.org' }),
  },
  {
    code: 'local.nameMismatch',
    words: 'IP_ADDRESS_MISMATCH: expected …, got …',
    fail: () => clientOf(elsewhereServer, { serverName: '127.0.0.1', roots: elsewhereRoots }),
  },
  {
    code: 'local.certificateExpired',
    words: 'CERT_HAS_EXPIRED',
    fail: () => clientOf(issued({ notBeforeMs: 0, notAfterMs: dayMs }), { roots: issuedRoots }),
  },
  {
    code: 'local.certificateExpired',
    words: 'CERT_NOT_YET_VALID',
    fail: () =>
      clientOf(issued({ notBeforeMs: Date.now() + dayMs, notAfterMs: Date.now() + 2 * dayMs }), {
        roots: issuedRoots,
      }),
  },
  {
    code: 'local.certificateUnsupported',
    words: 'INVALID_PURPOSE',
    fail: () => clientOf(issued({ extendedKeyUsage: ['clientAuth'] }), { roots: issuedRoots }),
  },
  {
    code: 'local.certificateRejected',
    words: 'EE_KEY_TOO_SMALL',
    fail: () => clientOf(issued({ key: weakKey() }), { roots: issuedRoots }),
  },
  {
    code: 'received.alert',
    words: '… the alert no_application_protocol',
    fail: () => clientOf({ alpnProtocols: ['a'] }, { alpnProtocols: ['b'] }),
  },
  {
    code: 'received.alert',
    words: '… the alert protocol_version',
    fail: () => clientOf({ versions: [tls13] }, { versions: [tls12] }),
  },
  {
    code: 'received.alert',
    words: '… the alert handshake_failure',
    fail: () =>
      clientOf({ groups: [namedGroups.secp256r1] }, { groups: [namedGroups.x25519], versions: [tls13] }),
  },
  { code: 'received.alert', words: '… the alert certificate_required', fail: () => clientOf(asking) },
  {
    code: 'received.alert',
    words: 'unknown_ca',
    fail: () => clientOf({ ...asking, roots: otherRoots }, clientIdentity),
  },
  {
    code: 'received.alert',
    words: '… the alert bad_certificate',
    fail: () => clientOf({ ...asking, roots: elsewhereRoots }, clientIdentity),
  },
  {
    code: 'received.alert',
    words: 'certificate_unknown',
    fail: () => clientOf({ ...asking, roots: issuedRoots }, issued({ key: weakKey() })),
  },
  {
    code: 'received.alert',
    words: '… the alert unrecognized_name',
    fail: () => clientOf({ names: { 'api.example.org': serverIdentity }, unknownNames: 'refuse' }),
  },
  {
    code: 'received.alert',
    words: '… the alert unknown_psk_identity',
    fail: () =>
      clientOf(
        { externalPsks: [psk('a')], certificate: undefined as never, privateKey: undefined as never },
        { externalPsks: [psk('b')] },
      ),
  },
  // A server that refuses.
  {
    code: 'incompatible.version',
    words: 'the client offers …; we speak …',
    fail: () => serverOf({ versions: [tls13] }, { versions: [tls12] }),
  },
  {
    code: 'incompatible.cipherSuites',
    words: 'the client offers no … cipher suite that we take',
    fail: () =>
      serverOf(
        { cipherSuites: [suites13.TLS_AES_128_GCM_SHA256] },
        { cipherSuites: [suites13.TLS_AES_256_GCM_SHA384], versions: [tls13] },
      ),
  },
  {
    code: 'incompatible.groups',
    words: 'the client lists no key-exchange group that we take',
    fail: () =>
      serverOf({ groups: [namedGroups.secp256r1] }, { groups: [namedGroups.x25519], versions: [tls13] }),
  },
  {
    code: 'incompatible.alpn',
    words: 'the client offers no application protocol that we take: …',
    fail: () => serverOf({ alpnProtocols: ['a'] }, { alpnProtocols: ['b'] }),
  },
  {
    code: 'incompatible.certificateRequired',
    words: 'the client has no certificate, and must have one',
    fail: () => serverOf(asking),
  },
  {
    code: 'local.unrecognizedName',
    words: 'nobody here is called …',
    fail: () => serverOf({ names: { 'api.example.org': serverIdentity }, unknownNames: 'refuse' }),
  },
  {
    code: 'received.alert',
    words: '… the alert bad_certificate',
    fail: () => serverOf({}, { roots: elsewhereRoots }),
  },
  { code: 'received.alert', words: 'unknown_ca', fail: () => serverOf({}, { roots: otherRoots }) },
  {
    code: 'received.alert',
    words: 'certificate_expired',
    fail: () => serverOf(issued({ notBeforeMs: 0, notAfterMs: dayMs }), { roots: issuedRoots }),
  },
  // A connection that ends.
  {
    code: 'transport.truncated',
    words: 'the transport ended without close_notify',
    fail: () => connected((below) => void below.push(null)),
  },
  {
    code: 'transport.reset',
    words: 'the connection was cut: …',
    fail: () =>
      connected(
        (below) => void below.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })),
      ),
  },
  {
    code: 'transport.broken',
    words: 'the transport failed: …',
    fail: () => connected((below) => void below.destroy(new Error('the modem hung up'))),
  },
  { code: 'transport.idleTimeout', words: 'no data for … ms', fail: () => connected(() => {}, 50) },
  {
    code: 'transport.destroyed',
    words: 'the connection was destroyed',
    fail: async () => {
      const [one] = duplexPair();
      const stream = new TlsStream(one, clientSettings({ serverName: 'localhost', roots }));
      stream.destroy();
      return caught(stream.handshake);
    },
  },
  // Files that cannot be used.
  {
    code: 'misuse',
    words: 'expected the private key of …, got another key',
    fail: () => misused({ ...serverIdentity, privateKey: clientIdentity.privateKey }),
  },
  {
    code: 'misuse',
    words: 'expected our own certificate first, then its issuers',
    fail: () => misused({ ...serverIdentity, certificate: intermediate + leaf }),
  },
  {
    code: 'encryption.passphraseMissing',
    words: 'expected a passphrase for the private key, which is encrypted',
    fail: () => misused({ ...serverIdentity, privateKey: locked }),
  },
  {
    code: 'encryption.passphraseWrong',
    words: 'expected the passphrase of the private key, got another (or the file is damaged)',
    fail: () => misused({ ...serverIdentity, privateKey: locked, passphrase: 'other' }),
  },
  {
    code: 'pem.noBlock',
    words: 'expected at least one CERTIFICATE block of PEM',
    fail: () => misused({ certificate: 'server.pem', privateKey: serverIdentity.privateKey }),
  },
  {
    code: 'misuse',
    words: '… is no server option; what node:tls calls so is …',
    fail: () => misused({ ...serverIdentity, cert: '' }),
  },
];

interface Row {
  readonly codes: string;
  readonly words: string;
  readonly text: string;
}

const rows: readonly Row[] = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .filter((line) => !/^\| (`code`|error) \|/.test(line))
  .map((text) => {
    const [, codes = '', words = ''] = text.split(' | ').length === 3 ? ['', ...text.split(' | ')] : [];
    return { codes: codes.replace('ApiMisuseError', 'misuse'), words, text };
  });

describe('docs/errors.md', () => {
  it.each(cases)('$code: $words', async ({ code, words, fail }) => {
    const row = rows.find((each) => each.codes.includes(`\`${code}\``) && each.words.includes(words));
    expect(row, `a row with \`${code}\` and the words: ${words}`).toBeDefined();
    const error = (await fail()) as Error & { code?: string };
    expect({ code: error.code, message: error.message }).toEqual({
      code,
      message: expect.stringMatching(pattern(words)),
    });
  });

  it('has no row without such an error', () => {
    const unproved = rows.filter(
      ({ codes, words }) =>
        ![...codes.matchAll(/`([^`]+)`/g)].every(([, code]) =>
          cases.some((each) => each.code === code && words.includes(each.words)),
        ),
    );
    expect(unproved.map(({ text }) => text)).toEqual([]);
    // Nor a name of a check or an alert that nothing here comes to.
    const named = rows.flatMap(({ words }) =>
      [...words.matchAll(/[A-Z]+_[A-Z_]+|[a-z]+_[a-z_]+/g)].map(([name]) => name),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !cases.some(({ words }) => words.includes(name)))).toEqual([]);
  });
});

function pattern(words: string): RegExp {
  return new RegExp(
    words
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*'),
  );
}
