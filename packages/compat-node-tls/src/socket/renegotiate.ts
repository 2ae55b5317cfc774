import type { TLSSocketFields } from './fields.ts';
import { sslReason, thrownOpensslError } from '../errors/openssl-error.ts';
import { serverConfigWith } from './server-side.ts';

/** `socket.renegotiate`, once its arguments are known to be right. */
export function renegotiate(
  socket: TLSSocketFields,
  options: { requestCert?: boolean | undefined; rejectUnauthorized?: boolean | undefined },
  callback: ((error: Error | null) => void) | undefined,
): boolean {
  const { requestCert = socket._requestCert, rejectUnauthorized = socket._rejectUnauthorized } = options;
  socket._requestCert = !!requestCert;
  socket._rejectUnauthorized = !!rejectUnauthorized;
  const handle = socket._handle;
  const { connection } = handle ?? {};
  if (handle === null || connection === undefined) return false;
  if (connection.facts.version === 0x0304) {
    const error = thrownOpensslError(sslReason('wrong ssl version'));
    if (callback) process.nextTick(callback, error);
    return false;
  }
  const config = socket._tlsOptions.isServer ? serverConfigWith(socket) : undefined;
  connection.renegotiate(config, Date.now());
  handle.pump.turn();
  if (callback) socket.once('secure', () => callback(null));
  return true;
}
