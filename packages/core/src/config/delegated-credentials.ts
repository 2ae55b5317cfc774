import type { CryptoProvider } from '../crypto/provider.ts';
import { describeScheme, signsWhenDelegated } from '../crypto/signature-schemes.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { isDelegation } from '../machine/decisions.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { CertificateTypeName, Delegation } from '../values/credential.ts';
import { sameBytes } from '../wire/bytes.ts';
import { registered, spelt } from './checks.ts';

/** The schemes that we take of delegated keys (RFC 9345 §4.1), most wanted first; empty: none are taken. */
export function checkedDelegatedSchemes(
  given: boolean | readonly SignatureScheme[] | undefined,
  ofKeys: readonly SignatureScheme[],
  peerCertificateTypes: readonly CertificateTypeName[],
): readonly SignatureScheme[] {
  if (given === undefined || given === false) return [];
  if (given !== true && !Array.isArray(given)) {
    throw new ApiMisuseError(
      `acceptDelegatedCredentials must be true, false or an array of schemes, got ${spelt(given)}`,
    );
  }
  if (!peerCertificateTypes.includes('x509')) {
    throw new ApiMisuseError('acceptDelegatedCredentials needs x509 in peerCertificateTypes');
  }
  const schemes = given === true ? ofKeys.filter(signsWhenDelegated) : given;
  const unfit = schemes.find((scheme) => !signsWhenDelegated(scheme));
  if (unfit !== undefined) {
    throw new ApiMisuseError(
      `acceptDelegatedCredentials: ${registered(unfit)} is no scheme of a delegated credential (RFC 9345 §4)`,
    );
  }
  if (given === true && schemes.length === 0)
    throw new ApiMisuseError('acceptDelegatedCredentials: none of signatureSchemes may be delegated to');
  return schemes;
}

/** `ApiMisuseError` for a delegation that no peer could take. */
export function checkDelegation(delegation: Delegation, provider: CryptoProvider): void {
  if (!isDelegation(delegation)) {
    throw new ApiMisuseError(
      'a delegation must be { credential: DelegatedCredential, key, role, expiresAtMs }, of numbers and bytes that TLS can carry',
    );
  }
  const { credential, key } = delegation;
  const scheme = credential.cred.dcCertVerifyAlgorithm;
  if (!signsWhenDelegated(scheme)) {
    throw new ApiMisuseError(
      `signature scheme ${registered(scheme)} is none of a delegated credential (RFC 9345 §4)`,
    );
  }
  if (key === 'external') return;
  if (describeScheme(scheme)?.fits(key.kind) !== true) {
    throw new ApiMisuseError(
      `signature scheme ${registered(scheme)} does not fit a delegation's ${key.kind.type} key`,
    );
  }
  // Written anew: one key may be written in more than one way, such as a point of a curve.
  const named = provider.importPublicKey(credential.cred.subjectPublicKeyInfo)?.spki;
  if (named !== undefined && sameBytes(named, key.publicKey.spki)) return;
  throw new ApiMisuseError("a delegation's key is not the one that its delegated credential names");
}
