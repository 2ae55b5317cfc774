import type { ErrorCode } from './codes.ts';

/**
 * Alert descriptions (RFC 9846 §6, with the older ones that a peer may still send) and the one table
 * that says which alert each error puts on the wire.
 */
export const alertDescriptions = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  certificate_unobtainable: 111,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  bad_certificate_hash_value: 114,
  unknown_psk_identity: 115,
  certificate_required: 116,
  general_error: 117,
  no_application_protocol: 120,
  ech_required: 121,
} as const;

export type AlertName = keyof typeof alertDescriptions;

/** The alert sent for each error; `none` where nothing may or need be said. */
export const alertFor = {
  'peer.malformedMessage': 'decode_error',
  'peer.unknownMessageType': 'unexpected_message',
  'peer.unexpectedMessage': 'unexpected_message',
  'peer.unexpectedApplicationData': 'unexpected_message',
  'peer.unexpectedChangeCipherSpec': 'unexpected_message',
  'peer.messageTooLarge': 'illegal_parameter',
  'peer.interleavedHandshakeMessage': 'unexpected_message',
  'peer.keyChangeInsideRecord': 'unexpected_message',
  'peer.excessHandshakeData': 'unexpected_message',
  'peer.recordTooLarge': 'record_overflow',
  'peer.plaintextTooLarge': 'record_overflow',
  'peer.badRecordVersion': 'protocol_version',
  'peer.unknownRecordType': 'unexpected_message',
  'peer.emptyRecord': 'unexpected_message',
  // What is read as TLSCiphertext and is none cannot be deprotected (RFC 9846 §5.2).
  'peer.unprotectedRecord': 'bad_record_mac',
  'peer.allZeroInnerPlaintext': 'unexpected_message',
  'peer.recordAuthenticationFailed': 'bad_record_mac',
  'peer.malformedAlert': 'decode_error',
  'peer.illegalAlertLevel': 'illegal_parameter',
  'peer.closedDuringHandshake': 'none',
  'peer.illegalLegacyVersion': 'protocol_version',
  'peer.illegalCompressionMethods': 'illegal_parameter',
  'peer.badRenegotiationInfo': 'handshake_failure',
  'peer.changedInRenegotiation': 'illegal_parameter',
  'peer.illegalResumption': 'illegal_parameter',
  'peer.missingExtendedMainSecret': 'handshake_failure',
  'peer.illegalSessionIdEcho': 'illegal_parameter',
  'peer.downgradeSentinel': 'illegal_parameter',
  'peer.unofferedVersion': 'illegal_parameter',
  'peer.versionDiffersFromRetry': 'illegal_parameter',
  'peer.unofferedCipherSuite': 'illegal_parameter',
  'peer.cipherSuiteDiffersFromRetry': 'illegal_parameter',
  'peer.unofferedGroup': 'illegal_parameter',
  'peer.groupDiffersFromRetry': 'illegal_parameter',
  'peer.retryWithoutChange': 'illegal_parameter',
  'peer.secondHelloDiffers': 'illegal_parameter',
  'peer.retryCookieMismatch': 'illegal_parameter',
  'peer.keyShareOfUnlistedGroup': 'illegal_parameter',
  'peer.duplicateKeyShare': 'illegal_parameter',
  'peer.invalidKeyShare': 'illegal_parameter',
  // RFC 7919 §3, §4; elsewhere an invalid share is an illegal parameter.
  'peer.invalidDhShare': 'handshake_failure',
  'peer.illegalDhParameters': 'illegal_parameter',
  'peer.duplicateExtension': 'decode_error',
  // RFC 9846 §4.3 names no alert; others say so of what stands in no hello, and in a HelloRetryRequest.
  'peer.repeatedExtension': 'illegal_parameter',
  'peer.unsolicitedExtension': 'unsupported_extension',
  'peer.forbiddenExtension': 'illegal_parameter',
  'peer.missingExtension': 'missing_extension',
  'peer.illegalExtension': 'illegal_parameter',
  'peer.preSharedKeyNotLast': 'illegal_parameter',
  'peer.unofferedAlpn': 'illegal_parameter',
  'peer.badBinder': 'decrypt_error',
  'peer.illegalPskSelection': 'illegal_parameter',
  'peer.illegalEarlyDataAcceptance': 'illegal_parameter',
  'peer.tooMuchEarlyData': 'unexpected_message',
  'peer.illegalRecordSizeLimit': 'illegal_parameter',
  'peer.illegalEncryptedHello': 'illegal_parameter',
  'peer.undecryptableSecondHello': 'decrypt_error',
  'peer.encryptedHelloNotConfirmed': 'illegal_parameter',
  'peer.illegalMaxFragmentLength': 'illegal_parameter',
  'peer.emptyCertificate': 'decode_error',
  'peer.certificateContextMismatch': 'illegal_parameter',
  'peer.certificateRequestContext': 'illegal_parameter',
  'peer.illegalCertificateRequest': 'handshake_failure',
  'peer.badCertificate': 'bad_certificate',
  'peer.unofferedCertificateType': 'illegal_parameter',
  'peer.illegalRawPublicKey': 'illegal_parameter',
  'peer.unofferedCompression': 'illegal_parameter',
  'peer.badCompressedCertificate': 'bad_certificate',
  'peer.unsolicitedDelegatedCredential': 'unexpected_message',
  'peer.illegalDelegatedCredential': 'illegal_parameter',
  'peer.unusablePublicKey': 'unsupported_certificate',
  'peer.unofferedSignatureScheme': 'illegal_parameter',
  'peer.schemeDoesNotFitKey': 'illegal_parameter',
  'peer.badSignature': 'decrypt_error',
  'peer.badFinished': 'decrypt_error',
  'peer.illegalKeyUpdate': 'illegal_parameter',
  'peer.olderVersionInQuic': 'protocol_version',
  // The alerts of these say less than the error code of QUIC that stands for them (RFC 9001 §4.4, §4.6.1, §8.4).
  'peer.compatibilityModeInQuic': 'illegal_parameter',
  'peer.illegalEarlyDataSize': 'illegal_parameter',
  'peer.postHandshakeAuthInQuic': 'unexpected_message',
  'peer.wrongEncryptionLevel': 'unexpected_message',
  'peer.tooManyEmptyRecords': 'unexpected_message',
  'peer.tooManyWarningAlerts': 'unexpected_message',
  'peer.tooManyKeyUpdates': 'unexpected_message',
  'peer.tooManyPostHandshakeMessages': 'unexpected_message',
  'peer.tooManyChangeCipherSpecs': 'unexpected_message',
  'peer.tooManyRenegotiations': 'handshake_failure',
  'incompatible.version': 'protocol_version',
  'incompatible.cipherSuites': 'handshake_failure',
  'incompatible.groups': 'handshake_failure',
  'incompatible.dhGroups': 'insufficient_security',
  'incompatible.dhGroupTooSmall': 'insufficient_security',
  'incompatible.signatureSchemes': 'handshake_failure',
  'incompatible.certificateTypes': 'unsupported_certificate',
  'incompatible.alpn': 'no_application_protocol',
  'incompatible.earlyData': 'protocol_version',
  'incompatible.certificateRequired': 'certificate_required',
  'incompatible.inappropriateFallback': 'inappropriate_fallback',
  'incompatible.insecureRenegotiation': 'handshake_failure',
  'incompatible.pskIdentity': 'unknown_psk_identity',
  'incompatible.pskRequired': 'handshake_failure',
  'incompatible.encryptedHelloRejected': 'ech_required',
  'local.aborted': 'general_error',
  'local.heldInputOverflow': 'internal_error',
  'local.unrecognizedName': 'unrecognized_name',
  'local.refusedHello': 'handshake_failure',
  'local.noCredential': 'handshake_failure',
  'local.credentialUnavailable': 'internal_error',
  'local.signFailed': 'internal_error',
  // bad_certificate is for what is corrupt (RFC 9846 §6.2); whoever says no and no more has another reason.
  'local.certificateRejected': 'certificate_unknown',
  'local.verificationUnavailable': 'internal_error',
  'local.certificateExpired': 'certificate_expired',
  'local.certificateRevoked': 'certificate_revoked',
  'local.certificateUnsupported': 'unsupported_certificate',
  'local.unknownCa': 'unknown_ca',
  'local.nameMismatch': 'bad_certificate',
  'local.extensionRefused': 'handshake_failure',
  'local.accessDenied': 'access_denied',
  'local.badStatusResponse': 'bad_certificate_status_response',
  // RFC 5246 §7.2.2 knows it as a warning; who ends the connection for it says the same, and that this is the end.
  'local.unwantedRenegotiation': 'no_renegotiation',
  'local.keyUsageLimit': 'internal_error',
  'local.policyFailed': 'internal_error',
  'received.alert': 'none',
  'internal.error': 'internal_error',
} as const satisfies Record<ErrorCode, AlertName | 'none'>;

/** Where TLS 1.2 and below say something else: certificate_required came with TLS 1.3 (RFC 5246 §7.4.6). */
export const olderAlertFor: Readonly<Partial<Record<ErrorCode, AlertName>>> = {
  'incompatible.certificateRequired': 'handshake_failure',
};

/** `isLegacy`: TLS 1.2 or below is spoken. */
export function alertOf(
  { code, alert: own }: { readonly code: ErrorCode; readonly alert?: AlertName | undefined },
  isLegacy: boolean,
): AlertName | 'none' {
  if (own !== undefined) return own;
  const alert = alertFor[code];
  if (!isLegacy) return alert;
  // general_error came with RFC 9846, and says no more.
  return olderAlertFor[code] ?? (alert === 'general_error' ? 'internal_error' : alert);
}

/** `handshake_failure` for 40, `alert(200)` for a number nobody assigned. */
export function alertName(description: number): string {
  return names.get(description) ?? `alert(${description})`;
}

const names: ReadonlyMap<number, string> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(alertDescriptions).map(([name, number]) => [number, name]),
);
