import { shake256 } from '@noble/hashes/sha3.js';
import { XOF128, genCrystals } from '@noble/post-quantum/_crystals.js';
import type { MlDsaName } from '@sealwire/core';
import { concat, sameBytes } from '../bytes.ts';

/**
 * The public key of an expanded private key, computed anew as by KeyGen_internal (FIPS 204 §6.1); `undefined` unless its `s1` and `s2` are in
 * range, and `tr` and `t0` are those of that public key. Nobody has to look (RFC 9881 appendix C.4), but a key that does not fit itself makes
 * signatures that nobody takes, now and then or always. `@noble/post-quantum` reads `tr` and `t0` as they stand.
 */
export function publicKeyOfExpanded(type: MlDsaName, expanded: Uint8Array): Uint8Array | undefined {
  const { k, l, eta } = parameters[type];
  const take = taker(expanded);
  const [rho] = [take(32), take(32)]; // and K, which only signatures use
  const tr = take(64);
  const bitsOfShort = eta === 2 ? 3 : 4;
  const short = (): Int32Array => unpack(take(32 * bitsOfShort), bitsOfShort).map((each) => eta - each);
  const s1 = Array.from({ length: l }, short);
  const s2 = Array.from({ length: k }, short);
  if ([...s1, ...s2].some((each) => each.some((value) => value < -eta))) return undefined;
  const t0 = take(expanded.length);
  const high: Uint8Array[] = [];
  const low: Uint8Array[] = [];
  const s1Hat = s1.map((each) => NTT.encode(each.slice()));
  const matrix = XOF128(rho);
  for (const [row, s2OfRow] of s2.entries()) {
    const t = new Int32Array(degree);
    for (const [column, s1OfColumn] of s1Hat.entries()) {
      const a = sampled(matrix.get(column, row));
      for (let i = 0; i < degree; i++) t[i] = mod(t[i]! + mod(a[i]! * s1OfColumn[i]!));
    }
    NTT.decode(t);
    for (let i = 0; i < degree; i++) t[i] = mod(t[i]! + s2OfRow[i]!);
    // Power2Round (algorithm 35): t = t1 · 2^13 + t0, with t0 from -4095 to 4096.
    high.push(
      pack(
        t.map((each) => (each + 4_095) >> 13),
        10,
      ),
    ); // prettier-ignore
    low.push(
      pack(
        t.map((each) => 4_096 - (each - (((each + 4_095) >> 13) << 13))),
        13,
      ),
    ); // prettier-ignore
    t.fill(0);
  }
  matrix.clean();
  for (const secret of [...s1, ...s2, ...s1Hat]) secret.fill(0);
  const publicKey = concat([rho, ...high]);
  const isItsOwn = sameBytes(concat(low), t0) && sameBytes(shake256(publicKey, { dkLen: 64 }), tr);
  return isItsOwn ? publicKey : undefined;
}

/** RejNTTPoly (algorithm 30). */
function sampled(next: () => Uint8Array): Int32Array {
  const polynomial = new Int32Array(degree);
  for (let at = 0; at < degree; ) {
    const block = next();
    for (let i = 0; i + 2 < block.length && at < degree; i += 3) {
      const candidate = block[i]! | (block[i + 1]! << 8) | ((block[i + 2]! & 0x7f) << 16);
      if (candidate < q) polynomial[at++] = candidate;
    }
  }
  return polynomial;
}

/** SimpleBitUnpack and BitPack's order of bits (algorithms 16 to 19): the lowest first. */
function unpack(bytes: Uint8Array, bits: number): Int32Array {
  const values = new Int32Array((8 * bytes.length) / bits);
  for (let i = 0, held = 0, heldBits = 0, at = 0; i < values.length; i++, heldBits -= bits, held >>>= bits) {
    for (; heldBits < bits; heldBits += 8) held |= bytes[at++]! << heldBits;
    values[i] = held & ((1 << bits) - 1);
  }
  return values;
}

function pack(values: Int32Array, bits: number): Uint8Array {
  const bytes = new Uint8Array((values.length * bits) / 8);
  let [held, heldBits, at] = [0, 0, 0];
  for (const value of values) {
    held |= value << heldBits;
    for (heldBits += bits; heldBits >= 8; heldBits -= 8, held >>>= 8) bytes[at++] = held & 0xff;
  }
  return bytes;
}

function taker(bytes: Uint8Array): (length: number) => Uint8Array {
  let at = 0;
  return (length) => bytes.subarray(at, (at += length));
}

const degree = 256;
const q = 8_380_417;

/** FIPS 204 §2.3: ζ = 1753 and 256^-1 modulo q. */
const { NTT, mod } = /* @__PURE__ */ genCrystals<Int32Array>({
  N: degree,
  Q: q,
  F: 8_347_681,
  ROOT_OF_UNITY: 1_753,
  newPoly: (length) => new Int32Array(length),
  isKyber: false,
  brvBits: 8,
});

/** FIPS 204 §4, table 1. */
const parameters: Readonly<
  Record<MlDsaName, { readonly k: number; readonly l: number; readonly eta: 2 | 4 }>
> = {
  'ml-dsa-44': { k: 4, l: 4, eta: 2 },
  'ml-dsa-65': { k: 6, l: 5, eta: 4 },
  'ml-dsa-87': { k: 8, l: 7, eta: 2 },
};
