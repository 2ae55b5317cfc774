import { wordsOf } from '@sealwire/core';

/**
 * What can go wrong below TLS. Failures of the protocol are `TlsError`s of `@sealwire/core`, mistakes of the
 * caller its `ApiMisuseError`.
 */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export type TransportErrorCode =
  /** No connection of the transport came about; `cause` says why (ECONNREFUSED, ENOTFOUND, …). */
  | 'transport.connectFailed'
  /** The peer, or something between, cut the connection (ECONNRESET, EPIPE). */
  | 'transport.reset'
  /** The transport failed in another way, or was closed under the connection; see `cause`. */
  | 'transport.broken'
  /** The transport ended without close_notify: what was read may not be all (RFC 9846 §6.1). */
  | 'transport.truncated'
  /** The client cannot be asked to authenticate, or will not answer any more. */
  | 'transport.clientAuthUnavailable'
  /** There can be no other handshake on the connection. */
  | 'transport.renegotiationUnavailable'
  /** The list of the system's roots has no certificates. */
  | 'transport.noSystemRoots'
  /** The handshake took longer than `handshakeTimeoutMs`. */
  | 'transport.handshakeTimeout'
  /** No data has come or gone for `idleTimeoutMs`. */
  | 'transport.idleTimeout'
  /** `destroy` was called before the handshake was complete. */
  | 'transport.destroyed';

/** The end of the peer's data, if that was all. */
export function truncated(): TransportError {
  return new TransportError(
    'transport.truncated',
    'the transport ended without close_notify: data may be missing (RFC 9846 §6.1)',
  );
}

/** An error of what carries us as ours. */
export function asTransportError(error: unknown, isConnecting: boolean): TransportError {
  if (error instanceof TransportError) return error;
  const message = wordsOf(error);
  if (isConnecting)
    return new TransportError('transport.connectFailed', `could not connect: ${message}`, error);
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ECONNRESET' || code === 'EPIPE'
    ? new TransportError('transport.reset', `the connection was cut: ${message}`, error)
    : new TransportError('transport.broken', `the transport failed: ${message}`, error);
}
