/**
 * Decryption by RC2 (RFC 2268), for files of the 1990s. It is weak by its effective length of the key, which is 40 bits in
 * most of those files; nothing is encrypted with it.
 */
export class Rc2 {
  readonly #words: Uint16Array;

  /** `key` has 1 to 128 bytes, of which `effectiveBits` (1 to 1,024) count. */
  constructor(key: Uint8Array, effectiveBits: number) {
    this.#words = expanded(key, effectiveBits);
  }

  /** CBC mode; `ciphertext` is whole blocks of 8 bytes. */
  decryptCbc(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const text = new Uint8Array(ciphertext.length);
    for (let at = 0; at < text.length; at += 8) {
      const block = this.#decryptBlock(ciphertext.subarray(at, at + 8));
      const previous = at === 0 ? iv : ciphertext.subarray(at - 8, at);
      for (let i = 0; i < 8; i++) text[at + i] = block[i]! ^ previous[i]!;
    }
    return text;
  }

  wipe(): void {
    this.#words.fill(0);
  }

  /** §4: the rounds of encryption backwards, five of mixing, one of mashing, six, one, five. */
  #decryptBlock(block: Uint8Array): Uint8Array {
    const r = Uint16Array.from([0, 1, 2, 3], (i) => block[2 * i]! | (block[2 * i + 1]! << 8));
    const keys = this.#words;
    for (let round = 15; round >= 0; round--) {
      for (let i = 3; i >= 0; i--) {
        const [a, b, c] = [r[(i + 3) & 3]!, r[(i + 2) & 3]!, r[(i + 1) & 3]!];
        const rotated = (r[i]! >>> rotations[i]!) | (r[i]! << (16 - rotations[i]!));
        r[i] = rotated - keys[4 * round + i]! - (a & b) - (~a & c);
      }
      if (round === 11 || round === 5) for (let i = 3; i >= 0; i--) r[i]! -= keys[r[(i + 3) & 3]! & 63]!;
    }
    return Uint8Array.from({ length: 8 }, (_, i) => r[i >> 1]! >>> (8 * (i & 1)));
  }
}

/** §2 */
function expanded(key: Uint8Array, effectiveBits: number): Uint16Array {
  const l = new Uint8Array(128);
  l.set(key);
  for (let i = key.length; i < 128; i++) l[i] = piTable[(l[i - 1]! + l[i - key.length]!) & 0xff]!;
  const effectiveBytes = (effectiveBits + 7) >> 3;
  const mask = 0xff >> (8 * effectiveBytes - effectiveBits);
  l[128 - effectiveBytes] = piTable[l[128 - effectiveBytes]! & mask]!;
  for (let i = 127 - effectiveBytes; i >= 0; i--) l[i] = piTable[l[i + 1]! ^ l[i + effectiveBytes]!]!;
  const words = Uint16Array.from({ length: 64 }, (_, i) => l[2 * i]! | (l[2 * i + 1]! << 8));
  l.fill(0);
  return words;
}

const rotations = [1, 2, 3, 5];

/** PITABLE of §2: a permutation made from the digits of pi. */
const piTable: Uint8Array = /* @__PURE__ */ Uint8Array.from(
  (
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad'
  )
    .match(/../g)!
    .map((octet) => Number.parseInt(octet, 16)),
);
