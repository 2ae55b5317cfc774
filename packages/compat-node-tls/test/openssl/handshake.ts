import { nodeProvider as provider } from '@sealwire/crypto-node';
import type { KeySpec } from '@sealwire/core';
import { encodePem, makeCertificate } from '@sealwire/x509';
import { duplexPair } from 'node:stream';
import tls from 'node:tls';

/** A certificate that signs itself, with its key, both as PEM. */
export function identityOf(spec: KeySpec): { readonly key: string; readonly cert: string } {
  const key = provider.generateKeyPair(spec);
  const certificate = makeCertificate({
    provider,
    subject: { CN: 'localhost' },
    key,
    dnsNames: ['localhost'],
    notBeforeMs: Date.now() - 86_400_000,
    notAfterMs: Date.now() + 86_400_000,
  });
  return { key: encodePem('PRIVATE KEY', key.exportPkcs8()), cert: encodePem('CERTIFICATE', certificate) };
}

/** The builtin with itself, in memory. Both sockets once the handshake is over; throws the client's error, or the server's. */
export async function builtinPair(
  server: tls.SecureContextOptions,
  client: tls.ConnectionOptions,
): Promise<{ readonly server: tls.TLSSocket; readonly client: tls.TLSSocket }> {
  const [near, far] = duplexPair();
  const serverSocket = new tls.TLSSocket(far, {
    isServer: true,
    secureContext: tls.createSecureContext({ ca: [], ...server }),
  });
  const clientSocket = tls.connect({
    socket: near,
    secureContext: tls.createSecureContext({ ca: [], ...client }),
    servername: 'localhost',
    rejectUnauthorized: false,
    minDHSize: 1,
  });
  const ended = [serverSocket, clientSocket].map(
    (socket) =>
      new Promise<void>((resolve, reject) => {
        socket.once('secure', () => resolve());
        socket.once('error', reject);
        socket.on('error', () => {});
      }),
  );
  const outcomes = await Promise.allSettled(ended);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    for (const socket of [serverSocket, clientSocket]) socket.destroy();
    throw failed.reason;
  }
  return { server: serverSocket, client: clientSocket };
}
