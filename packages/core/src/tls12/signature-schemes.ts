import { describeScheme, isForTls13Alone, type SchemeDescriptor } from '../crypto/signature-schemes.ts';
import type { KeyKind, SignatureAlgorithm } from '../crypto/provider.ts';
import { clientCertificateTypes, type ClientCertificateType } from '../registry/client-certificate-types.ts';
import { signatureSchemes, type SignatureScheme } from '../registry/signature-schemes.ts';
import type { Credential } from '../values/credential.ts';
import type { Profile } from './profile.ts';

/** How handshakes before TLS 1.3 are signed: what a SignatureScheme means there, and what is meant where none is named. */

/** Without a field for it a scheme has a number of our own, which is never on the wire: MD5 ‖ SHA-1 under RSA (RFC 4346 §7.4.3). */
export const rsaMd5Sha1 = 0xff01 as SignatureScheme;

export interface Scheme12 {
  readonly algorithm: SignatureAlgorithm;
  fits(kind: KeyKind): boolean;
}

/**
 * The meaning of a scheme in TLS 1.2 and below. Unlike in TLS 1.3 PKCS #1 signs handshakes, and ECDSA schemes name a hash
 * that goes with every curve (RFC 8422 §5.4, RFC 9846 §4.3.3).
 */
export function scheme12(scheme: number): Scheme12 | undefined {
  if (scheme === rsaMd5Sha1) return { algorithm: { type: 'rsa-pkcs1', hash: 'md5-sha1' }, fits: isRsa };
  if (scheme === signatureSchemes.rsa_pkcs1_sha1) {
    return { algorithm: { type: 'rsa-pkcs1', hash: 'sha1' }, fits: isRsa };
  }
  if (scheme === signatureSchemes.ecdsa_sha1) {
    return { algorithm: { type: 'ecdsa', hash: 'sha1' }, fits: isEc };
  }
  // "defined for use with TLS 1.3" (RFC 9963 §3); "MUST NOT be used in TLS 1.2" (draft-ietf-tls-mldsa §3.3).
  if (isForTls13Alone(scheme)) return undefined;
  const known: SchemeDescriptor | undefined = describeScheme(scheme);
  if (known?.algorithm.type !== 'ecdsa') return known;
  return { algorithm: known.algorithm, fits: isEc };
}

/** The scheme that a signature has where none is named: by the kind of the key alone. */
export function impliedScheme({ signs }: Profile, kind: KeyKind['type']): SignatureScheme | undefined {
  if (kind === 'ec') return signatureSchemes.ecdsa_sha1;
  if (kind !== 'rsa') return undefined;
  return signs.implied.rsa === 'md5-sha1' ? rsaMd5Sha1 : signatureSchemes.rsa_pkcs1_sha1;
}

/** The schemes that a peer verifies who names none. */
export function impliedSchemes(profile: Profile): readonly SignatureScheme[] {
  return (['ec', 'rsa'] as const).flatMap((kind) => impliedScheme(profile, kind) ?? []);
}

/** Those of RSA keys, for a key that is to decrypt and whose signatures nobody asks for. */
export function schemesOfRsaKeys(): readonly SignatureScheme[] {
  return Object.values(signatureSchemes).filter((scheme) => signsWith(scheme, 'rsa'));
}

/** Whether the scheme is of the kind of key that the certificates of a suite must have. */
export function signsWith(scheme: number, authentication: 'rsa' | 'ecdsa'): boolean {
  const type = scheme12(scheme)?.algorithm.type;
  if (type === undefined) return false;
  return (type === 'rsa-pkcs1' || type === 'rsa-pss') === (authentication === 'rsa');
}

/**
 * Those whose keys are of a kind that a CertificateRequest names: `rsa_sign` for RSA, `ecdsa_sign` also for EdDSA
 * (RFC 5246 §7.4.6, RFC 8422 §5.5). Other kinds are for key exchanges that nobody speaks.
 */
