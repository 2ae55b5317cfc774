/**
 * Every reason for which a connection can die, grouped by who is to blame.
 *
 * A code is stable API: programs switch on it, tests assert it. The alert that each code puts on the
 * wire stands in `alerts.ts`, in one exhaustive table; no throw site chooses an alert.
 */

/** The peer broke a rule of the protocol. */
export const peerCodes = [
  // Bytes that do not decode, and messages that may not stand where they stand.
  'peer.malformedMessage',
  'peer.unknownMessageType',
  'peer.unexpectedMessage',
  'peer.unexpectedApplicationData',
  'peer.unexpectedChangeCipherSpec',
  'peer.messageTooLarge',
  'peer.interleavedHandshakeMessage',
  'peer.keyChangeInsideRecord',
  'peer.excessHandshakeData',
  // Records.
  'peer.recordTooLarge',
  'peer.plaintextTooLarge',
  'peer.badRecordVersion',
  'peer.unknownRecordType',
  'peer.emptyRecord',
  'peer.unprotectedRecord',
  'peer.allZeroInnerPlaintext',
  'peer.recordAuthenticationFailed',
  // Alerts.
  'peer.malformedAlert',
  'peer.illegalAlertLevel',
  'peer.closedDuringHandshake',
  // Hello fields.
  'peer.illegalLegacyVersion',
  'peer.illegalCompressionMethods',
  'peer.illegalSessionIdEcho',
  'peer.badRenegotiationInfo',
  'peer.changedInRenegotiation',
  'peer.illegalResumption',
  'peer.missingExtendedMainSecret',
  'peer.downgradeSentinel',
  'peer.unofferedVersion',
  'peer.versionDiffersFromRetry',
  'peer.unofferedCipherSuite',
  'peer.cipherSuiteDiffersFromRetry',
  'peer.unofferedGroup',
  'peer.groupDiffersFromRetry',
  'peer.retryWithoutChange',
  'peer.secondHelloDiffers',
  'peer.retryCookieMismatch',
  'peer.keyShareOfUnlistedGroup',
  'peer.duplicateKeyShare',
  'peer.invalidKeyShare',
  'peer.invalidDhShare',
  'peer.illegalDhParameters',
  // Extensions.
  'peer.duplicateExtension',
  'peer.repeatedExtension',
  'peer.unsolicitedExtension',
  'peer.forbiddenExtension',
  'peer.missingExtension',
  'peer.illegalExtension',
  'peer.preSharedKeyNotLast',
  'peer.unofferedAlpn',
  // Pre-shared keys and 0-RTT data.
  'peer.badBinder',
  'peer.illegalPskSelection',
  'peer.illegalEarlyDataAcceptance',
  'peer.tooMuchEarlyData',
  'peer.illegalRecordSizeLimit',
  // Encrypted Client Hello (RFC 9849).
  'peer.illegalEncryptedHello',
  'peer.undecryptableSecondHello',
  'peer.encryptedHelloNotConfirmed',
  'peer.illegalMaxFragmentLength',
  // Authentication.
  'peer.emptyCertificate',
  'peer.certificateContextMismatch',
  'peer.certificateRequestContext',
  'peer.illegalCertificateRequest',
  'peer.badCertificate',
  'peer.unofferedCertificateType',
  'peer.illegalRawPublicKey',
  'peer.unofferedCompression',
  'peer.badCompressedCertificate',
  'peer.unsolicitedDelegatedCredential',
  'peer.illegalDelegatedCredential',
  'peer.unusablePublicKey',
  'peer.unofferedSignatureScheme',
  'peer.schemeDoesNotFitKey',
  'peer.badSignature',
  'peer.badFinished',
  'peer.illegalKeyUpdate',
  // TLS for QUIC (RFC 9001).
  'peer.olderVersionInQuic',
  'peer.compatibilityModeInQuic',
  'peer.illegalEarlyDataSize',
  'peer.postHandshakeAuthInQuic',
  'peer.wrongEncryptionLevel',
  // Floods.
  'peer.tooManyEmptyRecords',
  'peer.tooManyWarningAlerts',
  'peer.tooManyKeyUpdates',
  'peer.tooManyPostHandshakeMessages',
  'peer.tooManyChangeCipherSpecs',
  'peer.tooManyRenegotiations',
] as const;

/** The peer did nothing wrong; there is no overlap between what both sides accept. */
export const incompatibleCodes = [
  'incompatible.version',
  'incompatible.cipherSuites',
  'incompatible.groups',
  'incompatible.dhGroups',
  'incompatible.dhGroupTooSmall',
  'incompatible.signatureSchemes',
  'incompatible.certificateTypes',
  'incompatible.alpn',
  'incompatible.earlyData',
  'incompatible.certificateRequired',
  'incompatible.pskIdentity',
  'incompatible.pskRequired',
  'incompatible.insecureRenegotiation',
  'incompatible.inappropriateFallback',
  'incompatible.encryptedHelloRejected',
] as const;

/** Somebody on our side said no: an answer to a decision, a limit of ours, or `abort()`. */
export const localCodes = [
  'local.aborted',
  'local.heldInputOverflow',
  'local.unrecognizedName',
  'local.refusedHello',
  'local.noCredential',
  'local.credentialUnavailable',
  'local.signFailed',
  'local.certificateRejected',
  'local.verificationUnavailable',
  'local.certificateExpired',
  'local.certificateRevoked',
  'local.certificateUnsupported',
  'local.unknownCa',
  'local.nameMismatch',
  'local.accessDenied',
  'local.extensionRefused',
  'local.badStatusResponse',
  'local.unwantedRenegotiation',
  'local.keyUsageLimit',
  'local.policyFailed',
] as const;

/** The connection ended because the peer said so with a fatal alert. */
export const receivedCodes = ['received.alert'] as const;

/** A defect of ours. Worth a bug report. */
export const internalCodes = ['internal.error'] as const;

export type PeerCode = (typeof peerCodes)[number];
export type IncompatibleCode = (typeof incompatibleCodes)[number];
export type LocalCode = (typeof localCodes)[number];
export type ReceivedCode = (typeof receivedCodes)[number];
export type InternalCode = (typeof internalCodes)[number];

export type ErrorCode = PeerCode | IncompatibleCode | LocalCode | ReceivedCode | InternalCode;

/** Who is to blame; the part of a code before its dot. */
export type Blame = 'peer' | 'incompatible' | 'local' | 'received' | 'internal';
