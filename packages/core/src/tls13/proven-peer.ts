import type { Effect } from '../machine/step.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { ExternalPsk } from '../values/external-psk.ts';
import type { Session, SessionPeer } from '../values/session.ts';
import { copyOf } from '../wire/bytes.ts';
import { owned } from '../wire/owned.ts';

/** The peer as it proved itself: in CertificateVerify, or in the handshake that is resumed. */
export interface ProvenPeer extends SessionPeer {
  /** Absent when resumed. */
  readonly scheme?: SignatureScheme;
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

/** A pre-shared key, and what it comes from. */
interface PskOrigin {
  readonly session?: Session;
  readonly external?: ExternalPsk;
}

/** The external key that proves the peer, or did when the resumed session began; a view. */
export function externalIdentityOf(psk: PskOrigin | undefined): Uint8Array | undefined {
  return psk?.external?.identity ?? psk?.session?.externalPskIdentity;
}

export function externalKeyFacts(psk: PskOrigin | undefined): { readonly externalPskIdentity?: Uint8Array } {
  const identity = externalIdentityOf(psk);
  return identity === undefined ? {} : { externalPskIdentity: copyOf(identity) };
}
