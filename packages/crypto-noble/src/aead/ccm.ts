import { unsafe } from '@noble/ciphers/aes.js';
import { type AeadKey, ApiMisuseError } from '@sealwire/core';
import { sameBytes } from '../bytes.ts';
import { requireLength, wiped } from '../misuse.ts';
import { joinedWithRoom, xorInto } from './text.ts';

/** AES-CCM (RFC 3610) with a 12-byte nonce, hence a 3-byte length field, and tags of 16 or 8 bytes (RFC 6655 §6). */
export class CcmKey implements AeadKey {
  #schedule: Uint32Array | undefined;
  readonly #tagBytes: number;

  constructor(key: Uint8Array, tagBytes: number) {
    this.#schedule = unsafe.expandKeyLE(key);
    this.#tagBytes = tagBytes;
  }

  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array[] {
    const schedule = this.#schedule ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const sealed = joinedWithRoom(pieces, this.#tagBytes);
    const text = sealed.subarray(0, sealed.length - this.#tagBytes);
    if (text.length > maxTextBytes)
      throw new ApiMisuseError(`expected at most ${maxTextBytes} bytes, got ${text.length}`);
    sealed.set(authenticate(schedule, nonce, aad, text, this.#tagBytes), text.length);
    unsafe.ctr32(schedule, false, counterBlock(nonce, 1), text, text);
    return [sealed];
  }

  open(nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const schedule = this.#schedule ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const length = sealed.length - this.#tagBytes;
    if (length < 0 || length > maxTextBytes) return undefined;
    const text = new Uint8Array(sealed.subarray(0, length));
    unsafe.ctr32(schedule, false, counterBlock(nonce, 1), text, text);
    if (!sameBytes(authenticate(schedule, nonce, aad, text, this.#tagBytes), sealed.subarray(length))) {
      text.fill(0); // the plaintext of a forged record must not outlive this call
      return undefined;
    }
    return text;
  }

  wipe(): void {
    this.#schedule?.fill(0);
    this.#schedule = undefined;
  }
}

/** The masked tag U = T xor first bytes of S_0 (§2.2, §2.3). */
function authenticate(
  schedule: Uint32Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  text: Uint8Array,
  tagBytes: number,
): Uint8Array {
  const mac = new CbcMac(schedule);
  // B_0: flags, nonce, length of the text.
  const first = new Uint8Array(16);
  first[0] = (aad.length > 0 ? 0x40 : 0) | (((tagBytes - 2) / 2) << 3) | (lengthBytes - 1);
  first.set(nonce, 1);
  first[13] = text.length >>> 16;
  first[14] = text.length >>> 8;
  first[15] = text.length;
  mac.absorb(first);
  if (aad.length > 0) mac.absorb(withLength(aad));
  mac.absorb(text);
  const tag = mac.digest();
  xorInto(tag, unsafe.encryptBlock(schedule, counterBlock(nonce, 0)));
  return tag.subarray(0, tagBytes);
}

/** a with its encoded length l(a) before it: 2 bytes below 2^16 - 2^8, else 0xfffe and 4 bytes. */
function withLength(aad: Uint8Array): Uint8Array {
  const { length } = aad;
  const prefix =
    length < 0xff00
      ? [length >>> 8, length]
      : [0xff, 0xfe, length >>> 24, length >>> 16, length >>> 8, length];
  const joined = new Uint8Array(prefix.length + length);
  joined.set(prefix.map((byte) => byte & 0xff));
  joined.set(aad, prefix.length);
  return joined;
}

/** A_i: flags, nonce, counter. */
function counterBlock(nonce: Uint8Array, count: number): Uint8Array {
  const block = new Uint8Array(16);
  block[0] = lengthBytes - 1;
  block.set(nonce, 1);
  block[15] = count;
  return block;
}

class CbcMac {
  readonly #schedule: Uint32Array;
  #words = { s0: 0, s1: 0, s2: 0, s3: 0 };

  constructor(schedule: Uint32Array) {
    this.#schedule = schedule;
  }

  /** Takes bytes padded with zeros to whole blocks. */
  absorb(bytes: Uint8Array): void {
    const whole = bytes.length & ~15;
    this.#blocks(bytes, whole);
    if (whole === bytes.length) return;
    const padded = new Uint8Array(16);
    padded.set(bytes.subarray(whole));
    this.#blocks(padded, 16);
  }

  digest(): Uint8Array {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    const { s0, s1, s2, s3 } = this.#words;
    [s0, s1, s2, s3].forEach((word, i) => view.setInt32(4 * i, word, true));
    return bytes;
  }

  #blocks(bytes: Uint8Array, length: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let words = this.#words;
    for (let at = 0; at < length; at += 16) {
      words = unsafe.encrypt(
        this.#schedule,
        words.s0 ^ view.getInt32(at, true),
        words.s1 ^ view.getInt32(at + 4, true),
        words.s2 ^ view.getInt32(at + 8, true),
        words.s3 ^ view.getInt32(at + 12, true),
      );
    }
    this.#words = words;
  }
}

/** L of RFC 3610: 15 less the nonce's 12. */
const lengthBytes = 3;
const maxTextBytes = 0xff_ffff;
