import type { CryptoProvider, VerifyPeerAsk, VerifyPeerReply } from '@sealwire/core';
import { acceptAnyPeer, createVerifier, type RevocationOptions, type TrustAnchors } from '@sealwire/x509';
import { Problem } from '../problem.ts';
import { isPathRefusal, refusalProblem, subjectsOf } from './refusal.ts';

export interface PeerCheckOptions {
  readonly provider: CryptoProvider;
  /** `undefined`: nobody is trusted, so that only `insecure` lets anybody pass. */
  readonly roots: TrustAnchors | undefined;
  readonly revocation: RevocationOptions | undefined;
  /** Go on whoever it is, and say what was wrong. */
  readonly isInsecure: boolean;
  /** Certificates between the peer's and a trusted one. Default 10. */
  readonly maxIntermediates?: number | undefined;
  /** Whether an OCSP response must be stapled. */
  readonly mustStaple?: boolean;
}

/** Verifies the peer of one connection, and remembers what came of it. */
export class PeerCheck {
  readonly #options: PeerCheckOptions;
  /** Why the peer is not to be trusted, once that was found out. */
  refusal: Problem | undefined;

  constructor(options: PeerCheckOptions) {
    this.#options = options;
  }

  readonly verifyPeer = (ask: VerifyPeerAsk): VerifyPeerReply => {
    const { provider, roots, revocation, isInsecure, mustStaple, maxIntermediates } = this.#options;
    const verified: VerifyPeerReply =
      roots === undefined
        ? { ok: false, reason: 'unknownCa', message: 'nobody is trusted' }
        : createVerifier({
            provider,
            roots,
            ...(revocation === undefined ? {} : { revocation }),
            ...(maxIntermediates === undefined ? {} : { policy: { maxIntermediates } }),
            ...(mustStaple ? { stapling: 'required' } : {}),
          })(ask);
    this.refusal = verified.ok ? undefined : problemOf(verified, ask);
    if (verified.ok || !isInsecure) return verified;
    return acceptAnyPeer({ dangerouslySkipAuthentication: true })(ask);
  };

  /** The error that ended a connection, in the words of the check where it was that. */
  explain(error: unknown): unknown {
    return this.refusal !== undefined && !this.#options.isInsecure ? this.refusal : error;
  }
}

function problemOf(reply: Extract<VerifyPeerReply, { ok: false }>, { evidence }: VerifyPeerAsk): Problem {
  const { cause, message } = reply;
  if (evidence.type !== 'x509') return new Problem('verification', 'rawPublicKey', message);
  const subjects = subjectsOf(evidence.chain.map(({ certificate }) => certificate));
  if (isPathRefusal(cause)) return refusalProblem(cause, subjects);
  return new Problem('verification', reply.reason, message, { certificate: subjects[0] });
}
