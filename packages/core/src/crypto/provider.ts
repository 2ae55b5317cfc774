/**
 * What a crypto provider offers (interfaces only; `@sealwire/crypto-noble` and `@sealwire/crypto-node`
 * implement them, and one contract suite in `@sealwire/testkit` runs against both).
 *
 * Rules for every provider:
 *  - All calls are synchronous: they stand between two records.
 *  - Bytes that the peer chose never make a call throw. A value that is refused (a point off the curve, an
 *    all-zero shared secret, a tag that does not verify, a key that does not parse) is `undefined` or `false`.
 *  - The caller's mistakes (a key or nonce of the wrong length, an unknown name) throw `ApiMisuseError`.
 *  - Arguments are not kept and not changed; results belong to the caller.
 *
 * Entropy. Operations that consume randomness take an optional `RandomSource`. With it they are in the
 * *given* form: the result depends on nothing but the arguments and the bytes drawn, in the way fixed at
 * each operation, and is byte-equal across providers. Without it they are in the *native* form: the
 * provider uses its own generator, and may be much faster.
 */
export interface CryptoProvider {
  readonly name: string;
  /** `length` bytes from the platform's cryptographically secure generator. */
  random(length: number): Uint8Array;
  readonly hashes: Readonly<Partial<Record<HashName, HashFunction>>>;
  readonly aeads: Readonly<Partial<Record<AeadName, AeadAlgorithm>>>;
  /** Block ciphers in CBC mode, for TLS 1.2 and older and for encrypted files; those that the provider has, perhaps none. */
  readonly cbcs?: Readonly<Partial<Record<CbcName, CbcCipher>>>;
  /**
   * `length` bytes of the key stream of ChaCha20 (RFC 8439 §2.4), up to 64, for header protection in QUIC (RFC 9001 §5.4.4);
   * absent: the provider has none. `start` has 16 bytes: the block counter, little-endian, and the nonce.
   * `ApiMisuseError` unless `key` has 32.
   */
  chacha20?(key: Uint8Array, start: Uint8Array, length: number): Uint8Array;
  /** Key-exchange groups by their IANA name. */
  readonly groups: Readonly<Partial<Record<GroupName, KeyExchangeGroup>>>;
  /**
   * A finite-field group by its numbers, as servers of TLS 1.2 and older choose them (RFC 5246 §7.4.3); absent: the provider
   * has none but `groups`. The numbers of a group of RFC 7919 give that group. `undefined` for what no sane party uses: a
   * prime that is even or outside 512–8,192 bits, a generator outside 2 … p-2. Whether the prime is one is not looked at,
   * which would take longer than the exchange: a server that lies gives this one secret away, as it may anyway.
   */
  dh?(parameters: DhParameters): KeyExchangeGroup | undefined;
  /**
   * A public key from a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). `undefined` when it does not parse, its
   * algorithm or curve is unknown, its point is not on the curve, or it is an RSA key that no sane party
   * uses: modulus outside 512–8,192 bits or even; exponent even, below 3 or above 2^64.
   */
  importPublicKey(spki: Uint8Array): PublicKey | undefined;
  /**
   * A private key from an unencrypted DER PKCS#8 PrivateKeyInfo (RFC 5958); `undefined` as above. An ML-DSA key may be a seed, expanded, or
   * both, which then must be of one key (RFC 9881 §6, §8.2).
   */
  importPrivateKey(pkcs8: Uint8Array): PrivateKey | undefined;
  /**
   * A new key pair, for making certificates and tests. Given form: EC one scalar as in `KeyExchangeGroup`; Ed25519,
   * Ed448 and ML-DSA the seed (32, 57 and 32 bytes); RSA candidates of `bits`/16 bytes, one draw each, the upper two bits
   * and the lowest set to 1, until one is prime and not 1 modulo 65,537, then a second prime likewise. RSA of 512
   * to 8,192 bits in steps of 16; `ApiMisuseError` for other sizes and unknown kinds.
   */
  generateKeyPair(spec: KeySpec, source?: RandomSource): PrivateKey;
  /**
   * `length` bytes by PBKDF2 with HMAC (RFC 8018 §5.2), for encrypted files; absent: the provider has none. The salt may be
   * empty. `ApiMisuseError` for an unknown hash, and for fewer than 1 or more than 2^31 - 1 iterations or bytes. That is the
   * only bound: what a file asks for is for the caller to limit, who knows how long it may take.
   */
  pbkdf2?(
    hash: Pbkdf2HashName,
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    length: number,
  ): Uint8Array;
  /**
   * `length` bytes by scrypt (RFC 7914 §6), for encrypted files; absent: the provider has none. `ApiMisuseError` for a cost
   * that is none (`ScryptCost`), or that needs more than its `maxmem` bytes of memory, before any is taken.
   */
  scrypt?(password: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number): Uint8Array;
  /**
   * Parameter sets of ML-DSA (FIPS 204) whose keys the functions above read and make; absent or empty: none, and no scheme of
   * ML-DSA is offered.
   */
  readonly mlDsa?: readonly MlDsaName[];
  /** Codecs for certificate chains (RFC 8879); those that the provider has, perhaps none. */
  readonly certificateCompression?: { readonly [N in CompressionName]?: CompressionCodec | undefined };
}

