import type { PeerEvidence, VerifyPeerAsk, VerifyPeerReply } from '@sealwire/core';
import { checkHostName, isX509Error, parseCertificate } from '@sealwire/x509';
import { verifyResultNumber, verifyResultOf, type StoredVerdict } from './verify-result.ts';

/**
 * The peer of a resumed session, where an SSL_SESSION has left its certificate alone: no path can be built from that. What
 * was found in the first handshake holds, and beside it what can be seen of the certificate itself: it may have expired since, or
 * be none. A certificate that was refused then is refused for the same reason; whether the connection goes on is for whoever
 * asks to say. `node:tls` does not look at all.
 */
export function judgeResumedPeer({ evidence, stored, receivedAtMs }: VerifyPeerAsk): VerifyPeerReply {
  if (evidence.type === 'rawPublicKey')
    return { ok: true, publicKey: evidence.spki, verdict: verdictOf(verifyResultOf(stored?.verdict)) };
  const leaf = leafOf(evidence);
  if (leaf === undefined)
    return { ok: false, reason: 'malformed', message: 'the certificate of the session cannot be read' };
  const before = verifyResultOf(stored?.verdict);
  const now =
    receivedAtMs > leaf.notAfterMs
      ? 'CERT_HAS_EXPIRED'
      : receivedAtMs < leaf.notBeforeMs
        ? 'CERT_NOT_YET_VALID'
        : 'OK';
  const verdict = verdictOf(before === 0 ? verifyResultNumber(now) : before);
  return { ok: true, publicKey: leaf.spki, verdict, validUntilMs: leaf.notAfterMs };
}

/** Whether the peer's own certificate is for this host (RFC 9525 §6); a raw public key is for none. */
export function isLeafFor(evidence: PeerEvidence, host: string): boolean {
  const leaf = leafOf(evidence);
  try {
    return leaf !== undefined && checkHostName(leaf, host) === undefined;
  } catch (error) {
    if (isX509Error(error)) return false;
    throw error;
  }
}

function leafOf(evidence: PeerEvidence) {
  const der = evidence.type === 'x509' ? evidence.chain[0]?.certificate : undefined;
  try {
    return der === undefined ? undefined : parseCertificate(der);
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

function verdictOf(verifyResult: number): StoredVerdict {
  return { verifyResult };
}
