import type { ClientConfig } from '../config/client.ts';
import type { ServerConfig } from '../config/server.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { TlsError } from '../errors/tls-error.ts';
import { refuseUnsolicited } from '../extensions/matrix.ts';
import { signedCertificateTimestampExtension } from '../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../extensions/status-request.ts';
import type { Limits } from '../limits.ts';
import type { Ask, Context } from '../machine/step.ts';
import type { Certificate } from '../messages/certificate.ts';
import type { CertificateTypeName } from '../values/credential.ts';
import type {
  PeerEvidence,
  PeerRefusal,
  PresentedCertificate,
  VerifyPeerAsk,
  VerifyPeerReply,
} from '../values/peer-evidence.ts';
import type { SessionPeer } from '../values/session.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import { owned } from '../wire/owned.ts';
import { checkRawPublicKey } from './raw-public-key.ts';
import {
  credentialIn,
  presentedCredential,
  refuseCredentialOfRawKey,
  refuseUnaskedCredential,
  type CertificateQuestion,
} from './delegated-credential.ts';

/**
 * What a peer's Certificate message proves nothing about yet, but presents. Copied: the application gets it,
 * and the transcript still holds the message.
 */
export function evidenceOf(
  message: Certificate,
  /** The extensions that our ClientHello or CertificateRequest asked for. */
  requested: CertificateQuestion,
  limits: Limits,
  type: CertificateTypeName,
): PeerEvidence {
  if (message.certificateList.length > limits.certificateEntries) {
    throw new TlsError(
      'peer.messageTooLarge',
      `the peer sent ${message.certificateList.length} certificates, the limit is ${limits.certificateEntries}`,
      { section: 'RFC 9846 §4.5.1', handshakeMessage: 'certificate', field: 'certificate_list' },
    );
  }
  if (type === 'rawPublicKey') return rawPublicKeyOf(message, requested);
  const chain = message.certificateList.map(({ certData, extensions }, position): PresentedCertificate => {
    refuseUnaskedCredential(extensions, requested);
    refuseUnsolicited(extensions, requested);
    const ocspResponse = extensions.get(statusRequestExtension);
    const signedCertificateTimestamps = extensions.get(signedCertificateTimestampExtension);
    // "SHOULD ignore delegated credentials sent as extensions to any other certificate" (RFC 9345 §4.1.1, §4.1.2).
    const delegatedCredential = position === 0 ? presentedCredential(extensions, requested) : undefined;
    return {
      certificate: copyOf(certData),
      ...(ocspResponse === undefined ? {} : { ocspResponse: copyOf(ocspResponse) }),
      ...(signedCertificateTimestamps === undefined
        ? {}
        : { signedCertificateTimestamps: signedCertificateTimestamps.map(copyOf) }),
      ...(delegatedCredential === undefined ? {} : { delegatedCredential }),
    };
  });
  return { type: 'x509', chain };
}

/** "The certificate_list MUST contain no more than one CertificateEntry" (RFC 9846 §4.5.1); an empty one is no evidence. */
function rawPublicKeyOf({ certificateList }: Certificate, requested: CertificateQuestion): PeerEvidence {
  const [entry, ...more] = certificateList;
  if (entry === undefined || more.length > 0) {
    throw new TlsError(
      'peer.illegalRawPublicKey',
      `the peer sent ${certificateList.length} entries in place of one raw public key`,
      { section: 'RFC 9846 §4.5.1', handshakeMessage: 'certificate', field: 'certificate_list' },
    );
  }
  refuseUnaskedCredential(entry.extensions, requested);
  refuseUnsolicited(entry.extensions, requested);
  refuseCredentialOfRawKey(entry.extensions);
  checkRawPublicKey(entry.certData, 'RFC 9846 §4.5.1');
  return { type: 'rawPublicKey', spki: copyOf(entry.certData) };
}

/** The context of a Certificate must be that of the request it answers (RFC 9846 §4.5.1). */
export function checkCertificateContext(message: Certificate, expected: Uint8Array): void {
  const got = message.certificateRequestContext;
  if (got.length !== expected.length || got.some((byte, i) => byte !== expected[i])) {
    throw new TlsError(
      'peer.certificateContextMismatch',
      `certificate_request_context has ${got.length} bytes that differ from the ${expected.length} expected`,
      { section: 'RFC 9846 §4.5.1', handshakeMessage: 'certificate', field: 'certificate_request_context' },
    );
  }
}

/** Asks the application who the peer is, giving it copies; `stored`: as it was accepted in the handshake that is resumed. */
export function verifyPeerAsk(
  cause: VerifyPeerAsk['cause'],
  evidence: PeerEvidence,
  config: ClientConfig | ServerConfig,
  { receivedAtMs }: Context,
  stored?: SessionPeer,
  keyUse: VerifyPeerAsk['keyUse'] = 'sign',
): Ask {
  return {
    kind: 'verifyPeer',
    ask: {
      cause,
      evidence: owned(evidence),
      expectedName: config.role === 'client' ? config.serverName : undefined,
      purpose: config.role === 'client' ? 'serverAuth' : 'clientAuth',
      keyUse,
      // A resumed handshake brings no certificate, and so nothing stapled to one.
      ...(config.role === 'client' && config.requestOcsp && cause !== 'resumption'
        ? { statusRequested: true }
        : {}),
      ...(stored === undefined
        ? {}
        : { stored: { verdict: owned(stored.verdict), verifiedAtMs: stored.verifiedAtMs } }),
      receivedAtMs,
    },
  };
}

/**
 * The accepted peer, or the application's refusal as the end of the connection. `evidence`: what its signature is still
 * awaited for. An application that knows nothing of delegated credentials must not have asked for them.
 */
export function acceptedPeer(
  reply: VerifyPeerReply,
  evidence?: PeerEvidence,
): Extract<VerifyPeerReply, { ok: true }> {
  if (reply.ok) {
    const delegated = evidence === undefined ? undefined : credentialIn(evidence);
    if (delegated === undefined || sameBytes(reply.publicKey, delegated.cred.subjectPublicKeyInfo))
      return owned(reply);
    throw new TlsError(
      'local.policyFailed',
      'verifyPeer accepts another key than that of the delegated credential',
      { section: 'RFC 9345 §4.1.3', handshakeMessage: 'certificate' },
    );
  }
  throw new TlsError(refusalCodes[reply.reason], reply.message, {
    section: reply.reason === 'invalidDelegation' ? 'RFC 9345 §4.1.3' : 'RFC 9846 §4.5.1.3',
    handshakeMessage: 'certificate',
    alert: reply.alert,
    cause: reply.cause,
  });
}

const refusalCodes = {
  malformed: 'peer.badCertificate',
  rejected: 'local.certificateRejected',
  expired: 'local.certificateExpired',
  revoked: 'local.certificateRevoked',
  unsupported: 'local.certificateUnsupported',
  unknownCa: 'local.unknownCa',
  nameMismatch: 'local.nameMismatch',
  accessDenied: 'local.accessDenied',
  badStatusResponse: 'local.badStatusResponse',
  invalidDelegation: 'peer.illegalDelegatedCredential',
  unavailable: 'local.verificationUnavailable',
} as const satisfies Record<PeerRefusal, ErrorCode>;
