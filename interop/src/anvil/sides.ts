import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CipherSuite,
  compressionAlgorithms,
  type Credential,
  namedGroups,
  signatureSchemes as schemes,
  suites13,
} from '@sealwire/core';
import { SessionTable, suites12, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import {
  connect,
  createServer,
  type CreateServerOptions,
  type Decide,
  type TlsStream,
} from '@sealwire/node-transport';
import { encodePem, loadCredential, loadPrivateKey, makeCertificate } from '@sealwire/x509';

/** Our two sides as TLS-Anvil finds them: with everything on that a careful server or client may have. */

interface Side {
  readonly port: number;
  close(): Promise<void>;
}

/** Hears how each connection ended. */
export type OnEnd = (error: unknown) => void;

/** A server with certificates of RSA and ECDSA that answers requests of HTTP. */
export async function startServer(
  port: number,
  onEnd: OnEnd,
  more: Partial<CreateServerOptions> = {},
): Promise<Side> {
  const server = await createServer(
    {
      port,
      host: '127.0.0.1',
      credentials: [selfSigned('ec'), selfSigned('rsa')],
      ...everything,
      sessionIds: { store: new SessionTable() },
      handshakeTimeoutMs: 60_000,
      ...more,
    },
    answerRequests,
  );
  server.on('connectionError', onEnd);
  return { port: server.port, close: () => server.close({ timeoutMs: 500 }) };
}

/** Answers each request that is whole, which is how suites expect a server to wait. */
async function answerRequests(connection: TlsStream): Promise<void> {
  let line = '';
  for await (const bytes of connection) {
    const requests = (line + Buffer.from(bytes as Uint8Array).toString('latin1')).split(/\r?\n\r?\n/);
    line = requests.at(-1)!.slice(-3);
    for (let i = 1; i < requests.length; i++) await connection.send(page);
  }
  connection.end();
}

const page = Buffer.from('HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n');

/**
 * A client that whoever asks over HTTP sends to `target` once: it connects there, asks for a page, and reads until the end. What it
 * makes of the server is for the suite to see, and for `onEnd`.
 */
export async function startTriggeredClient(target: number, onEnd: OnEnd): Promise<Side> {
  const http = createHttpServer((_request, response) => {
    response.end('under way\n');
    visit(target).then(() => onEnd(undefined), onEnd);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    port: (http.address() as AddressInfo).port,
    close: async () => {
      http.close();
      http.closeAllConnections();
    },
  };
}

async function visit(port: number): Promise<void> {
  const connection = await connect({
    host: '127.0.0.1',
    port,
    serverName: 'localhost',
    decide: { verifyPeer: takeAnyKey },
    ...everything,
    keyShares: [namedGroups.x25519, namedGroups.secp256r1],
    truncation: 'end',
    handshakeTimeoutMs: 60_000,
    idleTimeoutMs: 60_000,
  });
  connection.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  for await (const _ of connection);
  connection.end();
}

/**
 * The certificates of the suite have an empty list of extensions, which RFC 5280 §4.1 does not allow: our parser refuses them, and
 * OpenSSL's, which reads the key here, does not mind. What the key has signed is looked at all the same.
 */
const takeAnyKey: NonNullable<Decide['verifyPeer']> = ({ evidence }) => {
  if (evidence.type !== 'x509')
    return { ok: false, reason: 'unsupported', message: 'expected a certificate' };
  const { publicKey } = new X509Certificate(evidence.chain[0]!.certificate);
  return { ok: true, publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
};

/** For suites with clients that have a certificate: it may be anybody's, or none, and compressed. */
export const asking: Partial<CreateServerOptions> = {
  clientAuthentication: 'request',
  certificateCompression: { accept: [compressionAlgorithms.zlib, compressionAlgorithms.brotli] },
  decide: { verifyPeer: takeAnyKey },
};

/** Suites with certificates and encryption, those that are on by default first. */
function cipherSuites(): CipherSuite[] {
  const older = Object.entries(suites12).filter(
    ([name]) => /^TLS_(?:ECDHE_ECDSA|ECDHE_RSA|DHE_RSA|RSA)_WITH_/.test(name) && !/NULL|3DES/.test(name),
  );
  const rank = ([name]: readonly [string, unknown]) =>
    (name.startsWith('TLS_ECDHE') ? 0 : 2) + (name.includes('CBC') ? 1 : 0);
  older.sort((one, other) => rank(one) - rank(other));
  const all = [...Object.values(suites13), ...older.map(([, suite]) => suite)] as CipherSuite[];
  return all.filter((suite) => [tls13, tls12].some((version) => version.supports(suite, provider)));
}

const everything = {
  provider,
  cipherSuites: cipherSuites(),
  groups: [
    namedGroups.x25519,
    namedGroups.secp256r1,
    namedGroups.secp384r1,
    namedGroups.secp521r1,
    namedGroups.x448,
    namedGroups.ffdhe2048,
    namedGroups.ffdhe3072,
  ],
};

function selfSigned(type: 'ec' | 'rsa'): Credential {
  const { privateKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const key = loadPrivateKey(pem, provider);
  const now = Date.now();
  const certificate = makeCertificate({
    provider,
    key,
    subject: { CN: 'localhost' },
    dnsNames: ['localhost'],
    notBeforeMs: now - dayMs,
    notAfterMs: now + 30 * dayMs,
  });
  const signatureSchemes = type === 'ec' ? [schemes.ecdsa_secp256r1_sha256] : rsaSchemes;
  return loadCredential({
    provider,
    chain: encodePem('CERTIFICATE', certificate),
    key: pem,
    signatureSchemes,
  });
}

/** SHA-1 besides: suites like to leave signature_algorithms out, which means SHA-1 alone (RFC 5246 §7.4.1.4.1). */
const rsaSchemes = [
  schemes.rsa_pss_rsae_sha256,
  schemes.rsa_pss_rsae_sha384,
  schemes.rsa_pss_rsae_sha512,
  schemes.rsa_pkcs1_sha256,
  schemes.rsa_pkcs1_sha384,
  schemes.rsa_pkcs1_sha512,
  schemes.rsa_pkcs1_sha1,
];

const dayMs = 86_400_000;
