import type { Effect } from '../machine/step.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { SessionPeer } from '../values/session.ts';
import { owned } from '../wire/owned.ts';

/** The peer as it proved itself: by a signature, by decrypting (before TLS 1.3), or in the handshake that is resumed. */
export interface ProvenPeer extends SessionPeer {
  /** Absent where it did not sign. */
  readonly scheme?: SignatureScheme | undefined;
}

/** Who the peer is; from its Finished on. */
export function peerFacts({ evidence, verdict, scheme }: ProvenPeer): Effect {
  return {
    do: 'fact',
    facts: {
      peerEvidence: owned(evidence),
      peerVerdict: owned(verdict),
      ...(scheme === undefined ? {} : { peerSignatureScheme: scheme }),
    },
  };
}

/** What sessions keep of it. */
export function sessionPeer({ evidence, verdict, verifiedAtMs, validUntilMs }: ProvenPeer): SessionPeer {
  return { evidence, verdict, verifiedAtMs, ...(validUntilMs === undefined ? {} : { validUntilMs }) };
}
