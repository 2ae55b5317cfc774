import type { ErrorCode } from '@sealwire/core';
import type { OpensslReason } from './openssl-error.ts';
import type { SslReason } from './ssl-reasons.ts';

/** What OpenSSL says to one of core's codes; the special cases go before `reason`, in the order of the fields. */
export interface Said {
  readonly reason: SslReason | OpensslReason;
  /** By the handshake message that was being read. */
  readonly in?: Readonly<Record<string, SslReason>>;
  /** In TLS 1.2 and below. */
  readonly older?: SslReason | OpensslReason;
  readonly server?: SslReason;
  readonly client?: SslReason;
  /** Until OpenSSL 3.1. */
  readonly before32?: SslReason | OpensslReason;
  /** OpenSSL does not complain of this, or nobody can make it; why this reason is the nearest. */
  readonly nearest?: string;
}

/** Errors that are not of its TLS part, or of no part in particular. */
const below = {
  cipher: { library: 'Provider routines', number: 0x66, reason: 'cipher operation failed' },
  derivation: { library: 'Provider routines', number: 0xa4, reason: 'failed during derivation' },
  signature: { library: 'digital envelope routines', number: 0xea, reason: 'provider signature failure' },
  modulus: { library: 'Diffie-Hellman routines', number: 0x75, reason: 'check p not prime' },
  internal: { library: 'SSL routines', number: 0xc0103, reason: 'internal error' },
} as const satisfies Record<string, OpensslReason>;

const inQuic = 'of QUIC, which is not spoken here';
const noSuch = 'no such check';
const ours = 'a limit of ours';
const unknownThere = 'not in OpenSSL';

/**
 * Measured with Node 20.20.2 (OpenSSL 3.0.19), 24.21.0 and 26.10.0 (both 3.5.8) on 22 November 2026, by playing every attack
 * of core's clause tests against `node:tls`; where several answers came, the one that came most often.
 */
