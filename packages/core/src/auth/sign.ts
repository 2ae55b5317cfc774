import { TlsError } from '../errors/tls-error.ts';
import type { Ask } from '../machine/step.ts';
import type { CertificateVerify } from '../messages/certificate-verify.ts';
import { selectHandshakeScheme } from '../negotiate/signature-scheme.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { Credential } from '../values/credential.ts';
import type { SignReply } from '../values/decisions.ts';

/** The scheme that `credential` signs with for this peer; refuses when there is none. */
export function schemeFor(credential: Credential, peerSchemes: readonly number[]): SignatureScheme {
  const scheme = selectHandshakeScheme(credential.signatureSchemes, peerSchemes);
  if (scheme === undefined) {
    throw new TlsError(
      'incompatible.signatureSchemes',
      'the peer verifies none of the signature schemes of our key',
      {
        section: 'RFC 9846 §4.5.2',
        field: 'signature_algorithms',
      },
    );
  }
  return scheme as SignatureScheme;
}

export function signAsk(credential: Credential, scheme: SignatureScheme, input: Uint8Array): Ask {
  return { kind: 'sign', ask: { credential, scheme, input } };
}

/** CertificateVerify (RFC 9846 §4.5.2) from the answer to `signAsk`. */
export function certificateVerifyOf(scheme: SignatureScheme, reply: SignReply): CertificateVerify {
  if (!reply.ok) {
    throw new TlsError('local.signFailed', `our signature could not be made: ${reply.message}`, {
      handshakeMessage: 'certificate_verify',
      cause: reply.cause,
    });
  }
  return { type: 'certificate_verify', algorithm: scheme, signature: reply.signature };
}
