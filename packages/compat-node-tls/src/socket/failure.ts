import type { Output } from '@sealwire/core';
import type { TLSSocketFields } from './fields.ts';

/** A connection has failed: before it was secure the socket ends by that, later it is told and the application decides. */
export function showFailure(socket: TLSSocketFields, output: Extract<Output, { type: 'failed' }>): void {
  if (socket._hadError) return;
  socket._hadError = true;
  const { error } = output;
  if (!socket._secureEstablished) {
    socket._closeAfterHandlingError = true;
    socket.destroy(error);
  } else if (
    socket._tlsOptions.isServer &&
    socket._rejectUnauthorized &&
    /peer did not return a certificate/.test(error.message)
  ) {
    socket.destroy();
  } else socket._emitTLSError(error);
}
