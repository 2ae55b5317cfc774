import type {
  AeadAlgorithm,
  AeadName,
  CryptoProvider,
  HashName,
  KeyExchangeKey,
} from '../crypto/provider.ts';
import { hpkeAeads, type HpkeAead } from '../registry/hpke-aeads.ts';
import { hpkeKdfs, type HpkeKdf } from '../registry/hpke-kdfs.ts';
import type { HpkeKem } from '../registry/hpke-kems.ts';
import { concat, copyOf } from '../wire/bytes.ts';
import { kemOf, type Kem } from './kem.ts';
import { labeled, type Labeled } from './labeled.ts';

/**
 * Hybrid public key encryption (RFC 9180), base mode: encryption to a public key, without authentication of the
 * sender. Nothing here draws randomness: the ephemeral key comes from the caller's entropy.
 */
export interface Hpke {
  readonly kem: Kem;
  readonly aead: AeadAlgorithm;
  /**
   * SetupBaseS (§5.1.1); `undefined` for a public key that is none. The ephemeral key serves once. `log` is given a copy of
   * shared_secret, for who has to write it down (RFC 9850 §2.3); whoever has it can open what is sealed.
   */
  seal(
    recipient: Uint8Array,
    info: Uint8Array,
    ephemeral: KeyExchangeKey,
    log?: (sharedSecret: Uint8Array) => void,
  ): { readonly enc: Uint8Array; readonly context: HpkeContext } | undefined;
  /** SetupBaseR (§5.1.1); `undefined` where `enc` is no public key. `log` as with `seal`. */
  open(
    enc: Uint8Array,
    info: Uint8Array,
    recipient: KeyExchangeKey,
    log?: (sharedSecret: Uint8Array) => void,
  ): HpkeContext | undefined;
}

/**
 * Key and base nonce of one direction (§5.2). The sequence number is the caller's: a context is a value that a
 * state may hold. Never seal two messages with one number.
 */
export interface HpkeContext {
  seal(sequence: number, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** `undefined` where the tag does not verify. */
  open(sequence: number, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

/** HPKE with these algorithms; `undefined` where we or the provider lack one of them. */
export function hpkeOf(
  provider: CryptoProvider,
  kemId: HpkeKem,
  kdfId: HpkeKdf,
  aeadId: HpkeAead,
): Hpke | undefined {
  const kem = kemOf(provider, kemId);
  const hashName = kdfs.get(kdfId);
  const aeadName = aeads.get(aeadId);
  const hash = hashName && provider.hashes[hashName];
  const aead = aeadName && provider.aeads[aeadName];
  if (kem === undefined || hash === undefined || aead === undefined) return undefined;
  const ids = [kemId, kdfId, aeadId].flatMap((id) => [id >>> 8, id & 0xff]);
  const kdf = labeled(hash, [0x48, 0x50, 0x4b, 0x45, ...ids]);
  return {
    kem,
    aead,
    seal(recipient, info, ephemeral, log) {
      const encapsulated = kem.encapsulate(recipient, ephemeral);
      if (encapsulated === undefined) return undefined;
      log?.(copyOf(encapsulated.secret));
      return { enc: encapsulated.enc, context: keySchedule(kdf, aead, encapsulated.secret, info) };
    },
    open(enc, info, recipient, log) {
      const secret = kem.decapsulate(enc, recipient);
      if (secret === undefined) return undefined;
      log?.(copyOf(secret));
      return keySchedule(kdf, aead, secret, info);
    },
  };
}

/** KeySchedule (§5.1) in base mode: without a pre-shared key. */
function keySchedule(kdf: Labeled, aead: AeadAlgorithm, secret: Uint8Array, info: Uint8Array): HpkeContext {
  const context = concat([
    new Uint8Array([modeBase]),
    kdf.extract(nothing, 'psk_id_hash', nothing),
    kdf.extract(nothing, 'info_hash', info),
  ]);
  const main = kdf.extract(secret, 'secret', nothing);
  secret.fill(0);
  const key = aead.key(kdf.expand(main, 'key', context, aead.keyBytes));
  const baseNonce = kdf.expand(main, 'base_nonce', context, aead.nonceBytes);
  main.fill(0);
  return {
    seal: (sequence, aad, plaintext) => concat(key.seal(nonceOf(baseNonce, sequence), aad, [plaintext])),
    open: (sequence, aad, sealed) => key.open(nonceOf(baseNonce, sequence), aad, sealed),
  };
}

/** ComputeNonce (§5.2); the number stays far below 2^32 here. */
function nonceOf(baseNonce: Uint8Array, sequence: number): Uint8Array {
  const nonce = new Uint8Array(baseNonce);
  for (let i = 0; i < 4; i++) nonce[nonce.length - 1 - i]! ^= (sequence >>> (8 * i)) & 0xff;
  return nonce;
}

const modeBase = 0x00;

const kdfs: ReadonlyMap<number, HashName> = /* @__PURE__ */ new Map<number, HashName>([
  [hpkeKdfs.HKDF_SHA256, 'sha256'],
  [hpkeKdfs.HKDF_SHA384, 'sha384'],
  [hpkeKdfs.HKDF_SHA512, 'sha512'],
]);

const aeads: ReadonlyMap<number, AeadName> = /* @__PURE__ */ new Map<number, AeadName>([
  [hpkeAeads.AES_128_GCM, 'aes-128-gcm'],
  [hpkeAeads.AES_256_GCM, 'aes-256-gcm'],
  [hpkeAeads.ChaCha20Poly1305, 'chacha20-poly1305'],
]);

const nothing = /* @__PURE__ */ new Uint8Array(0);
