import type { CryptoProvider, PeerEvidence, VerifyPeerAsk, VerifyPeerReply } from '@sealwire/core';
import { CertificateCache, isX509Error, nodeTlsPolicy, type PathRefusal, verifyChain } from '@sealwire/x509';
import type { ContextState } from './state.ts';

/** What was found out about a peer's certificates; kept in the session as well. */
export interface Verdict {
  /** Absent: they are all right. */
  readonly problem?: Pick<PathRefusal, 'code' | 'message'>;
  /** DER of the chain that was built, the peer's own first; without one, what the peer sent. */
  readonly chain: readonly Uint8Array[];
}

/**
 * As in OpenSSL under Node: whatever is wrong with the certificates, the handshake goes on, and the application is asked when it is
 * done. Only a peer whose key cannot be read is refused.
 */
export function verifyPeer(
  state: ContextState,
  provider: CryptoProvider,
  ask: VerifyPeerAsk,
): VerifyPeerReply {
  const presented = presentedChain(ask.evidence);
  const [own] = presented;
  const malformed = { ok: false, reason: 'malformed', message: 'the certificate cannot be read' } as const;
  if (own === undefined) return malformed;
  try {
    const publicKey = cache.parse(own).spki.slice();
    const verdict = verdictOf(state, provider, ask, presented);
    return { ok: true, publicKey, verdict };
  } catch (error) {
    if (!isX509Error(error)) throw error;
    return { ...malformed, message: error.message, cause: error };
  }
}

/** A verdict that came back with a session, if it has the shape of one. */
export function storedVerdict(verdict: unknown): Verdict | undefined {
  const { chain, problem } = (verdict ?? {}) as Partial<Verdict>;
  if (!Array.isArray(chain) || !chain.every((der) => der instanceof Uint8Array)) return undefined;
  if (problem === undefined) return { chain };
  return typeof problem?.code === 'string' && typeof problem.message === 'string'
    ? { chain, problem: { code: problem.code, message: problem.message } }
    : undefined;
}

function verdictOf(
  state: ContextState,
  provider: CryptoProvider,
  { cause, keyUse, purpose, stored, receivedAtMs }: VerifyPeerAsk,
  presented: readonly Uint8Array[],
): Verdict {
  const before = cause === 'resumption' ? storedVerdict(stored?.verdict) : undefined;
  // Of a resumed session nothing but the time can have changed, as far as OpenSSL looks; a verdict that said no says no again.
  if (before?.problem !== undefined) return before;
  const outcome = verifyChain({
    provider,
    chain: [...presented, ...(before?.chain.slice(1) ?? [])],
    roots: state.trust(),
    timeMs: receivedAtMs,
    purpose,
    keyUse,
    policy: {
      ...nodeTlsPolicy(state.securityLevel),
      anchorsMustBeSelfIssued: !state.allowPartialTrustChain,
    },
    cache,
    ...(state.crls && { revocation: { rules: 'node', crls: state.crls } }),
  });
  if (outcome.ok) return { chain: outcome.chain.map(({ der }) => der.slice()) };
  return { problem: { code: outcome.code, message: outcome.message }, chain: presented };
}

function presentedChain(evidence: PeerEvidence): readonly Uint8Array[] {
  return evidence.type === 'x509' ? evidence.chain.map(({ certificate }) => certificate) : [];
}

const cache = new CertificateCache();
