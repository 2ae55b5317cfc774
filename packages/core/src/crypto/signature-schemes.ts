import { signatureSchemes as schemes, type SignatureScheme } from '../registry/signature-schemes.ts';
import type {
  CryptoProvider,
  CurveName,
  HashName,
  KeyKind,
  MlDsaName,
  SignatureAlgorithm,
} from './provider.ts';

/** What a SignatureScheme of RFC 9846 §4.3.3 stands for. */
export interface SchemeDescriptor {
  readonly scheme: SignatureScheme;
  readonly algorithm: SignatureAlgorithm;
  /** Whether a CertificateVerify of TLS 1.3 may use it; the others stand in certificates alone (RFC 9846 §4.3.3). */
  readonly signsHandshake: boolean;
  /**
   * A client's CertificateVerify of TLS 1.3 may use it, for keys that sign in no other way, where the server's configuration names it
   * (RFC 9963 §3); nothing else may. Absent: as `signsHandshake` says.
   */
  readonly signsForClients?: true;
  /** Nothing is signed with it before TLS 1.3, where it "MUST NOT be used" (draft-ietf-tls-mldsa §3.3). Absent: it may be. */
  readonly sinceTls13?: true;
  /** Whether a key may be used with it. */
  fits(kind: KeyKind): boolean;
}

/** The descriptor of a scheme, or `undefined` for one that we do not know. */
export function describeScheme(scheme: number): SchemeDescriptor | undefined {
  return descriptors.get(scheme);
}

/** Whether it is for clients of TLS 1.3 and for nothing else. */
export function isForClientsAlone(scheme: number): boolean {
  return describeScheme(scheme)?.signsForClients === true;
}

/** Whether it has no place in a handshake before TLS 1.3. */
export function isForTls13Alone(scheme: number): boolean {
  return describeScheme(scheme)?.sinceTls13 === true || isForClientsAlone(scheme);
}

/** Whether the provider can check such signatures, as far as it may lack them: those of ML-DSA. */
export function isInProvider(scheme: number, { mlDsa = [] }: CryptoProvider): boolean {
  const name = mlDsaNames.get(scheme);
  return name === undefined || mlDsa.includes(name);
}

/** Whether this side's CertificateVerify of TLS 1.3 may use it. */
export function mayVerifyHandshake(scheme: number, signer: 'client' | 'server'): boolean {
  return (
    describeScheme(scheme)?.signsHandshake === true || (signer === 'client' && isForClientsAlone(scheme))
  );
}

/**
 * The curve that an ECDSA scheme names: of TLS 1.3, of RFC 8734 (Brainpool), and 0xff02, a number of our own that is
 * never sent, because for secp256k1 there is none. In TLS 1.2 and older schemes name no curve (RFC 8422 §5.4): there these
 * numbers only say of which key somebody speaks.
 */
export function curveOfScheme(scheme: number): CurveName | undefined {
  return curves.get(scheme);
}

/** Whether a key may have this scheme in a credential; with some it signs handshakes of TLS 1.2 and older alone. */
export function fitsCredential(scheme: number, kind: KeyKind): boolean {
  if (describeScheme(scheme)?.fits(kind) === true) return true;
  if (kind.type === 'rsa') return scheme === schemes.rsa_pkcs1_sha1;
  return kind.type === 'ec' && (scheme === schemes.ecdsa_sha1 || curveOfScheme(scheme) === kind.curve);
}

/**
 * Whether the key of a delegated credential may sign with this scheme: one of CertificateVerify, but none of a key with
 * the rsaEncryption OID (RFC 9345 §4).
 */
export function signsWhenDelegated(scheme: number): boolean {
  return describeScheme(scheme)?.signsHandshake === true && !ofRsaEncryption.includes(scheme);
}

function ecdsa(scheme: SignatureScheme, curve: string, hash: HashName): SchemeDescriptor {
  return {
    scheme,
    algorithm: { type: 'ecdsa', hash },
    signsHandshake: true,
    // TLS 1.3 ties the curve to the hash; older versions do not.
    fits: (kind) => kind.type === 'ec' && kind.curve === curve,
  };
}

function pss(
  scheme: SignatureScheme,
  keyType: 'rsa' | 'rsa-pss',
  hash: HashName,
  saltBytes: number,
): SchemeDescriptor {
  return {
    scheme,
    algorithm: { type: 'rsa-pss', hash, mgfHash: hash, saltBytes },
    signsHandshake: true,
    fits(kind) {
      // The modulus must have room for hash, salt and two bytes more (RFC 8017 §9.1.1).
      if (kind.type !== keyType || kind.bits < 16 * saltBytes + 16) return false;
      if (kind.type === 'rsa' || kind.restriction === undefined) return true;
      const { restriction } = kind;
      return restriction.hash === hash && restriction.mgfHash === hash && restriction.saltBytes <= saltBytes;
    },
  };
}

