import { alertDescriptions, type ErrorCode, type Output, protocolVersions } from '@sealwire/core';
import { getSystemErrorMap } from 'node:util';
import { handshakeError } from '../errors/handshake-error.ts';
import { nullParameter, opensslError } from '../errors/openssl-error.ts';
import { suiteById } from '../openssl/suites.ts';
import { hostOpenssl } from '../process/host.ts';
import { debug, sideOf } from '../process/debug.ts';
import { connectOptions, type TLSSocketFields } from './fields.ts';
import { isAlertOfOtherVersion, nothingHeard, reasonOfBeginning } from './heard.ts';

/** A connection has failed: before it was secure the socket ends by that, later it is told and the application decides. */
export function showFailure(socket: TLSSocketFields, output: Extract<Output, { type: 'failed' }>): void {
  if (socket._hadError) return;
  const error = socket._handle?.refusal ?? shownError(socket, output);
  if (!socket._secureEstablished && (error as { code?: string }).code === 'ECONNRESET') {
    // Who says nothing that has a name has gone: whoever waits hears of the end first.
    socket._handle?.ended();
    return;
  }
  debug('%s onerror %s had? %j', sideOf(socket), error, socket._hadError);
  if (!socket._secureEstablished) {
    const pump = socket._handle?.pump;
    // OpenSSL goes on with the handshake when it is given something to write, which fails with it.
    if (pump?.isWriting && 'library' in error) pump.failWriting(writeError(error));
    else endInsecure(socket, error);
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

/** As of a system call, with the words of the failure. */
function writeError({ message }: Error): Error {
  const [errno] = [...getSystemErrorMap()].find(([, [name]]) => name === 'EPROTO')!;
  return Object.assign(new Error(`write EPROTO ${message}`), { errno, code: 'EPROTO', syscall: 'write' });
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
  const { version } = handle?.facts ?? {};
  const heard = handle?.pump.heard ?? nothingHeard;
  const side = socket._tlsOptions.isServer ? 'server' : 'client';
  const beginning = version === undefined ? reasonOfBeginning(heard, error.code, side) : undefined;
  if (beginning !== undefined) return opensslError(beginning);
  // OpenSSL looks at the version of a record first, and at its type only in newer releases.
  if (error.code === 'peer.unknownRecordType' && hostOpenssl() === '3.0')
    return opensslError('wrong version number');
  if (error.code === 'peer.recordAuthenticationFailed' && !isCounterMode(handle?.facts.cipherSuite))
    return opensslError('decryption failed or bad record mac');
  if (side === 'client') {
    const address = (socket[connectOptions] ?? {}) as object;
    return handshakeError(error, { side, isOlder: isOlder(version), address });
  }
  // Until OpenSSL 3.1 this is what the first of its errors was.
  if (handle?.hasEmptyContext && hostOpenssl() === '3.0') return opensslError(nullParameter);
  // Nothing may come before a ClientHello, not even bad news.
  if (version === undefined && fromAlerts.includes(error.code)) return opensslError('unexpected message');
  if (isOlder(version) && error.code === 'received.alert' && isAlertOfOtherVersion(heard, version))
    return opensslError('wrong version number');
  const { peerHello: hello } = handle ?? {};
  // OpenSSL compares the lists before it thinks of suites and certificates.
  const isOfLists =
    error.code === 'incompatible.signatureSchemes' &&
    hello?.signatureSchemes !== undefined &&
    handle?.getSharedSigalgs().length === 0;
  if (isOfLists) return opensslError('no shared signature algorithms');
  return handshakeError(error, { side, isOlder: isOlder(version ?? hello?.version) });
}

/** Whether the cipher is one of those that say themselves, in OpenSSL, that they have failed. */
function isCounterMode(suite: number | undefined): boolean {
  return suite !== undefined && /GCM|CCM/.test(suiteById(suite)?.name ?? '');
}

/** What comes of an alert, as long as the end of the carrier is not told to the connection. */
const fromAlerts: readonly ErrorCode[] = ['received.alert', 'peer.closedDuringHandshake'];

function isOlder(version: number | undefined): version is number {
  return version !== undefined && version < protocolVersions.tls13;
}

/** A context that leaves nothing to begin with: the peer is told, unless it is Node that refuses, and the socket ends. */
export function refuse(socket: TLSSocketFields, error: Error): void {
  const { internal_error, protocol_version, handshake_failure } = alertDescriptions;
  const { code } = error as { code?: string };
  const isOfVersions = code === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE';
  const alert = isOfVersions
    ? protocol_version
    : code === 'ERR_SSL_NO_SHARED_CIPHER'
      ? handshake_failure
      : internal_error;
  const { carrier } = socket._handle ?? {};
  // A record of a fatal alert (RFC 9846 §5.1, §6), such as there would be from a connection.
  if (carrier?.writable && !code?.startsWith('ERR_TLS_')) carrier.write(Buffer.of(21, 3, 1, 0, 2, 2, alert));
  endInsecure(socket, error);
}