/** Returns exactly `length` fresh bytes at each call. */
export type RandomSource = (length: number) => Uint8Array;

// ---------------------------------------------------------------------------------------------- hashes

export type HashName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

export interface HashFunction {
  readonly name: HashName;
  readonly outputBytes: number;
  /** Block size in bytes, as HMAC needs it. */
  readonly blockBytes: number;
  /** Hash of the concatenation of `pieces`. */
  digest(pieces: readonly Uint8Array[]): Uint8Array;
  /** HMAC (RFC 2104) over the concatenation of `pieces`. */
  hmac(key: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array;
  /**
   * `hmac` for records whose length is a secret (RFC 5246 §6.2.3.2): the same way for every length, so that time tells no more of it than
   * how many blocks are hashed, each of which takes as long as in `digest`. Left out: `hmac` is like that.
   */
  evenHmac?(key: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array;
  /** A running hash. */
  create(): HashState;
}

export interface HashState {
  update(bytes: Uint8Array): void;
  /** An independent copy. */
  fork(): HashState;
  /** The hash; the state must not be used afterwards. */
  digest(): Uint8Array;
  /** What `fork().digest()` gives, for states that need no copy for it. */
  digestSoFar?(): Uint8Array;
}

// --------------------------------------------------------------------------- keys from passwords

/** The hashes of RFC 8018 appendix B.1.2, and MD5. */
export type Pbkdf2HashName = HashName | 'sha512-224' | 'sha512-256';

/** RFC 7914 §2; needs 128 · r · (N + p + 2) bytes of memory, and time in proportion to N · r · p. */
export interface ScryptCost {
  /** A power of 2 from 2 to 2^30, and below 2^(16·r). */
  readonly N: number;
  /** 1 or more; r · p is below 2^30. */
  readonly r: number;
  readonly p: number;
  /** What may be used of memory, in bytes. */
  readonly maxmem: number;
}

// ----------------------------------------------------------------------------------------------- AEADs

export type AeadName =
  | 'aes-128-gcm'
  | 'aes-256-gcm'
  | 'chacha20-poly1305'
  | 'aes-128-ccm'
  | 'aes-128-ccm-8'
  | 'aes-256-ccm'
  | 'aes-256-ccm-8';

/** An AEAD with a 12-byte nonce (RFC 5116). */
export interface AeadAlgorithm {
  readonly name: AeadName;
  readonly keyBytes: number;
  readonly nonceBytes: 12;
  /** 16, or 8 for the CCM-8 variants. */
  readonly tagBytes: number;
  /** Prepares a key; `ApiMisuseError` unless `key` has `keyBytes` bytes. */
  key(key: Uint8Array): AeadKey;
}

export interface AeadKey {
  /**
   * Encrypts the concatenation of `pieces`: ciphertext followed by the tag, in as many pieces as suits the
   * provider. `ApiMisuseError` unless `nonce` has 12 bytes. Never repeating a nonce is the caller's duty.
   */
  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array[];
  /**
   * Decrypts ciphertext followed by tag. `undefined` when the tag does not verify or the input is shorter
   * than a tag; no plaintext is released then. The result may be a view of memory of its own, never of `sealed`.
   */
  open(nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /** Forgets the key as far as JavaScript can; using it afterwards throws `ApiMisuseError`. */
  wipe(): void;
}

// ------------------------------------------------------------------------------------------------- CBC

/** AES-192 and single DES are in no cipher suite that is spoken: they are for encrypted files. */
export type CbcName = 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | '3des-ede-cbc' | 'des-cbc';

/** A block cipher in CBC mode (SP 800-38A §6.2), with no padding and no protection of its own: both are the caller's. */
export interface CbcCipher {
  readonly name: CbcName;
  /** 16, 24, 32, and for DES 8, or 24 for the three keys of 3DES; parity bits are not looked at. */
  readonly keyBytes: number;
  /** 16, and 8 for DES and 3DES; an initialisation vector is as long. */
  readonly blockBytes: number;
  /** Prepares a key; `ApiMisuseError` unless `key` has `keyBytes` bytes. */
  key(key: Uint8Array): CbcKey;
}

/**
 * `ApiMisuseError` for an `iv` that is not a block, and for an input that is no whole number of blocks: callers look at
 * the length of what the peer sent before. No blocks are a whole number too.
 */
export interface CbcKey {
  /** Encrypts the concatenation of `pieces`. The last block of the result is the next `iv` where they are chained. */
  encrypt(iv: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array;
  /** The result has memory of its own. */
  decrypt(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array;
  /** Forgets the key as far as JavaScript can; using it afterwards throws `ApiMisuseError`. */
  wipe(): void;
}

// -------------------------------------------------------------------------------------- key exchange

/** secp256k1 and the Brainpool curves are for TLS 1.2 and older: version 1.3 neither offers nor takes them. */
export type GroupName =
  | 'x25519'
  | 'x448'
  | 'secp256r1'
  | 'secp384r1'
  | 'secp521r1'
  | 'secp256k1'
  | 'brainpoolP256r1'
  | 'brainpoolP384r1'
  | 'brainpoolP512r1'
  | 'ffdhe2048'
  | 'ffdhe3072'
  | 'ffdhe4096'
  | 'ffdhe6144'
  | 'ffdhe8192'
  | 'MLKEM512'
  | 'MLKEM768'
  | 'MLKEM1024'
  | 'X25519MLKEM768'
  | 'SecP256r1MLKEM768'
  | 'SecP384r1MLKEM1024';

/** ServerDHParams without the public value (RFC 5246 §7.4.3): big-endian, zeros in front do not matter. */
export interface DhParameters {
  readonly prime: Uint8Array;
  readonly generator: Uint8Array;
}

/**
 * A key exchange in the shape that fits Diffie-Hellman and KEMs alike: the client generates, the server
 * responds to the client's share, the client finishes with the server's share.
 *
 * Shares have the form of RFC 9846 §4.3.8 (uncompressed points; FFDHE padded to the size of the prime) and
 * secrets that of §7.4 (FFDHE padded; bare x coordinate; hybrids concatenated in the order of
 * draft-ietf-tls-ecdhe-mlkem: X25519MLKEM768 has the ML-KEM part first, the SecP… ones have the point first).
 *
 * Given form, bytes drawn in this order: X25519 32 and X448 56 bytes (the scalar, before clamping); other
 * curves as many bytes as the order has, drawn anew while the candidate is 0 or ≥ n (secp521r1: 66 bytes,
 * the upper 7 bits of the first cleared); FFDHE a secret of twice the group's strength, rounded up to whole
 * bytes (RFC 7919 §5.2: 28, 34, 40, 46, 50 bytes for 225, 275, 325, 375, 400 bits), drawn anew while it is
 * below 2; groups of `dh` an exponent as long as the prime, since nothing is known of their order: as many bytes, the
 * bits above the prime's highest cleared, drawn anew unless within 2 … p-2; ML-KEM d‖z (64 bytes in one draw) to generate, m (32 bytes) to respond; hybrids their parts in the
 * order of the share. A source that never gives a usable candidate is the caller's mistake.
 *
 * FFDHE accepts 1 < y < p-1 (RFC 7919 §5.1); whether it also refuses values outside the subgroup of squares,
 * which no honest party sends, is left to the provider.
 */
export interface KeyExchangeGroup {
  /** `dh` for a group that has nothing but its numbers. */
  readonly name: GroupName | 'dh';
  /** Size of the client's and the server's share, in bytes. */
  readonly clientShareBytes: number;
  readonly serverShareBytes: number;
  generate(source?: RandomSource): KeyExchangeKey;
  /** Brings back a key from its `exportPrivate()`; `undefined` if the bytes are none of its. */
  restore(privateBytes: Uint8Array): KeyExchangeKey | undefined;
  /** `undefined` when the client's share is invalid (wrong length, off the curve, all-zero result, …). */
  respond(clientShare: Uint8Array, source?: RandomSource): KeyExchangeResponse | undefined;
}

export interface KeyExchangeKey {
  /** The share to send. */
  readonly share: Uint8Array;
  /** The shared secret; `undefined` when the server's share is invalid. */
  finish(serverShare: Uint8Array): Uint8Array | undefined;
  /**
   * The secret part, for a recorded history: what `restore` takes. The bytes drawn in the given form: scalar,
   * exponent, seed d‖z; hybrids one after the other. Equal across providers.
   */
  exportPrivate(): Uint8Array;
  wipe(): void;
}

export interface KeyExchangeResponse {
  readonly share: Uint8Array;
  readonly secret: Uint8Array;
}

// ------------------------------------------------------------------------------------------- signatures

/** SP 800-186; SEC 2 §2.4.1; RFC 5639. */
export type CurveName =
  | 'secp256r1'
  | 'secp384r1'
  | 'secp521r1'
  | 'secp256k1'
  | 'brainpoolP256r1'
  | 'brainpoolP384r1'
  | 'brainpoolP512r1';

/** FIPS 204 §4, table 1. */
export type MlDsaName = 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';

/** What kind of key it is; `rsa-pss` is the OID id-RSASSA-PSS, whose keys sign nothing else. */
export type KeyKind =
  | { readonly type: 'rsa'; readonly bits: number }
  | { readonly type: 'rsa-pss'; readonly bits: number; readonly restriction?: PssParameters }
  | { readonly type: 'ec'; readonly curve: CurveName }
  | { readonly type: 'ed25519' }
  | { readonly type: 'ed448' }
  | { readonly type: MlDsaName };

/** What `generateKeyPair` makes; an `rsa-pss` key of it is unrestricted. */
export type KeySpec =
  | Exclude<KeyKind, { type: 'rsa-pss' }>
  | { readonly type: 'rsa-pss'; readonly bits: number };

export interface PssParameters {
  readonly hash: HashName;
  readonly mgfHash: HashName;
  readonly saltBytes: number;
}

/**
 * How a signature is made: enough for TLS and for X.509. ECDSA signatures are DER, high S allowed. `md5-sha1` is of TLS
 * 1.1 and older: both hashes of the message, MD5 first, signed without a DigestInfo (RFC 4346 §4.7). ML-DSA is the pure one
 * with an empty context (FIPS 204 §5.2, RFC 9881 §3), never HashML-DSA.
 */
export type SignatureAlgorithm =
  | { readonly type: 'rsa-pkcs1'; readonly hash: HashName | 'md5-sha1' }
  | ({ readonly type: 'rsa-pss' } & PssParameters)
  | { readonly type: 'ecdsa'; readonly hash: HashName }
  | { readonly type: 'ed25519' }
  | { readonly type: 'ed448' }
  | { readonly type: MlDsaName };

export interface PublicKey {
  readonly kind: KeyKind;
  /** DER SubjectPublicKeyInfo, as imported. */
  readonly spki: Uint8Array;
  /** False for anything but a valid signature, also when the algorithm does not fit the key. Never throws on peer input. */
  verify(algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): boolean;
  /**
   * Encrypts to the key by RSAES-PKCS1-v1_5 (RFC 8017 §7.2.1), for TLS 1.2 and older. `undefined` unless it is a key of type
   * `rsa` whose modulus is at least 11 bytes longer than the message; absent: the provider does not encrypt. Given form:
   * the padding is what is not zero among the bytes drawn, of which there are as many at a time as are still missing.
   */
  encryptPkcs1?(message: Uint8Array, source?: RandomSource): Uint8Array | undefined;
}

export interface PrivateKey {
  readonly kind: KeyKind;
  readonly publicKey: PublicKey;
  /**
   * Signs. Given form: ECDSA is RFC 6979 (draws nothing), RSA-PSS draws the salt in one draw, ML-DSA the 32 bytes `rnd` of
   * FIPS 204 §5.2, RSA-PKCS1 and EdDSA are deterministic anyway. `ApiMisuseError` when the algorithm does not fit the key.
   */
  sign(algorithm: SignatureAlgorithm, message: Uint8Array, source?: RandomSource): Uint8Array;
  /**
   * Decrypts by RSAES-PKCS1-v1_5 (RFC 8017 §7.2.2) what should hold exactly as many bytes as `fallback`; a copy of `fallback`
   * otherwise, whatever is wrong: length, range, padding, length of the message. All of them take the same path, as nearly
   * as possible in the same time, or the difference would decrypt for an attacker (RFC 5246 §7.4.7.1). Absent for keys that
   * are not of type `rsa`, and where the provider does not decrypt.
   */
  decryptPkcs1?(ciphertext: Uint8Array, fallback: Uint8Array): Uint8Array;
  /** DER PKCS#8, unencrypted; an ML-DSA key as its seed alone where that is known, and expanded otherwise (RFC 9881 §6). */
  exportPkcs8(): Uint8Array;
}

// ------------------------------------------------------------------------------------------ compression

/** By the names of the registry: RFC 1950, RFC 7932, RFC 8878. */
export type CompressionName = 'zlib' | 'brotli' | 'zstd';

/** Not cryptography, but as synchronous as the rest, and what a platform may have and core does not. */
export interface CompressionCodec {
  readonly name: CompressionName;
  /** As small as the codec makes it; the caller keeps the result. Absent: the provider only reads this algorithm. */
  compress?(bytes: Uint8Array): Uint8Array;
  /**
   * `undefined` unless `bytes` is one complete stream, nothing before or behind it, that expands to `maxBytes` or less.
   * Stops as soon as it would expand to more, so that neither time nor memory goes far beyond `maxBytes`.
   */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined;
}
