import type {
  CryptoProvider,
  GroupName,
  HashFunction,
  HashName,
  KeyExchangeGroup,
  KeyExchangeKey,
} from '../crypto/provider.ts';
import { hpkeKems, type HpkeKem } from '../registry/hpke-kems.ts';
import { concat } from '../wire/bytes.ts';
import { labeled, type Labeled } from './labeled.ts';

/**
 * DHKEM (RFC 9180 §4.1): a key encapsulation mechanism made of a Diffie-Hellman group and HKDF. Keys are those of
 * the provider's group: an X25519 or X448 key as it is, a point in uncompressed form.
 */
export interface Kem {
  readonly id: HpkeKem;
  readonly group: KeyExchangeGroup;
  /**
   * The shared secret for the recipient with this public key, and what tells the recipient; `undefined` for a
   * public key that is none. The ephemeral key serves once.
   */
  encapsulate(recipient: Uint8Array, ephemeral: KeyExchangeKey): Encapsulation | undefined;
  /** The shared secret for the recipient; `undefined` where `enc` is no public key. */
  decapsulate(enc: Uint8Array, recipient: KeyExchangeKey): Uint8Array | undefined;
  /** DeriveKeyPair (RFC 9180 §7.1.3): the same key for the same input, which needs as much entropy as a key has. */
  deriveKey(inputKeyingMaterial: Uint8Array): KeyExchangeKey | undefined;
}

export interface Encapsulation {
  readonly enc: Uint8Array;
  readonly secret: Uint8Array;
}

/** A KEM of RFC 9180 §7.1; `undefined` for one that we or the provider do not have. */
export function kemOf(provider: CryptoProvider, id: number): Kem | undefined {
  const known = kems.get(id);
  const group = known && provider.groups[known.group];
  const hash = known && provider.hashes[known.hash];
  if (known === undefined || group === undefined || hash === undefined) return undefined;
  const kdf = labeled(hash, [0x4b, 0x45, 0x4d, id >>> 8, id & 0xff]);
  return {
    id: id as HpkeKem,
    group,
    encapsulate(recipient, ephemeral) {
      const enc = ephemeral.share;
      const secret = extractAndExpand(kdf, hash, ephemeral.finish(recipient), enc, recipient);
      return secret === undefined ? undefined : { enc, secret };
    },
    decapsulate: (enc, recipient) => extractAndExpand(kdf, hash, recipient.finish(enc), enc, recipient.share),
    deriveKey: (input) => deriveKey(kdf, known, group, input),
  };
}

function extractAndExpand(
  kdf: Labeled,
  hash: HashFunction,
  dh: Uint8Array | undefined,
  enc: Uint8Array,
  recipient: Uint8Array,
): Uint8Array | undefined {
  if (dh === undefined) return undefined;
  const pseudorandom = kdf.extract(nothing, 'eae_prk', dh);
  dh.fill(0);
  return kdf.expand(pseudorandom, 'shared_secret', concat([enc, recipient]), hash.outputBytes);
}

function deriveKey(
  kdf: Labeled,
  { privateBytes, mask }: KnownKem,
  group: KeyExchangeGroup,
  input: Uint8Array,
): KeyExchangeKey | undefined {
  const pseudorandom = kdf.extract(nothing, 'dkp_prk', input);
  if (mask === undefined) return group.restore(kdf.expand(pseudorandom, 'sk', nothing, privateBytes));
  for (let counter = 0; counter <= 255; counter++) {
    const candidate = kdf.expand(pseudorandom, 'candidate', new Uint8Array([counter]), privateBytes);
    candidate[0]! &= mask;
    // The provider takes no scalar that is 0 or not below the order.
    const key = group.restore(candidate);
    if (key !== undefined) return key;
  }
  return undefined;
}

interface KnownKem {
  readonly group: GroupName;
  readonly hash: HashName;
  readonly privateBytes: number;
  /** For the first byte of a candidate; `undefined` where every string of bytes is a key. */
  readonly mask?: number;
}

const kems: ReadonlyMap<number, KnownKem> = /* @__PURE__ */ new Map<number, KnownKem>([
  [hpkeKems.DHKEM_P256_HKDF_SHA256, { group: 'secp256r1', hash: 'sha256', privateBytes: 32, mask: 0xff }],
  [hpkeKems.DHKEM_P384_HKDF_SHA384, { group: 'secp384r1', hash: 'sha384', privateBytes: 48, mask: 0xff }],
  [hpkeKems.DHKEM_P521_HKDF_SHA512, { group: 'secp521r1', hash: 'sha512', privateBytes: 66, mask: 0x01 }],
  [hpkeKems.DHKEM_X25519_HKDF_SHA256, { group: 'x25519', hash: 'sha256', privateBytes: 32 }],
  [hpkeKems.DHKEM_X448_HKDF_SHA512, { group: 'x448', hash: 'sha512', privateBytes: 56 }],
]);

const nothing = /* @__PURE__ */ new Uint8Array(0);
