import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import builtin from 'node:tls';
import type { KeySpec } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { createServer } from '@sealwire/node-transport';
import { encodePem, makeCertificate, makeTestPki } from '@sealwire/x509';
import { expect, it } from 'vitest';
import ours from '../../src/index.ts';

type Tls = typeof builtin;
type Usage = NonNullable<Parameters<typeof makeCertificate>[0]['keyUsage']>[number];

const specs = { rsa: { type: 'rsa', bits: 2048 }, ec: { type: 'ec', curve: 'secp256r1' } } as const;
const pkis = { rsa: pkiOf(specs.rsa), ec: pkiOf(specs.ec) };
const modes = {
  'TLS 1.3': { minVersion: 'TLSv1.3' },
  'TLS 1.2, signed': { maxVersion: 'TLSv1.2', ciphers: 'ECDHE' },
  'TLS 1.2, encrypted': { maxVersion: 'TLSv1.2', ciphers: 'kRSA' },
} as const;

const usages: readonly Usage[] = ['digitalSignature', 'keyEncipherment', 'keyAgreement', 'cRLSign'];
const cases = (['rsa', 'ec'] as const).flatMap((kind) =>
  Object.keys(modes)
    .filter((mode) => kind === 'rsa' || !mode.endsWith('encrypted'))
    .flatMap((mode) => usages.map((usage) => [kind, mode as keyof typeof modes, usage] as const)),
);

it.each(cases)("a server's certificate with a key of %s, in %s, for %s alone", async (kind, mode, usage) => {
  const { root, issued } = pkis[kind];
  const server = { ...issued(usage, 'serverAuth'), ...modes[mode] };
  const client = { ca: root, servername: 'localhost', ...modes[mode] };
  const expected = await seen(builtin, builtin, server, client);
  expect(await seen(builtin, ours as unknown as Tls, server, client)).toEqual(expected);
  expect(await seen(ours as unknown as Tls, builtin, server, client)).toEqual(expected);
});

it.each(cases)("a client's certificate with a key of %s, in %s, for %s alone", async (kind, mode, usage) => {
  const { root, issued, server } = pkis[kind];
  const asking = { ...server, ca: root, requestCert: true, rejectUnauthorized: false, ...modes[mode] };
  const client = { ...issued(usage, 'clientAuth'), ca: root, servername: 'localhost', ...modes[mode] };
  const expected = await seen(builtin, builtin, asking, client);
  expect(await seen(ours as unknown as Tls, builtin, asking, client)).toEqual(expected);
  expect(await seen(builtin, ours as unknown as Tls, asking, client)).toEqual(expected);
});

it('refuses a server that signs in TLS 1.2 with a key on a curve that may not sign, whom OpenSSL would not have been', async () => {
  const { root, issued } = pkis.ec;
  for (const [usage, refused] of [
    ['keyAgreement', { client: 'ERR_SSL_ECC_CERT_NOT_FOR_SIGNING' }],
    ['digitalSignature', undefined],
  ] as const) {
    const { cert, key } = issued(usage, 'serverAuth');
    const server = await createServer(
      { certificate: cert, privateKey: key, versions: [tls12], port: 0, host: '127.0.0.1' },
      (stream) => void stream.on('error', () => {}).resume(),
    );
    const options = { port: server.port, host: '127.0.0.1', ca: root, servername: 'localhost' };
    const sockets = [builtin, ours as unknown as Tls].map((tls) => tls.connect(options));
    const [theirs, own] = await Promise.all(sockets.map(outcome));
    expect(own).toEqual(theirs);
    if (refused === undefined) expect(own).toMatchObject({ authorized: true });
    else expect(own).toMatchObject(refused);
    for (const socket of sockets) socket.destroy();
    await server.close();
  }
});

/** What either side knows of a connection, or why there is none. */
async function seen(from: Tls, to: Tls, server: object, client: object): Promise<unknown> {
  const it = from.createServer(server);
  const told = new Promise((tell) => {
    it.on('secureConnection', (socket) => {
      socket.on('error', () => {}).resume();
      tell({ authorized: socket.authorized, why: socket.authorizationError });
    });
    it.on('tlsClientError', (error: NodeJS.ErrnoException) => tell({ code: error.code }));
  });
  await new Promise<void>((done) => void it.listen(0, '127.0.0.1', done));
  const { port } = it.address() as AddressInfo;
  const socket = to.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...client });
  const found = await Promise.all([outcome(socket), told]);
  socket.destroy();
  it.close();
  return found;
}

async function outcome(socket: builtin.TLSSocket): Promise<object> {
  try {
    await once(socket, 'secureConnect');
    const { authorized, authorizationError } = socket;
    return { authorized, why: authorizationError, protocol: socket.getProtocol() };
  } catch (error) {
    return { client: (error as { code: string }).code };
  } finally {
    socket.on('error', () => {}).resume();
  }
}

function pkiOf(keySpec: KeySpec) {
  const nowMs = Date.now();
  const { root, intermediate, server } = makeTestPki({ provider, nowMs, keySpec });
  const pem = (ders: readonly Uint8Array[]) => ders.map((der) => encodePem('CERTIFICATE', der)).join('');
  const key = encodePem('PRIVATE KEY', server.key.exportPkcs8());
  return {
    root: pem([root.certificate]),
    server: { cert: pem(server.chain), key },
    issued(usage: Usage, purpose: 'serverAuth' | 'clientAuth') {
      const certificate = makeCertificate({
        provider,
        notBeforeMs: nowMs - 86_400_000,
        notAfterMs: nowMs + 86_400_000,
        subject: { CN: usage },
        key: server.key,
        issuer: intermediate,
        extendedKeyUsage: [purpose],
        keyUsage: [usage],
        dnsNames: ['localhost'],
      });
      return { cert: pem([certificate, intermediate.certificate]), key };
    },
  };
}
