import { codedError } from '../errors/node-codes.ts';
import type { TLSSocketFields } from '../socket/fields.ts';
import type { SealwireOptions } from './options.ts';

/** `handshakeTimeoutMs`: from when a carrier is there until the connection is secure, however much is said meanwhile. */
export function limitHandshake(socket: TLSSocketFields, { handshakeTimeoutMs }: SealwireOptions): void {
  if (handshakeTimeoutMs === undefined) return;
  const begin = (): void => {
    if (socket.destroyed) return;
    const timer = setTimeout(
      () => socket.destroy(codedError('ERR_TLS_HANDSHAKE_TIMEOUT')),
      handshakeTimeoutMs,
    );
    const stop = (): void => clearTimeout(timer);
    socket.once('secure', stop);
    socket.once('close', stop);
  };
  if (socket.connecting) socket.once('connect', begin);
  else begin();
}
