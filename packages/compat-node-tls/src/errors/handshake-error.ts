import type { TlsError } from '@sealwire/core';
import { hostOpenssl, type OpensslVersion } from '../process/host.ts';
import { alertReasons } from './alert-reasons.ts';
import { handshakeReasons, type Said } from './handshake-reasons.ts';
import { type Address, disconnectedBeforeSecure, socketHangUp } from './node-codes.ts';
import type { CodedError } from './node-error.ts';
import { type OpensslReason, opensslError } from './openssl-error.ts';
import type { SslReason } from './ssl-reasons.ts';

export interface HandshakeErrorContext {
  readonly side: 'client' | 'server';
  /** Whether TLS 1.2 or older is spoken, as far as that is known. Default false. */
  readonly isOlder?: boolean;
  /** What the client was asked to connect to, for a peer that goes away. */
  readonly address?: Address;
  /** Default: that of the process. */
  readonly version?: OpensslVersion;
}

/**
 * The error of an application for the reason for which a connection died: that of OpenSSL, on the same side. Whoever goes
 * away in the handshake, or sends an alert that nobody knows, leaves what Node makes of a reset.
 */
export function handshakeError(error: TlsError, context: HandshakeErrorContext): CodedError {
  const { side, isOlder = false, version = hostOpenssl() } = context;
  const alert = error.receivedAlert;
  const file = `sealwire/${error.code}`;
  if (error.code === 'received.alert' && alert !== undefined) {
    const reason = alertReasons.get(alert);
    if (reason !== undefined)
      return opensslError(reason, { file, data: `SSL alert number ${alert}` }, version);
  }
  if (error.code === 'received.alert' || error.code === 'peer.closedDuringHandshake') {
    return side === 'client' ? disconnectedBeforeSecure(context.address ?? {}) : socketHangUp();
  }
  const said: Said = handshakeReasons[error.code];
  return opensslError(reasonOf(said, { side, isOlder, version }, error.handshakeMessage), { file }, version);
}

function reasonOf(
  said: Said,
  { side, isOlder, version }: { side: 'client' | 'server'; isOlder: boolean; version: OpensslVersion },
  message: string | undefined,
): SslReason | OpensslReason {
  const special = message === undefined ? undefined : said.in?.[message];
  return (
    special ??
    (version === '3.0' ? said.before32 : undefined) ??
    (isOlder ? said.older : undefined) ??
    said[side] ??
    said.reason
  );
}
