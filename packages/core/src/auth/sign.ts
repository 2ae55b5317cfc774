import type { SignatureAlgorithm } from '../crypto/provider.ts';
import { describeScheme } from '../crypto/signature-schemes.ts';
import { InternalError, TlsError } from '../errors/tls-error.ts';
import type { Ask } from '../machine/step.ts';
import type { CertificateVerify } from '../messages/certificate-verify.ts';
import { selectDelegation, type DelegationTerms } from '../negotiate/delegation.ts';
import { selectHandshakeScheme } from '../negotiate/signature-scheme.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { Credential, Delegation } from '../values/credential.ts';
import type { SignReply } from '../values/decisions.ts';

/** With which scheme we sign, and whether a delegated key does it in place of the certificate's (RFC 9345 §4.1). */
export interface Signer {
  readonly credential: Credential;
  readonly scheme: SignatureScheme;
  readonly delegation: Delegation | undefined;
}

/** Who signs for this peer in the name of `credential`; refuses when nobody can. */
export function signerFor(credential: Credential, terms: DelegationTerms): Signer {
  const delegation = selectDelegation(credential, terms);
  if (delegation !== undefined) {
    return { credential, scheme: delegation.credential.cred.dcCertVerifyAlgorithm, delegation };
  }
  const scheme = selectHandshakeScheme(credential.signatureSchemes, terms.signatureSchemes, terms.role);
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
  return { credential, scheme: scheme as SignatureScheme, delegation };
}

/** `algorithm`: what the scheme means, where that is not what it means in TLS 1.3. */
export function signAsk(
  { credential, scheme, delegation }: Signer,
  input: Uint8Array,
  algorithm: SignatureAlgorithm | undefined = describeScheme(scheme)?.algorithm,
): Ask {
  if (algorithm === undefined) throw new InternalError(`nothing is known of the scheme ${scheme}`);
  const ask = { credential, scheme, algorithm, input, ...(delegation === undefined ? {} : { delegation }) };
  return { kind: 'sign', ask };
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
