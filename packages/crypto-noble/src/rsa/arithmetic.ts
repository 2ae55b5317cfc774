/**
 * Modular arithmetic on BigInt. Its time depends on the numbers: secrets go through it blinded only.
 * `modulus` is odd and above 1 throughout.
 */

/** base^exponent, with a fixed window of 5 bits: one multiplication per window whatever its value. */
export function modPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers: bigint[] = [1n, base % modulus];
  for (let i = 2; i < 32; i++) powers.push((powers[i - 1]! * powers[1]!) % modulus);
  const digits = exponent.toString(32); // radix 32: each digit is one window
  let result = 1n;
  for (let i = 0; i < digits.length; i++) {
    if (i > 0) {
      for (let bit = 0; bit < 5; bit++) result = (result * result) % modulus;
    }
    result = (result * powers[Number.parseInt(digits[i]!, 32)]!) % modulus;
  }
  return result % modulus;
}

/** base^exponent for short public exponents: no table, a multiplication for each set bit. */
export function modPowerPublic(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = base % modulus;
  for (const bit of exponent.toString(2).slice(1)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

/** The inverse, or `undefined` if the two have a common factor. */
export function modInverse(value: bigint, modulus: bigint): bigint | undefined {
  let [r0, r1] = [modulus, value % modulus];
  let [t0, t1] = [0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  if (r0 !== 1n) return undefined;
  return t0 < 0n ? t0 + modulus : t0;
}
