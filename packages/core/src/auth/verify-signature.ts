import type { PeerEvidence } from '../values/peer-evidence.ts';
import { credentialIn, refuseOtherScheme } from './delegated-credential.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { describeScheme, mayVerifyHandshake } from '../crypto/signature-schemes.ts';
import { TlsError } from '../errors/tls-error.ts';
import { registryName } from '../registry/registered.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';

/** A CertificateVerify, and what it is to prove. */
export interface HandshakeProof {
  readonly scheme: number;
  readonly signature: Uint8Array;
  readonly content: Uint8Array;
  /** Whose it is. */
  readonly signer: 'client' | 'server';
  /** The accepted public key, DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

/**
 * Checks the peer's CertificateVerify (RFC 9846 §4.5.2); throws if anything is wrong. `offered` are the schemes of
 * signature_algorithms; a delegated credential has its own one, which was offered elsewhere (RFC 9345 §4.1.3).
 */
export function verifyHandshakeSignature(
  provider: CryptoProvider,
  offered: readonly number[],
  evidence: PeerEvidence,
  proof: HandshakeProof,
): void {
  const delegated = credentialIn(evidence);
  if (delegated === undefined) {
    verifySignature(provider, offered, proof);
    return;
  }
  refuseOtherScheme(delegated, proof.scheme);
  verifySignature(provider, [delegated.cred.dcCertVerifyAlgorithm], proof, 'peer.illegalDelegatedCredential');
}

function verifySignature(
  provider: CryptoProvider,
  offered: readonly number[],
  proof: HandshakeProof,
  unusable: 'peer.unusablePublicKey' | 'peer.illegalDelegatedCredential' = 'peer.unusablePublicKey',
): void {
  const name = registryName(signatureSchemes, proof.scheme);
  const descriptor = describeScheme(proof.scheme);
  const isAllowed = offered.includes(proof.scheme) && mayVerifyHandshake(proof.scheme, proof.signer);
  if (!isAllowed || descriptor === undefined) {
    throw new TlsError(
      'peer.unofferedSignatureScheme',
      `the peer signed with ${name}, which we did not offer for handshakes`,
      {
        section: 'RFC 9846 §4.5.2',
        handshakeMessage: 'certificate_verify',
        field: 'algorithm',
      },
    );
  }
  const key = provider.importPublicKey(proof.spki);
  if (key === undefined) {
    throw new TlsError(unusable, "the peer's public key is malformed or of an unsupported kind", {
      section: 'RFC 9846 §4.5.1.2',
      handshakeMessage: 'certificate',
    });
  }
  if (!descriptor.fits(key.kind)) {
    throw new TlsError(
      'peer.schemeDoesNotFitKey',
      `the peer signed with ${name}, its key is of type ${key.kind.type}`,
      {
        section: 'RFC 9846 §4.5.2',
        handshakeMessage: 'certificate_verify',
        field: 'algorithm',
      },
    );
  }
  if (!key.verify(descriptor.algorithm, proof.content, proof.signature)) {
    throw new TlsError('peer.badSignature', `the peer's ${name} signature does not verify`, {
      section: 'RFC 9846 §4.5.2',
      handshakeMessage: 'certificate_verify',
      field: 'signature',
    });
  }
}
