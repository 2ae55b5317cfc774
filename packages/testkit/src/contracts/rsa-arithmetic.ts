import { hex, unhex } from './contract-case.ts';
import { rsaPkcs8Hex, rsaPrivateExponent } from './rsa-keys.ts';

/** RSA by definition, with the key of these tests, to make what no provider would make. */

/** The block raised to e, or to d, modulo n. */
export function powerOf(block: Uint8Array, exponent: 'public' | 'private'): Uint8Array {
  const value = power(BigInt(`0x${hex(block)}`), exponent === 'public' ? 65_537n : rsaPrivateExponent);
  return unhex(value.toString(16).padStart(256, '0'));
}

/** Big-endian, 128 bytes. */
export function modulusOf(): Uint8Array {
  return unhex(modulusHex);
}

function power(base: bigint, exponent: bigint): bigint {
  const modulus = BigInt(`0x${modulusHex}`);
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

/** The modulus stands within the key. */
const modulusHex = rsaPkcs8Hex.slice(2 * 37, 2 * 165);
