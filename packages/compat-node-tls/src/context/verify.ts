import {
  type CryptoProvider,
  namedGroups,
  type PeerEvidence,
  protocolVersions,
  type VerifyPeerAsk,
  type VerifyPeerReply,
} from '@sealwire/core';
import { isX509Error, nodeTlsPolicy, type PathRefusal, verifyChain, type VerifyCode } from '@sealwire/x509';
import { seenCertificates } from '../certificates/seen.ts';
import { judgeResumedPeer } from '../session/resumed-peer.ts';
import { verifyResultCode, verifyResultNumber, verifyResultOf } from '../session/verify-result.ts';
import { allowedGroups } from './offers.ts';
import type { ContextState } from './state.ts';
import { suiteBProblem } from './suite-b.ts';

/** What was found out about a peer's certificates; kept in the session as well. */
export interface Verdict {
  /** Absent: they are all right. */
  readonly problem?: Pick<PathRefusal, 'code' | 'message'>;
  /** 0, or OpenSSL's number for the problem: what a session keeps of it. */
  readonly verifyResult: number;
  /** What the application has against the peer, in its own words. */
  readonly error?: Error;
  /** DER of the chain that was built, the peer's own first; without one, what the peer sent. */
  readonly chain: readonly Uint8Array[];
}

/**
 * As in OpenSSL under Node: whatever is wrong with the certificates, the handshake goes on, and the application is asked when it is
 * done. Only a peer whose key cannot be read is refused; and a client before TLS 1.3 (`version`: what a server knows of it) whose key
 * is on a curve that `ecdhCurve` leaves out.
 */
export function verifyPeer(
  state: ContextState,
  provider: CryptoProvider,
  ask: VerifyPeerAsk,
  version?: number,
): VerifyPeerReply {
  const presented = presentedChain(ask.evidence);
  const [own] = presented;
  const malformed = { ok: false, reason: 'malformed', message: 'the certificate cannot be read' } as const;
  if (own === undefined) return malformed;
  try {
    if (ask.cause === 'resumption') return resumed(ask, presented);
    const publicKey = seenCertificates.parse(own).spki.slice();
    if (
      ask.purpose === 'clientAuth' &&
      (version ?? tls13) < tls13 &&
      !isOnAllowedCurve(state, provider, publicKey)
    ) {
      const message = "the client's key is on a curve that is not among those of ecdhCurve";
      return { ok: false, reason: 'unsupported', message };
    }
    return { ok: true, publicKey, verdict: verdictOf(state, provider, ask, presented) };
  } catch (error) {
    if (!isX509Error(error)) throw error;
    return { ...malformed, message: error.message, cause: error };
  }
}

/** A session has the peer's certificate and what was found then; the rest of the chain nobody has any more. */
function resumed(ask: VerifyPeerAsk, chain: readonly Uint8Array[]): VerifyPeerReply {
  const reply = judgeResumedPeer(ask);
  if (!reply.ok) return reply;
  const verifyResult = verifyResultOf(reply.verdict);
  const code = verifyResultCode(verifyResult) as VerifyCode;
  const verdict: Verdict = {
    ...(verifyResult !== 0 && { problem: { code, message: 'the certificate of the resumed session' } }),
    verifyResult,
    chain,
  };
  return { ...reply, verdict };
}

function verdictOf(
  state: ContextState,
  provider: CryptoProvider,
  { purpose, receivedAtMs }: VerifyPeerAsk,
  presented: readonly Uint8Array[],
): Verdict {
  const outcome = verifyChain({
    provider,
    chain: presented,
    roots: state.trust(),
    timeMs: receivedAtMs,
    purpose,
    policy: {
      ...nodeTlsPolicy(state.securityLevel),
      anchorsMustBeSelfIssued: !state.allowPartialTrustChain,
    },
    cache: seenCertificates,
    ...(state.crls && { revocation: { rules: 'node', crls: state.crls } }),
  });
  if (outcome.ok) {
    const { suiteB } = state.ciphers;
    const message = suiteB && suiteBProblem(provider, outcome.chain, suiteB);
    const chain = outcome.chain.map(({ der }) => der.slice());
    if (message === undefined) return { verifyResult: 0, chain };
    // Node has no name for what OpenSSL has against it.
    return {
      problem: { code: 'UNSPECIFIED' as VerifyCode, message },
      verifyResult: verifyResultNumber('UNSPECIFIED'),
      chain,
    };
  }
  const { code, message } = outcome;
  return { problem: { code, message }, verifyResult: verifyResultNumber(code), chain: presented };
}

function presentedChain(evidence: PeerEvidence): readonly Uint8Array[] {
  return evidence.type === 'x509' ? evidence.chain.map(({ certificate }) => certificate) : [];
}

/** Keys that are on no curve, or on none that we know, are for others to judge. */
function isOnAllowedCurve(state: ContextState, provider: CryptoProvider, spki: Uint8Array): boolean {
  const kind = provider.importPublicKey(spki)?.kind;
  return kind?.type !== 'ec' || allowedGroups(state).includes(namedGroups[kind.curve]);
}

const { tls13 } = protocolVersions;
