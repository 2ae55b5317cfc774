import {
  ApiMisuseError,
  type CryptoProvider,
  type DelegatedCredential,
  type PrivateKey,
  type RandomSource,
  type SignatureScheme,
  delegatedCredentialContent,
  describeScheme,
  signsWhenDelegated,
} from '@sealwire/core';
import { parseCertificate } from '../certificate/certificate.ts';
import { type CertificateInput, certificatesDer } from '../inputs.ts';
import { requireSameKey } from '../keys/own-key.ts';
import { signatureSchemesFor } from '../keys/signature-schemes.ts';
import { defaultMaxDelegationSeconds } from '../limits.ts';
import type { Problem } from '../path/outcome.ts';
import { checkDelegatedKey, checkPeriod, checkPermission } from './check-delegation.ts';

export interface DelegationContents {
  readonly provider: CryptoProvider;
  /** The certificate that delegates, PEM or DER; of several, the first. It must have DelegationUsage and digitalSignature. */
  readonly certificate: CertificateInput;
  /** Its private key. */
  readonly key: PrivateKey;
  /** Who is delegated to: a private key, of which the public half is taken, or a DER SubjectPublicKeyInfo. */
  readonly to: PrivateKey | Uint8Array;
  /** The side of a connection that the credential is for; it is of no use to the other. */
  readonly role: 'client' | 'server';
  /** When it ends, in ms since the epoch; cut to whole seconds. At most 7 days from `nowMs`, and within the certificate. */
  readonly expiresAtMs: number;
  /** The time of issuing, in ms since the epoch. */
  readonly nowMs: number;
  /** SignatureScheme that the delegated key will sign with. Default: the first that fits it. */
  readonly scheme?: SignatureScheme;
  /** SignatureScheme that the certificate's key signs the credential with. Default: the first that fits it. */
  readonly signatureScheme?: SignatureScheme;
  /** Where the signature's randomness comes from. Default: the provider. */
  readonly source?: RandomSource;
}

/**
 * Makes a delegated credential (RFC 9345 §4): whoever has the key of `to` can, until it expires, be the certificate's
 * owner in TLS 1.3. There is no way to take it back but to revoke the certificate. `encodeDelegatedCredential` of
 * `@sealwire/core` makes bytes of it. `ApiMisuseError` for one that no peer would take.
 */
export function issueDelegatedCredential(contents: DelegationContents): DelegatedCredential {
  const { provider, key, to, role, nowMs, source } = contents;
  const [der] = certificatesDer(contents.certificate);
  if (der === undefined) throw new ApiMisuseError('expected the certificate that delegates');
  if (role !== 'client' && role !== 'server')
    throw new ApiMisuseError(`expected the role client or server, got ${JSON.stringify(role)}`);
  const certificate = parseCertificate(der);
  requireSameKey(key, certificate.spki, provider, `the private key of ${certificate.subject}`);
  const subjectPublicKeyInfo = to instanceof Uint8Array ? to : to.publicKey.spki;
  const algorithm = contents.signatureScheme ?? firstSchemeOf(key.publicKey.spki, provider, () => true);
  const signing = describeScheme(algorithm);
  if (signing?.signsHandshake !== true || !signing.fits(key.kind))
    throw new ApiMisuseError(`expected signatureScheme to fit the certificate's ${key.kind.type} key`);
  const unsigned: DelegatedCredential = {
    cred: {
      validTimeSeconds: Math.floor((contents.expiresAtMs - certificate.notBeforeMs) / 1_000),
      dcCertVerifyAlgorithm:
        contents.scheme ?? firstSchemeOf(subjectPublicKeyInfo, provider, signsWhenDelegated),
      subjectPublicKeyInfo,
    },
    algorithm,
    signature: new Uint8Array(0),
  };
  const { validTimeSeconds } = unsigned.cred;
  if (!(contents.expiresAtMs > nowMs) || !(validTimeSeconds >= 0 && validTimeSeconds < 2 ** 32))
    throw new ApiMisuseError(`expected expiresAtMs in ms, later than nowMs, got ${contents.expiresAtMs}`);
  refuse(
    checkPermission(certificate) ??
      checkPeriod(certificate, unsigned, nowMs, defaultMaxDelegationSeconds) ??
      checkDelegatedKey(unsigned, provider, { minRsaBits: 0, securityLevel: 0 }),
  );
  const content = delegatedCredentialContent(role, der, unsigned.cred, algorithm);
  const signature =
    source === undefined
      ? key.sign(signing.algorithm, content)
      : key.sign(signing.algorithm, content, source);
  return { ...unsigned, signature };
}

function firstSchemeOf(
  spki: Uint8Array,
  provider: CryptoProvider,
  isAllowed: (scheme: number) => boolean,
): SignatureScheme {
  const kind = provider.importPublicKey(spki)?.kind;
  if (kind === undefined) throw new ApiMisuseError(`expected a public key that ${provider.name} knows`);
  const scheme = signatureSchemesFor(kind).find(isAllowed);
  // RFC 9345 §4: "When using RSA, the public key MUST NOT use the rsaEncryption OID".
  if (scheme === undefined)
    throw new ApiMisuseError(`expected a key that may be delegated to, got one of type ${kind.type}`);
  return scheme as SignatureScheme;
}

function refuse(wrong: Problem | undefined): void {
  if (wrong !== undefined) throw new ApiMisuseError(`${wrong.code}: ${wrong.message}`);
}