export const handshakeReasons = {
  'peer.malformedMessage': {
    reason: 'length mismatch',
    in: {
      finished: 'bad digest length',
      key_update: 'bad key update',
      change_cipher_spec: 'bad change cipher spec',
      hello_request: 'excessive message size',
    },
  },
  'peer.unknownMessageType': { reason: 'unexpected message' },
  'peer.unexpectedMessage': { reason: 'unexpected message' },
  'peer.unexpectedApplicationData': { reason: 'unexpected record' },
  'peer.unexpectedChangeCipherSpec': { reason: 'invalid ccs message', older: 'unexpected message' },
  'peer.messageTooLarge': { reason: 'excessive message size' },
  'peer.interleavedHandshakeMessage': {
    reason: 'mixed handshake and non handshake data',
    older: 'unexpected message',
  },
  'peer.keyChangeInsideRecord': { reason: 'not on record boundary' },
  'peer.excessHandshakeData': { reason: 'not on record boundary', nearest: noSuch },
  'peer.recordTooLarge': { before32: 'encrypted length too long', reason: 'data length too long' },
  'peer.plaintextTooLarge': { reason: 'data length too long' },
  'peer.badRecordVersion': { reason: 'wrong version number' },
  'peer.unknownRecordType': { reason: 'bad record type', older: 'unexpected record' },
  'peer.emptyRecord': { reason: 'bad length', older: 'invalid alert' },
  'peer.unprotectedRecord': { reason: 'bad record type' },
  'peer.allZeroInnerPlaintext': { reason: 'bad record type' },
  'peer.recordAuthenticationFailed': {
    reason: 'decryption failed or bad record mac',
    older: below.cipher,
  },
  'peer.malformedAlert': { reason: 'invalid alert' },
  'peer.illegalAlertLevel': { reason: 'unknown alert type' },
  'peer.closedDuringHandshake': {
    reason: 'unexpected eof while reading',
    nearest: 'handshakeError answers with the ECONNRESET that Node makes of it',
  },
  'peer.illegalLegacyVersion': { reason: 'unsupported protocol' },
  'peer.illegalCompressionMethods': {
    reason: 'invalid compression algorithm',
    older: 'required compression algorithm missing',
    client: 'invalid compression algorithm',
  },
  'peer.illegalSessionIdEcho': { reason: 'invalid session id' },
  'peer.badRenegotiationInfo': { reason: 'renegotiation mismatch' },
  'peer.changedInRenegotiation': { reason: 'renegotiation mismatch', nearest: noSuch },
  'peer.illegalResumption': { reason: 'old session cipher not returned' },
  'peer.missingExtendedMainSecret': { reason: 'inconsistent extms' },
  'peer.downgradeSentinel': { reason: 'inappropriate fallback' },
  'peer.unofferedVersion': { reason: 'bad protocol version number', older: 'wrong ssl version' },
  'peer.versionDiffersFromRetry': { reason: 'wrong ssl version' },
  'peer.unofferedCipherSuite': { reason: 'wrong cipher returned' },
  'peer.cipherSuiteDiffersFromRetry': { reason: 'wrong cipher returned' },
  'peer.unofferedGroup': { reason: 'bad key share', older: 'wrong curve' },
  'peer.groupDiffersFromRetry': { reason: 'bad key share' },
  'peer.retryWithoutChange': { reason: 'no change following hrr' },
  'peer.secondHelloDiffers': { reason: 'bad key share' },
  'peer.retryCookieMismatch': { reason: 'cookie mismatch' },
  'peer.keyShareOfUnlistedGroup': { reason: 'bad key share' },
  'peer.duplicateKeyShare': { reason: 'bad key share', nearest: noSuch },
  'peer.invalidKeyShare': { reason: below.derivation },
  'peer.invalidDhShare': { reason: 'bad dh value' },
  'peer.illegalDhParameters': { reason: below.modulus },
  'peer.duplicateExtension': { reason: 'bad extension' },
  'peer.repeatedExtension': { reason: 'bad extension' },
  'peer.unsolicitedExtension': { reason: 'unsolicited extension' },
  'peer.forbiddenExtension': { reason: 'bad extension' },
  'peer.missingExtension': {
    reason: 'missing sigalgs extension',
    in: {
      server_hello: 'no suitable key share',
      hello_retry_request: 'no change following hrr',
    },
  },
  'peer.illegalExtension': { reason: 'bad extension' },
  'peer.preSharedKeyNotLast': { reason: 'bad extension' },
  'peer.unofferedAlpn': { reason: 'bad extension' },
  'peer.badBinder': { reason: 'binder does not verify' },
  'peer.illegalPskSelection': { reason: 'bad psk identity' },
  'peer.illegalEarlyDataAcceptance': { reason: 'unsolicited extension' },
  'peer.tooMuchEarlyData': { reason: 'too much early data' },
  'peer.illegalRecordSizeLimit': { reason: 'bad extension', nearest: unknownThere },
  'peer.illegalEncryptedHello': { reason: 'bad extension', nearest: unknownThere },
  'peer.undecryptableSecondHello': { reason: 'decryption failed', nearest: unknownThere },
  'peer.encryptedHelloNotConfirmed': { reason: 'bad extension', nearest: unknownThere },
  'peer.illegalMaxFragmentLength': { reason: 'ssl3 ext invalid max fragment length' },
  'peer.emptyCertificate': { reason: 'length mismatch' },
  'peer.certificateContextMismatch': { reason: 'invalid context', client: 'length mismatch' },
  'peer.certificateRequestContext': { reason: 'invalid context' },
  'peer.illegalCertificateRequest': { reason: 'unexpected message' },
  'peer.badCertificate': { reason: 'certificate verify failed', nearest: 'said by the application' },
  'peer.unofferedCertificateType': { reason: 'unknown certificate type' },
  'peer.illegalRawPublicKey': { reason: 'unknown certificate type' },
  'peer.unofferedCompression': { reason: 'unsupported compression algorithm' },
  'peer.badCompressedCertificate': { reason: 'bad decompression' },
  'peer.unsolicitedDelegatedCredential': { reason: 'unsolicited extension', nearest: unknownThere },
  'peer.illegalDelegatedCredential': { reason: 'bad extension', nearest: unknownThere },
  'peer.unusablePublicKey': { reason: 'unknown certificate type', nearest: 'said by the application' },
  'peer.unofferedSignatureScheme': { reason: 'wrong signature type' },
  'peer.schemeDoesNotFitKey': {
    reason: 'wrong signature type',
    in: { server_key_exchange: 'wrong signature type', certificate_verify: 'wrong signature type' },
    older: 'wrong certificate type',
  },
  'peer.badSignature': { before32: 'bad signature', reason: below.signature },
  'peer.badFinished': { reason: 'digest check failed' },
  'peer.illegalKeyUpdate': { reason: 'bad key update' },
  'peer.olderVersionInQuic': { reason: 'unsupported protocol', nearest: inQuic },
  'peer.compatibilityModeInQuic': { reason: 'bad extension', nearest: inQuic },
  'peer.illegalEarlyDataSize': { reason: 'bad extension', nearest: inQuic },
  'peer.postHandshakeAuthInQuic': { reason: 'unexpected message', nearest: inQuic },
  'peer.wrongEncryptionLevel': { reason: 'unexpected message', nearest: inQuic },
  'peer.tooManyEmptyRecords': { reason: 'record too small' },
  'peer.tooManyWarningAlerts': { reason: 'too many warn alerts', older: 'no renegotiation' },
  'peer.tooManyKeyUpdates': { reason: 'too many key updates', nearest: noSuch },
  'peer.tooManyPostHandshakeMessages': { reason: 'unexpected message', nearest: ours },
  'peer.tooManyChangeCipherSpecs': { reason: 'unexpected ccs message' },
  'peer.tooManyRenegotiations': { reason: 'no renegotiation', nearest: ours },
  'incompatible.version': { reason: 'unsupported protocol' },
  'incompatible.cipherSuites': { reason: 'no shared cipher', client: 'no ciphers available' },
  'incompatible.groups': { reason: 'no suitable key share', older: 'no shared cipher' },
  'incompatible.dhGroups': { reason: 'no shared cipher' },
  'incompatible.dhGroupTooSmall': { reason: 'dh key too small' },
  'incompatible.signatureSchemes': {
    reason: 'no suitable signature algorithm',
    // There a certificate that cannot sign leaves the suites without which it is of no use.
    older: 'no shared cipher',
  },
  'incompatible.certificateTypes': { reason: 'unknown certificate type' },
  'incompatible.alpn': { reason: 'no application protocol' },
  'incompatible.earlyData': { reason: 'wrong cipher returned' },
  'incompatible.certificateRequired': { reason: 'peer did not return a certificate' },
  'incompatible.pskIdentity': { reason: 'psk identity not found' },
  'incompatible.pskRequired': { reason: 'psk identity not found', nearest: ours },
  'incompatible.insecureRenegotiation': { reason: 'unsafe legacy renegotiation disabled' },
  'incompatible.inappropriateFallback': { reason: 'inappropriate fallback' },
  'incompatible.encryptedHelloRejected': { reason: 'tlsv1 unrecognized name', nearest: unknownThere },
  'local.aborted': { reason: below.internal, nearest: ours },
  'local.heldInputOverflow': { reason: 'excessive message size', nearest: ours },
  'local.unrecognizedName': { reason: 'callback failed' },
  'local.refusedHello': { reason: 'callback failed' },
  'local.noCredential': {
    reason: 'no certificate set',
    in: { client_key_exchange: 'psk identity not found' },
  },
  'local.credentialUnavailable': { reason: 'cert cb error' },
  'local.signFailed': { reason: below.internal },
  'local.certificateRejected': { reason: 'certificate verify failed' },
  'local.verificationUnavailable': {
    reason: 'certificate verify failed',
    // What a server of TLS 1.0 or 1.1 signs is not looked at above level 0.
    older: 'legacy sigalg disallowed or unsupported',
  },
  'local.certificateExpired': { reason: 'certificate verify failed' },
  'local.certificateRevoked': { reason: 'certificate verify failed' },
  'local.certificateUnsupported': { reason: 'certificate verify failed' },
  'local.unknownCa': { reason: 'certificate verify failed' },
  'local.nameMismatch': { reason: 'certificate verify failed' },
  'local.accessDenied': { reason: 'certificate verify failed' },
  'local.extensionRefused': { reason: 'bad extension' },
  'local.badStatusResponse': { reason: 'invalid status response' },
  'local.unwantedRenegotiation': { reason: 'no renegotiation', nearest: ours },
  'local.keyUsageLimit': { reason: below.internal },
  'local.policyFailed': { reason: 'callback failed' },
  'received.alert': {
    reason: 'invalid alert',
    nearest: 'handshakeError has the alerts by number; this is for those nobody assigned',
  },
  'internal.error': { reason: below.internal },
} as const satisfies Readonly<Record<ErrorCode, Said>>;