function mlDsa(scheme: SignatureScheme, type: MlDsaName): SchemeDescriptor {
  return {
    scheme,
    algorithm: { type },
    signsHandshake: true,
    sinceTls13: true,
    fits: (kind) => kind.type === type,
  };
}

function pkcs1(scheme: SignatureScheme, hash: HashName): SchemeDescriptor {
  return {
    scheme,
    algorithm: { type: 'rsa-pkcs1', hash },
    signsHandshake: false,
    fits: (kind) => kind.type === 'rsa',
  };
}

/** draft-ietf-tls-mldsa §3, table 1. */
const mlDsaNames: ReadonlyMap<number, MlDsaName> = /* @__PURE__ */ new Map([
  [schemes.mldsa44, 'ml-dsa-44'],
  [schemes.mldsa65, 'ml-dsa-65'],
  [schemes.mldsa87, 'ml-dsa-87'],
]);

const descriptors: ReadonlyMap<number, SchemeDescriptor> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ [
    ecdsa(schemes.ecdsa_secp256r1_sha256, 'secp256r1', 'sha256'),
    ecdsa(schemes.ecdsa_secp384r1_sha384, 'secp384r1', 'sha384'),
    ecdsa(schemes.ecdsa_secp521r1_sha512, 'secp521r1', 'sha512'),
    pss(schemes.rsa_pss_rsae_sha256, 'rsa', 'sha256', 32),
    pss(schemes.rsa_pss_rsae_sha384, 'rsa', 'sha384', 48),
    pss(schemes.rsa_pss_rsae_sha512, 'rsa', 'sha512', 64),
    pss(schemes.rsa_pss_pss_sha256, 'rsa-pss', 'sha256', 32),
    pss(schemes.rsa_pss_pss_sha384, 'rsa-pss', 'sha384', 48),
    pss(schemes.rsa_pss_pss_sha512, 'rsa-pss', 'sha512', 64),
    {
      scheme: schemes.ed25519,
      algorithm: { type: 'ed25519' },
      signsHandshake: true,
      fits: (kind: KeyKind) => kind.type === 'ed25519',
    } satisfies SchemeDescriptor,
    {
      scheme: schemes.ed448,
      algorithm: { type: 'ed448' },
      signsHandshake: true,
      fits: (kind: KeyKind) => kind.type === 'ed448',
    } satisfies SchemeDescriptor,
    mlDsa(schemes.mldsa44, 'ml-dsa-44'),
    mlDsa(schemes.mldsa65, 'ml-dsa-65'),
    mlDsa(schemes.mldsa87, 'ml-dsa-87'),
    pkcs1(schemes.rsa_pkcs1_sha256, 'sha256'),
    pkcs1(schemes.rsa_pkcs1_sha384, 'sha384'),
    pkcs1(schemes.rsa_pkcs1_sha512, 'sha512'),
    { ...pkcs1(schemes.rsa_pkcs1_sha256_legacy, 'sha256'), signsForClients: true } satisfies SchemeDescriptor,
    { ...pkcs1(schemes.rsa_pkcs1_sha384_legacy, 'sha384'), signsForClients: true } satisfies SchemeDescriptor,
    { ...pkcs1(schemes.rsa_pkcs1_sha512_legacy, 'sha512'), signsForClients: true } satisfies SchemeDescriptor,
  ].map((descriptor) => [descriptor.scheme, descriptor]),
);

const curves: ReadonlyMap<number, CurveName> = /* @__PURE__ */ new Map([
  [schemes.ecdsa_secp256r1_sha256, 'secp256r1'],
  [schemes.ecdsa_secp384r1_sha384, 'secp384r1'],
  [schemes.ecdsa_secp521r1_sha512, 'secp521r1'],
  [schemes.ecdsa_brainpoolP256r1tls13_sha256, 'brainpoolP256r1'],
  [schemes.ecdsa_brainpoolP384r1tls13_sha384, 'brainpoolP384r1'],
  [schemes.ecdsa_brainpoolP512r1tls13_sha512, 'brainpoolP512r1'],
  [0xff02 as SignatureScheme, 'secp256k1'],
]);

const ofRsaEncryption: readonly number[] = [
  schemes.rsa_pss_rsae_sha256,
  schemes.rsa_pss_rsae_sha384,
  schemes.rsa_pss_rsae_sha512,
];
