import { alertDescriptions, alertFor, type AlertName } from '../errors/alerts.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { TlsError } from '../errors/tls-error.ts';

/** The error code of QUIC for a failure of TLS: 0x0100 and the alert (RFC 9001 §4.8), unless RFC 9001 names another. */
export function quicErrorCode(
  error: Pick<TlsError, 'code'> & { readonly alert?: AlertName | undefined },
): number {
  const { code } = error;
  const alert = alertOfError(error);
  return (
    otherErrorCodes[code] ??
    (alert === undefined ? errorCodes.INTERNAL_ERROR : errorCodes.CRYPTO_ERROR + alertDescriptions[alert])
  );
}

export function alertOfError({
  code,
  alert: own,
}: Pick<TlsError, 'code'> & { readonly alert?: AlertName | undefined }): AlertName | undefined {
  const alert = own ?? alertFor[code];
  return alert === 'none' ? undefined : alert;
}

/** RFC 9000 §20.1. */
const errorCodes = {
  INTERNAL_ERROR: 0x01,
  PROTOCOL_VIOLATION: 0x0a,
  CRYPTO_BUFFER_EXCEEDED: 0x0d,
  CRYPTO_ERROR: 0x0100,
} as const;

const otherErrorCodes: Partial<Record<ErrorCode, number>> = {
  // RFC 9001 §4.1.3, §8.3.
  'peer.wrongEncryptionLevel': errorCodes.PROTOCOL_VIOLATION,
  // RFC 9001 §4.4.
  'peer.postHandshakeAuthInQuic': errorCodes.PROTOCOL_VIOLATION,
  // RFC 9001 §4.6.1.
  'peer.illegalEarlyDataSize': errorCodes.PROTOCOL_VIOLATION,
  // RFC 9001 §8.4.
  'peer.compatibilityModeInQuic': errorCodes.PROTOCOL_VIOLATION,
  // RFC 9000 §7.5.
  'local.heldInputOverflow': errorCodes.CRYPTO_BUFFER_EXCEEDED,
};
