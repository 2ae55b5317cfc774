/**
 * The signature schemes of OpenSSL as Node runs it, measured with Node 20.20 (OpenSSL 3.0.19) and Node 24.21 (3.5.8), November
 * 2026. The order matters to nothing but `RSA-PSS+SHA256`, which means the first that fits.
 */
export interface Scheme {
  /** IANA's number. */
  readonly id: number;
  readonly name: string;
  /** What else 3.5 calls it. */
  readonly alias?: string;
  /** The key as `KEY+HASH` spells it. */
  readonly key: SchemeKey;
  readonly hash: SchemeHash | undefined;
  /** Bits by which security levels count it. */
  readonly bits: number;
  readonly versions: 'TLS 1.2' | 'since TLS 1.2' | 'TLS 1.3';
  /** 3.0 has the scheme; `pair`: but knows only the spelling `KEY+HASH`. */
  readonly in30: boolean | 'pair';
}

/** RSA-PSS stands for keys of both kinds; Ed25519 to mldsa87 have no hash of their own. */
export type SchemeKey =
  | 'RSA'
  | 'RSA-PSS'
  | 'ECDSA'
  | 'DSA'
  | 'Ed25519'
  | 'Ed448'
  | 'id-ml-dsa-44'
  | 'id-ml-dsa-65'
  | 'id-ml-dsa-87';
export type SchemeHash = 'SHA1' | 'SHA224' | 'SHA256' | 'SHA384' | 'SHA512';

export const schemes: readonly Scheme[] = [
  hashed(0x0403, 'ecdsa_secp256r1_sha256', 'ECDSA', 'SHA256'),
  hashed(0x0503, 'ecdsa_secp384r1_sha384', 'ECDSA', 'SHA384'),
  hashed(0x0603, 'ecdsa_secp521r1_sha512', 'ECDSA', 'SHA512'),
  bare(0x0807, 'ed25519', 'Ed25519', 128),
  bare(0x0808, 'ed448', 'Ed448', 224),
  old(0x0303, 'ecdsa_sha224', 'ECDSA', 'SHA224'),
  old(0x0203, 'ecdsa_sha1', 'ECDSA', 'SHA1'),
  brainpool(0x081a, 'P256', 'SHA256'),
  brainpool(0x081b, 'P384', 'SHA384'),
  brainpool(0x081c, 'P512', 'SHA512'),
  hashed(0x0804, 'rsa_pss_rsae_sha256', 'RSA-PSS', 'SHA256'),
  hashed(0x0805, 'rsa_pss_rsae_sha384', 'RSA-PSS', 'SHA384'),
  hashed(0x0806, 'rsa_pss_rsae_sha512', 'RSA-PSS', 'SHA512'),
  hashed(0x0809, 'rsa_pss_pss_sha256', 'RSA-PSS', 'SHA256'),
  hashed(0x080a, 'rsa_pss_pss_sha384', 'RSA-PSS', 'SHA384'),
  hashed(0x080b, 'rsa_pss_pss_sha512', 'RSA-PSS', 'SHA512'),
  hashed(0x0401, 'rsa_pkcs1_sha256', 'RSA', 'SHA256'),
  hashed(0x0501, 'rsa_pkcs1_sha384', 'RSA', 'SHA384'),
  hashed(0x0601, 'rsa_pkcs1_sha512', 'RSA', 'SHA512'),
  { ...old(0x0301, 'rsa_pkcs1_sha224', 'RSA', 'SHA224'), in30: true },
  { ...old(0x0201, 'rsa_pkcs1_sha1', 'RSA', 'SHA1'), in30: true },
  old(0x0402, 'dsa_sha256', 'DSA', 'SHA256'),
  old(0x0502, 'dsa_sha384', 'DSA', 'SHA384'),
  old(0x0602, 'dsa_sha512', 'DSA', 'SHA512'),
  old(0x0302, 'dsa_sha224', 'DSA', 'SHA224'),
  old(0x0202, 'dsa_sha1', 'DSA', 'SHA1'),
  mldsa(0x0904, 44, 128),
  mldsa(0x0905, 65, 192),
  mldsa(0x0906, 87, 256),
];

/** What is offered without the option `sigalgs`, in order; security levels take away from it. */
export const defaultSchemes: Readonly<Record<'3.0' | '3.5', readonly string[]>> = {
  '3.0': defaults([], []),
  '3.5': defaults(
    ['mldsa65', 'mldsa87', 'mldsa44'],
    ['ecdsa_brainpoolP256r1_sha256', 'ecdsa_brainpoolP384r1_sha384', 'ecdsa_brainpoolP512r1_sha512'],
  ),
};

function defaults(first: readonly string[], afterEddsa: readonly string[]): string[] {
  return [
    ...first,
    ...['ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384', 'ecdsa_secp521r1_sha512', 'ed25519', 'ed448'],
    ...afterEddsa,
    ...['rsa_pss_pss_sha256', 'rsa_pss_pss_sha384', 'rsa_pss_pss_sha512'],
    ...['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha512'],
    ...['rsa_pkcs1_sha256', 'rsa_pkcs1_sha384', 'rsa_pkcs1_sha512'],
    ...['ecdsa_sha224', 'ecdsa_sha1', 'rsa_pkcs1_sha224', 'rsa_pkcs1_sha1', 'dsa_sha224', 'dsa_sha1'],
    ...['dsa_sha256', 'dsa_sha384', 'dsa_sha512'],
  ];
}

function hashed(id: number, name: string, key: SchemeKey, hash: SchemeHash): Scheme {
  return { id, name, key, hash, bits: bitsOfHash(hash), versions: 'since TLS 1.2', in30: true };
}

/** TLS 1.3 neither signs with SHA-1 and SHA-224 nor with DSA keys. */
function old(id: number, name: string, key: SchemeKey, hash: SchemeHash): Scheme {
  return { ...hashed(id, name, key, hash), versions: 'TLS 1.2', in30: 'pair' };
}

function brainpool(id: number, curve: string, hash: SchemeHash): Scheme {
  const suffix = hash.toLowerCase();
  const name = `ecdsa_brainpool${curve}r1_${suffix}`;
  const alias = `ecdsa_brainpool${curve}r1tls13_${suffix}`;
  return { ...hashed(id, name, 'ECDSA', hash), alias, versions: 'TLS 1.3', in30: false };
}

function bare(id: number, name: string, key: SchemeKey, bits: number): Scheme {
  return { id, name, key, hash: undefined, bits, versions: 'since TLS 1.2', in30: true };
}

function mldsa(id: number, size: 44 | 65 | 87, bits: number): Scheme {
  const scheme = bare(id, `mldsa${size}`, `id-ml-dsa-${size}`, bits);
  return { ...scheme, alias: `ML-DSA-${size}`, versions: 'TLS 1.3', in30: false };
}

/** Half the length of the hash; SHA-1 by the attack on it (2^63.4, eprint.iacr.org/2020/014). */
function bitsOfHash(hash: SchemeHash): number {
  return hash === 'SHA1' ? 63 : Number(hash.slice(3)) / 2;
}
