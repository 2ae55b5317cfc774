import { protocolVersions, type Output } from '@sealwire/core';
import { handshakeError } from '../errors/handshake-error.ts';
import { opensslError } from '../errors/openssl-error.ts';
import { hostOpenssl } from '../process/host.ts';
import { connectOptions, type TLSSocketFields } from './fields.ts';

/** A connection has failed: before it was secure the socket ends by that, later it is told and the application decides. */
export function showFailure(socket: TLSSocketFields, output: Extract<Output, { type: 'failed' }>): void {
  if (socket._hadError) return;
  const error = shownError(socket, output);
  if (!socket._secureEstablished) {
    endInsecure(socket, error);
    return;
  }
  socket._hadError = true;
  if (
    socket._tlsOptions.isServer &&
    socket._rejectUnauthorized &&
    /peer did not return a certificate/.test(error.message)
  ) {
    socket.destroy();
  } else socket._emitTLSError(error);
}

/** The socket ends before it was secure. */
export function endInsecure(socket: TLSSocketFields, error: Error): void {
  if (socket._hadError) return;
  socket._hadError = true;
  socket._closeAfterHandlingError = true;
  socket.destroy(error);
}

function shownError(socket: TLSSocketFields, { error }: Extract<Output, { type: 'failed' }>): Error {
  const version = socket._handle?.facts.version;
  // OpenSSL looks at the version of a record first, and at its type only in newer releases, of a peer that has spoken TLS.
  if (error.code === 'peer.unknownRecordType' && (version === undefined || hostOpenssl() === '3.0'))
    return opensslError('wrong version number');
  return handshakeError(error, {
    side: socket._tlsOptions.isServer ? 'server' : 'client',
    isOlder: version !== undefined && version < protocolVersions.tls13,
    address: (socket[connectOptions] ?? {}) as object,
  });
}