export function schemesOfTypes(
  schemes: readonly SignatureScheme[],
  types: readonly ClientCertificateType[],
): readonly SignatureScheme[] {
  const { rsa_sign, ecdsa_sign } = clientCertificateTypes;
  return schemes.filter(
    (scheme) =>
      (types.includes(rsa_sign) && signsWith(scheme, 'rsa')) ||
      (types.includes(ecdsa_sign) && signsWith(scheme, 'ecdsa')),
  );
}

/** What a credential can sign with here, most wanted first, and of what kind its key is. */
export function ownSchemes({ signatureSchemes: listed }: Credential): {
  readonly kind: KeyKind['type'];
  readonly schemes: readonly SignatureScheme[];
} {
  const usable = listed.filter((scheme) => !isForTls13Alone(scheme));
  const own = usable.map((scheme) => withoutCurve.get(scheme) ?? scheme);
  const types = new Set(own.map((scheme) => scheme12(scheme)?.algorithm.type));
  if (types.has('ecdsa')) {
    // The hash is free: the one that goes with the curve in TLS 1.3 first. Who names SHA-1 and nothing else means it.
    if (!own.some(isStrong)) return { kind: 'ec', schemes: unique([...own, ...ecdsaSchemes]) };
    return { kind: 'ec', schemes: unique([...own.filter(isStrong), ...ecdsaSchemes, ...own]) };
  }
  if (types.has('rsa-pss') && own.some((scheme) => rsaeSchemes.includes(scheme as SignatureScheme))) {
    return { kind: 'rsa', schemes: unique([...own.filter(isStrong), ...pkcs1Schemes, ...own]) };
  }
  if (types.has('rsa-pkcs1')) return { kind: 'rsa', schemes: unique([...own.filter(isStrong), ...own]) };
  const kind = types.has('rsa-pss') ? 'rsa-pss' : types.has('ed448') ? 'ed448' : 'ed25519';
  return { kind, schemes: unique(usable) };
}

function isStrong(scheme: number): boolean {
  return scheme !== signatureSchemes.rsa_pkcs1_sha1 && scheme !== signatureSchemes.ecdsa_sha1;
}

function unique(schemes: readonly number[]): readonly SignatureScheme[] {
  return [...new Set(schemes)] as SignatureScheme[];
}

/** What stands on the wire for schemes that only say of which curve a key is (see `curveOfScheme`). */
const withoutCurve: ReadonlyMap<number, SignatureScheme> = /* @__PURE__ */ new Map<number, SignatureScheme>([
  [signatureSchemes.ecdsa_brainpoolP256r1tls13_sha256, signatureSchemes.ecdsa_secp256r1_sha256],
  [signatureSchemes.ecdsa_brainpoolP384r1tls13_sha384, signatureSchemes.ecdsa_secp384r1_sha384],
  [signatureSchemes.ecdsa_brainpoolP512r1tls13_sha512, signatureSchemes.ecdsa_secp521r1_sha512],
  [0xff02, signatureSchemes.ecdsa_secp256r1_sha256],
]);

const ecdsaSchemes: readonly SignatureScheme[] = [
  signatureSchemes.ecdsa_secp256r1_sha256,
  signatureSchemes.ecdsa_secp384r1_sha384,
  signatureSchemes.ecdsa_secp521r1_sha512,
];

const rsaeSchemes: readonly SignatureScheme[] = [
  signatureSchemes.rsa_pss_rsae_sha256,
  signatureSchemes.rsa_pss_rsae_sha384,
  signatureSchemes.rsa_pss_rsae_sha512,
];

const pkcs1Schemes: readonly SignatureScheme[] = [
  signatureSchemes.rsa_pkcs1_sha256,
  signatureSchemes.rsa_pkcs1_sha384,
  signatureSchemes.rsa_pkcs1_sha512,
];

const isRsa = ({ type }: KeyKind): boolean => type === 'rsa';
const isEc = ({ type }: KeyKind): boolean => type === 'ec';
