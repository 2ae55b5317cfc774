import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls, { type ConnectionOptions, type TLSSocket, type TlsOptions } from 'node:tls';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate } from '@sealwire/x509';
import { expect, it } from 'vitest';
import ours from '../../src/index.ts';

type KeySpec = Parameters<typeof provider.generateKeyPair>[0];
type Issuer = NonNullable<Parameters<typeof makeCertificate>[0]['issuer']>;

const nowMs = Date.now();
const root = authority({ type: 'ec', curve: 'secp256r1' });
const rsaRoot = authority({ type: 'rsa', bits: 2048 });
const ca = [root, rsaRoot].map(({ certificate }) => encodePem('CERTIFICATE', certificate));
const p256 = issued(root, { type: 'ec', curve: 'secp256r1' });
const p384 = issued(root, { type: 'ec', curve: 'secp384r1' });
const p256ByRsa = issued(rsaRoot, { type: 'ec', curve: 'secp256r1' });
const tls12 = { maxVersion: 'TLSv1.2' } as const;
const tls13 = { minVersion: 'TLSv1.3' } as const;

interface Case {
  readonly name: string;
  readonly server: TlsOptions;
  readonly client: ConnectionOptions;
  /** Which side sets the limit, and is ours in turn. */
  readonly by: 'server' | 'client';
  readonly passes?: true;
}

const asksForCertificate = { ...p256, requestCert: true, ca };
const cases: readonly Case[] = [
  {
    name: "a client's key on a curve that ecdhCurve leaves out",
    server: { ...asksForCertificate, ...tls12, ecdhCurve: 'P-256' },
    client: p384,
    by: 'server',
  },
  {
    name: "a client's key on a curve of ecdhCurve",
    server: { ...asksForCertificate, ...tls12, ecdhCurve: 'P-256:P-384' },
    client: p384,
    by: 'server',
    passes: true,
  },
  {
    name: "a client's key on any curve in TLS 1.3",
    server: { ...asksForCertificate, ...tls13, ecdhCurve: 'P-256' },
    client: p384,
    by: 'server',
    passes: true,
  },
  {
    name: 'a server whose ecdhCurve has nothing for TLS 1.3',
    server: { ...p256, ...tls13, ecdhCurve: 'secp256k1' },
    client: {},
    by: 'server',
  },
  {
    name: 'a server whose ecdhCurve has nothing for TLS 1.2',
    server: { ...p256, ...tls12, ecdhCurve: 'ffdhe2048' },
    client: {},
    by: 'server',
  },
  {
    name: 'a client whose ecdhCurve has nothing for TLS 1.2',
    server: p256,
    client: { ...tls12, ecdhCurve: 'ffdhe2048' },
    by: 'client',
  },
  {
    name: 'Suite B, and a chain with RSA',
    server: p256ByRsa,
    client: { ciphers: 'SUITEB128' },
    by: 'client',
  },
  {
    name: 'Suite B, and a chain that it allows',
    server: p256,
    // In TLS 1.3 a client of OpenSSL 3.5 sends a key share then that no server takes.
    client: { ciphers: 'SUITEB128', ...tls12 },
    by: 'client',
    passes: true,
  },
  {
    name: 'Suite B of one level, and a key of the other',
    server: p384,
    client: { ciphers: 'SUITEB128ONLY' },
    by: 'client',
  },
  {
    name: 'Suite B, and a client whose chain has RSA',
    server: { ...asksForCertificate, ciphers: 'SUITEB128' },
    client: p256ByRsa,
    by: 'server',
  },
];

it.each(cases)('$name', async ({ server, client, by, passes = false }) => {
  const theirs = await connects(tls, tls, server, client);
  const limited = ours as unknown as typeof tls;
  const [from, to] = by === 'server' ? [tls, limited] : [limited, tls];
  expect(await connects(to, from, server, client)).toBe(theirs);
  expect(theirs).toBe(passes);
});

/** Whether a byte comes back from the server. */
async function connects(
  of: typeof tls,
  from: typeof tls,
  options: TlsOptions,
  wishes: ConnectionOptions,
): Promise<boolean> {
  const server = of.createServer(options, (socket) => void socket.on('error', () => {}).pipe(socket));
  server.on('tlsClientError', () => {});
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const client: TLSSocket = from.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...wishes });
  const gone = new Promise<false>((done) => void client.on('close', () => done(false)));
  client.on('error', () => {}).on('secureConnect', () => void client.write('x'));
  try {
    return await Promise.race([once(client, 'data').then(() => true), gone]);
  } catch {
    return false;
  } finally {
    client.destroy();
    server.close();
  }
}

function authority(spec: KeySpec) {
  const key = provider.generateKeyPair(spec);
  const subject = { CN: `an authority with ${spec.type}` };
  const certificate = makeCertificate({ provider, subject, key, ca: true, ...validity() });
  return { certificate, key };
}

function issued(issuer: Issuer, spec: KeySpec): { cert: string; key: string } {
  const key = provider.generateKeyPair(spec);
  const subject = { CN: 'localhost' };
  const certificate = makeCertificate({
    provider,
    subject,
    key,
    issuer,
    dnsNames: ['localhost'],
    ...validity(),
  });
  return { cert: encodePem('CERTIFICATE', certificate), key: encodePem('PRIVATE KEY', key.exportPkcs8()) };
}

function validity() {
  return { notBeforeMs: nowMs - 86_400_000, notAfterMs: nowMs + 86_400_000 };
}
