import type { CryptoProvider } from '../crypto/provider.ts';
import { describeScheme } from '../crypto/signature-schemes.ts';
import { TlsError } from '../errors/tls-error.ts';
import { registryName } from '../registry/registered.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';

/** Checks the peer's CertificateVerify (RFC 9846 §4.5.2) with the accepted public key; throws if anything is wrong. */
export function verifyHandshakeSignature(
  provider: CryptoProvider,
  offered: readonly number[],
  proof: {
    readonly scheme: number;
    readonly signature: Uint8Array;
    readonly content: Uint8Array;
    readonly spki: Uint8Array;
  },
): void {
  const name = registryName(signatureSchemes, proof.scheme);
  const descriptor = describeScheme(proof.scheme);
  if (!offered.includes(proof.scheme) || descriptor?.signsHandshake !== true) {
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
    throw new TlsError(
      'peer.unusablePublicKey',
      "the peer's public key is malformed or of an unsupported kind",
      {
        section: 'RFC 9846 §4.5.1.2',
        handshakeMessage: 'certificate',
      },
    );
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
