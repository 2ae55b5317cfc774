import { decodeSslSession, encodeSslSession, type SslSession } from './ssl-session.ts';

/**
 * What `getSession()` of a client gives, and what its option `session` takes. It is the DER of an SSL_SESSION; newer releases
 * of Node put before it the name of the host that was authenticated, and offer the session to no other (CVE-2026-48934):
 *
 *     0x00 'nodejs:tls:session:1' 0x00 ‖ uint16 length ‖ name ‖ SSL_SESSION
 *
 * They offer nothing that came without it. Sessions of servers have no name in any release.
 */
export interface NodeSession {
  readonly session: SslSession;
  /** Whom the certificate was checked for: the option `servername`, else `host`. `undefined`: nobody has written it down. */
  readonly host: string | undefined;
}

export function encodeNodeSession({ session, host }: NodeSession): Uint8Array {
  const der = encodeSslSession(session);
  if (host === undefined) return der;
  const name = Buffer.from(host, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  return Buffer.concat([mark, length, name, der]);
}

/** `undefined`: it is neither of the two, or bytes follow. */
export function decodeNodeSession(bytes: Uint8Array): NodeSession | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!buffer.subarray(0, mark.length).equals(mark)) {
    const session = decodeSslSession(bytes);
    return session === undefined ? undefined : { session, host: undefined };
  }
  const start = mark.length + 2;
  if (buffer.length < start) return undefined;
  const end = start + buffer.readUInt16BE(mark.length);
  const name = buffer.subarray(start, end);
  const host = name.toString('utf8');
  // Bytes that are no text are nobody's name.
  if (end > buffer.length || !Buffer.from(host, 'utf8').equals(name)) return undefined;
  const session = decodeSslSession(buffer.subarray(end));
  return session === undefined ? undefined : { session, host };
}

/** Whether this release of Node writes and wants the name. */
export function bindsSessionsToHosts(version: string = process.versions.node): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const since = firstBinding.get(major);
  if (since === undefined) return major > 26;
  return minor > since[0] || (minor === since[0] && patch >= since[1]);
}

const mark = Buffer.from('\0nodejs:tls:session:1\0', 'latin1');

/** Minor and patch of each major release in which it began, June 2026. */
const firstBinding: ReadonlyMap<number, readonly [number, number]> = new Map([
  [22, [23, 0]],
  [24, [17, 0]],
  [26, [3, 1]],
]);
