import { createHash } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import type { Facts, Site } from './script.ts';

/** What stands in a file, as text. */
export const text = (path: string): string => readFileSync(path, 'utf8');

/** `bytes` bytes that look random and are always the same. */
export function bulk(bytes: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0, state = 0x2545_f491; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return Buffer.from(words.buffer, 0, bytes);
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** What an error shows; throws if there is none. */
export async function refusal(attempt: Promise<unknown>): Promise<Facts> {
  let value: unknown;
  try {
    value = await attempt;
  } catch (error) {
    return errorFacts(error);
  }
  throw new Error(`it was to be refused, and gave ${String(value)}`);
}

export function errorFacts(error: unknown): Facts {
  const { name, code, message, cause, errors } = error as Error & { code?: unknown; errors?: unknown[] };
  return {
    name,
    code,
    message: withoutPlaces(message),
    ...(cause === undefined ? {} : { cause: errorFacts(cause) }),
    ...(errors === undefined ? {} : { errors: errors.map(errorFacts) }),
  };
}

/** OpenSSL's messages name a thread, a function and a line of a file, Node's may name a port: nothing of that means anything. */
function withoutPlaces(message: string): string {
  return message
    .replace(/[0-9A-F]{8,16}:error:([0-9A-F]{8}):([^:]*):[^:]*:([^:]*):[^:]*:\d+:/g, 'error:$1:$2::$3:')
    .replace(/(127\.0\.0\.1|localhost|::1):\d+/g, '$1:PORT');
}

/**
 * A refusal that comes after the handshake, as in TLS 1.3 that of a client without a certificate: who writes meanwhile may hear of a
 * connection that is reset instead. Throws if it is another.
 */
export function lateRefusal(error: Facts, code: string): Facts {
  const shown = (error as { code?: unknown }).code;
  if (![code, 'ECONNRESET', 'EPIPE'].includes(String(shown)))
    throw new Error(`refused with ${JSON.stringify(error)}`);
  return 'refused';
}

/** The arguments of the next event, from emitters whose types `once` does not know. */
export function next(emitter: object, event: string): Promise<unknown[]> {
  return once(emitter as EventEmitter, event);
}

/** What a library may ask its socket; throws if that is none of `tls`. */
export function socketFacts(socket: unknown): Facts {
  if (!(socket instanceof tls.TLSSocket)) throw new Error('its socket is no tls.TLSSocket');
  // Node shows a client no certificate of a session that is resumed; we do.
  const { subject, issuer } = socket.isSessionReused() ? {} : socket.getPeerCertificate();
  return {
    isNetSocket: socket instanceof net.Socket,
    encrypted: socket.encrypted,
    authorized: socket.authorized,
    authorizationError: socket.authorizationError,
    protocol: socket.getProtocol(),
    cipher: socket.getCipher(),
    key: socket.getEphemeralKeyInfo(),
    alpn: socket.alpnProtocol,
    servername: (socket as { servername?: unknown }).servername,
    isResumed: socket.isSessionReused(),
    peer: subject?.CN,
    issuer: issuer?.CN,
    remoteAddress: socket.remoteAddress,
    remoteFamily: socket.remoteFamily,
  };
}

/** The same case in both versions that libraries let one choose. */
export function eachVersion<Name extends string>(
  name: Name,
  run: (site: Site, version: tls.SecureVersion) => Promise<Facts>,
): Readonly<Record<string, (site: Site) => Promise<Facts>>> {
  return Object.fromEntries(
    (['TLSv1.3', 'TLSv1.2'] as const).map((version) => [
      `${name}, ${version}`,
      (site: Site) => run(site, version),
    ]),
  );
}

/** Where a server that was told to listen does. */
export async function portOf(server: net.Server): Promise<number> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as net.AddressInfo).port;
}
