import type { ErrorCode } from './codes.ts';
import { cite, type TlsError } from './tls-error.ts';

/**
 * Rules that TLS 1.3 took over from the versions before it are checked by the same code, which names RFC 9846. Where an
 * older version is spoken, the error names the rule of that version.
 */
export function citeOlder(error: TlsError): void {
  const section = olderSectionFor[error.code];
  if (section === undefined || error.section?.startsWith('RFC 9846') !== true) return;
  cite(error, `RFC 5246 §${section}`);
}

/** Sections of RFC 5246; those of RFC 4346 and RFC 2246 mostly have the same numbers. */
const olderSectionFor: Readonly<Partial<Record<ErrorCode, string>>> = {
  'peer.malformedMessage': '7.2.2',
  'peer.unknownMessageType': '7.4',
  'peer.unexpectedMessage': '7.4',
  'peer.messageTooLarge': '7.4',
  'peer.unexpectedApplicationData': '7.3',
  'peer.unexpectedChangeCipherSpec': '7.1',
  'peer.recordTooLarge': '6.2.1',
  'peer.plaintextTooLarge': '6.2.1',
  'peer.badRecordVersion': '6.2.1',
  'peer.unknownRecordType': '6',
  'peer.emptyRecord': '6.2.1',
  'peer.malformedAlert': '7.2',
  'peer.illegalAlertLevel': '7.2',
  'peer.closedDuringHandshake': '7.2.1',
  'peer.duplicateExtension': '7.4.1.4',
  'peer.forbiddenExtension': '7.4.1.4',
  'peer.badCertificate': '7.4.2',
  'peer.tooManyEmptyRecords': '6.2.1',
  'peer.tooManyWarningAlerts': '7.2.2',
  'peer.tooManyPostHandshakeMessages': '7.4.1.1',
  'incompatible.version': 'E.1',
  'local.certificateRejected': '7.4.2',
  'local.verificationUnavailable': '7.4.2',
  'local.certificateExpired': '7.4.2',
  'local.certificateRevoked': '7.4.2',
  'local.certificateUnsupported': '7.4.2',
  'local.unknownCa': '7.4.2',
  'local.nameMismatch': '7.4.2',
  'local.accessDenied': '7.4.2',
  'local.keyUsageLimit': '6.1',
  'received.alert': '7.2.2',
};
