import { createVerifier, type PeerVerifier, TrustAnchors, type VerifierOptions } from '@sealwire/x509';

/**
 * A verifier for these roots. Programs say them anew for each connection, as the same text or
 * anchors: parsed once, they neither cost a handshake time nor an idle connection memory. Other forms of roots can change, and are read each time.
 */
export function verifierFor(options: VerifierOptions): PeerVerifier {
  const { roots, provider, ...others } = options;
  const isFixed = typeof roots === 'string' || roots instanceof TrustAnchors;
  if (!isFixed || Object.keys(others).length > 0) return createVerifier(options);
  const ofProvider = byProvider.get(provider) ?? new Map<string | TrustAnchors, PeerVerifier>();
  byProvider.set(provider, ofProvider);
  const known = ofProvider.get(roots);
  // The latest are kept, the one just used being the latest of all.
  ofProvider.delete(roots);
  const verifier = known ?? createVerifier(options);
  ofProvider.set(roots, verifier);
  const [oldest] = ofProvider.keys();
  if (ofProvider.size > mostRoots && oldest !== undefined) ofProvider.delete(oldest);
  return verifier;
}

const byProvider = new WeakMap<VerifierOptions['provider'], Map<string | TrustAnchors, PeerVerifier>>();

/** Programs have one or two sets of roots; who has many has other worries than parsing them. */
const mostRoots = 8;
