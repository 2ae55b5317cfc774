import { alertDescriptions, type Output, protocolVersions } from '@sealwire/core';
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
function endInsecure(socket: TLSSocketFields, error: Error): void {
  if (socket._hadError) return;
  socket._hadError = true;
  socket._closeAfterHandlingError = true;
  socket.destroy(error);
}

function shownError(socket: TLSSocketFields, { error }: Extract<Output, { type: 'failed' }>): Error {
  const handle = socket._handle;
  const version = handle?.facts.version;
  const isOlder = version !== undefined && version < protocolVersions.tls13;
  // OpenSSL looks at the version of a record first, and at its type only in newer releases, of a peer that has spoken TLS.
  if (error.code === 'peer.unknownRecordType' && (version === undefined || hostOpenssl() === '3.0'))
    return opensslError('wrong version number');
  if (!socket._tlsOptions.isServer) {
    const address = (socket[connectOptions] ?? {}) as object;
    return handshakeError(error, { side: 'client', isOlder, address });
  }
  // Nothing may come before a ClientHello, not even bad news.
  if (version === undefined && error.code === 'received.alert') return opensslError('unexpected message');
  // A client that takes no such version says so in a record of a version of its own.
  if (isOlder && error.receivedAlert === alertDescriptions.protocol_version)
    return opensslError('wrong version number');
  const shown = handshakeError(error, { side: 'server', isOlder });
  // OpenSSL compares the lists before it thinks of certificates.
  const isOfLists =
    shown.code === 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM' && handle?.getSharedSigalgs().length === 0;
  return isOfLists ? opensslError('no shared signature algorithms') : shown;
}

/** A context that leaves nothing to begin with: the peer is told, unless it is Node that refuses, and the socket ends. */
export function refuse(socket: TLSSocketFields, error: Error): void {
  const { internal_error, protocol_version } = alertDescriptions;
  const { code } = error as { code?: string };
  const isOfVersions = code === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE';
  const { carrier } = socket._handle ?? {};
  // A record of a fatal alert (RFC 9846 §5.1, §6), such as there would be from a connection.
  if (carrier?.writable && !code?.startsWith('ERR_TLS_'))
    carrier.write(Buffer.of(21, 3, 1, 0, 2, 2, isOfVersions ? protocol_version : internal_error));
  endInsecure(socket, error);
}
