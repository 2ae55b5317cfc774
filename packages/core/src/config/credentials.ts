import type { CryptoProvider } from '../crypto/provider.ts';
import { fitsCredential } from '../crypto/signature-schemes.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { CertificateTypeName, Credential } from '../values/credential.ts';
import { arrayOr, spelt } from './checks.ts';
import { checkDelegation } from './delegated-credentials.ts';

/** At least one type that we know, each once. */
export function checkedCertificateTypes(
  name: string,
  given: readonly CertificateTypeName[] | undefined,
  otherwise: readonly CertificateTypeName[],
): readonly CertificateTypeName[] {
  const types = arrayOr(name, given, otherwise);
  const unknown = types.find((type) => type !== 'x509' && type !== 'rawPublicKey');
  if (unknown !== undefined || types.length === 0) {
    throw new ApiMisuseError(`${name} must name x509, rawPublicKey or both, got ${spelt(unknown ?? 'none')}`);
  }
  return [...new Set(types)];
}

/** One that can sign, and whose schemes fit its key. */
export function checkedCredential(credential: Credential, provider: CryptoProvider): Credential {
  if (credential.type === 'rawPublicKey') {
    if (provider.importPublicKey(credential.spki) === undefined)
      throw new ApiMisuseError('the spki of a credential is no SubjectPublicKeyInfo that the provider reads');
  } else if (credential.chain.length === 0) {
    throw new ApiMisuseError('a credential needs at least its own certificate');
  }
  const delegations = credential.type === 'x509' ? arrayOr('delegations', credential.delegations, []) : [];
  for (const delegation of delegations) checkDelegation(delegation, provider);
  if (credential.signatureSchemes.length === 0 && delegations.length === 0)
    throw new ApiMisuseError('a credential needs at least one signature scheme, or a delegation');
  if (credential.key === 'external') return credential;
  const { kind } = credential.key;
  const unfit = credential.signatureSchemes.find((scheme) => !fitsCredential(scheme, kind));
  if (unfit !== undefined) {
    throw new ApiMisuseError(
      `signature scheme 0x${unfit.toString(16)} does not fit a credential's ${kind.type} key`,
    );
  }
  return credential;
}
