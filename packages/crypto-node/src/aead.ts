import { type AeadAlgorithm, type AeadKey, type AeadName, ApiMisuseError } from '@sealwire/core';
import { nobleProvider, requireLength, wiped } from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { plain } from './bytes.ts';
import { aeadOr } from './fallback.ts';

/**
 * The AEADs of node:crypto: one cipher object per record (the nonce is fixed at construction, so it cannot be
 * kept). Sealing returns what the cipher hands out.
 */
export const aeads: Readonly<Record<AeadName, AeadAlgorithm>> = {
  'aes-128-gcm': algorithm('aes-128-gcm', 'aes-128-gcm', 16, 16, false),
  'aes-256-gcm': algorithm('aes-256-gcm', 'aes-256-gcm', 32, 16, false),
  'chacha20-poly1305': algorithm('chacha20-poly1305', 'chacha20-poly1305', 32, 16, false),
  'aes-128-ccm': algorithm('aes-128-ccm', 'aes-128-ccm', 16, 16, true),
  'aes-128-ccm-8': algorithm('aes-128-ccm-8', 'aes-128-ccm', 16, 8, true),
  'aes-256-ccm': algorithm('aes-256-ccm', 'aes-256-ccm', 32, 16, true),
  'aes-256-ccm-8': algorithm('aes-256-ccm-8', 'aes-256-ccm', 32, 8, true),
};

function algorithm(
  name: AeadName,
  cipher: string,
  keyBytes: number,
  tagBytes: number,
  isCcm: boolean,
): AeadAlgorithm {
  const native: AeadAlgorithm = {
    name,
    keyBytes,
    nonceBytes: 12,
    tagBytes,
    key(key) {
      requireLength(key, keyBytes, `a key for ${name}`);
      const copy = new Uint8Array(key); // a third of the time of Uint8Array.from
      return isCcm ? new CcmKey(cipher, copy, tagBytes) : new StreamKey(cipher, copy);
    },
  };
  return aeadOr(native, nobleProvider.aeads[name]!);
}

/** AES-GCM and ChaCha20-Poly1305: any number of pieces, the tag checked at the end. */
class StreamKey implements AeadKey {
  readonly #cipher: crypto.CipherGCMTypes;
  #key: Uint8Array | undefined;

  constructor(cipher: string, key: Uint8Array) {
    this.#cipher = cipher as crypto.CipherGCMTypes;
    this.#key = key;
  }

  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array[] {
    const key = this.#key ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const cipher = crypto.createCipheriv(this.#cipher, key, nonce, fullTag);
    if (aad.length > 0) cipher.setAAD(aad);
    const sealed = plain(sealedText(cipher, pieces));
    cipher.final();
    const tag = plain(cipher.getAuthTag());
    return sealed.length === 0 ? [tag] : [sealed, tag];
  }

  open(nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const key = this.#key ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const length = sealed.length - 16;
    if (length < 0) return undefined;
    const decipher = crypto.createDecipheriv(this.#cipher, key, nonce, fullTag);
    decipher.setAuthTag(sealed.subarray(length));
    if (aad.length > 0) decipher.setAAD(aad);
    const opened = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
    } catch {
      opened.fill(0); // the plaintext of a forged record must not outlive this call
      return undefined;
    }
    return plain(opened);
  }

  wipe(): void {
    this.#key?.fill(0);
    this.#key = undefined;
  }
}

/** In one call, which costs with its result more than the copying of a record: content and its end, or many small pieces. */
function sealedText(cipher: crypto.CipherGCM, pieces: readonly Uint8Array[]): Buffer {
  if (pieces.length === 1) return cipher.update(pieces[0]!);
  let length = 0;
  for (const piece of pieces) length += piece.length;
  if (length > scratch.length) return cipher.update(Buffer.concat(pieces));
  let at = 0;
  for (const piece of pieces) {
    scratch.set(piece, at);
    at += piece.length;
  }
  const sealed = cipher.update(scratch.subarray(0, length));
  scratch.fill(0, 0, length);
  return sealed;
}

/** AES-CCM (RFC 5116 §5.3, RFC 6655 §6.1): needs the length first and all the text in one call. */
class CcmKey implements AeadKey {
  readonly #cipher: crypto.CipherCCMTypes;
  readonly #tag: { authTagLength: number };
  #key: Uint8Array | undefined;

  constructor(cipher: string, key: Uint8Array, tagBytes: number) {
    this.#cipher = cipher as crypto.CipherCCMTypes;
    this.#key = key;
    this.#tag = { authTagLength: tagBytes };
  }

  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array[] {
    const key = this.#key ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const text = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    if (text.length > ccmMaxBytes)
      throw new ApiMisuseError(`expected at most ${ccmMaxBytes} bytes, got ${text.length}`);
    const cipher = crypto.createCipheriv(this.#cipher, key, nonce, this.#tag);
    cipher.setAAD(aad, { plaintextLength: text.length });
    const sealed = plain(cipher.update(text));
    cipher.final();
    return [sealed, plain(cipher.getAuthTag())];
  }

  open(nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const key = this.#key ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const length = sealed.length - this.#tag.authTagLength;
    if (length < 0 || length > ccmMaxBytes) return undefined;
    const decipher = crypto.createDecipheriv(this.#cipher, key, nonce, this.#tag);
    decipher.setAuthTag(sealed.subarray(length));
    decipher.setAAD(aad, { plaintextLength: length });
    try {
      const opened = decipher.update(sealed.subarray(0, length));
      decipher.final();
      return plain(opened);
    } catch {
      return undefined; // OpenSSL releases nothing when the tag of CCM is wrong
    }
  }

  wipe(): void {
    this.#key?.fill(0);
    this.#key = undefined;
  }
}

const fullTag = { authTagLength: 16 };

/** The largest record's content, type and padding (RFC 9846 §5.2). */
const scratch = Buffer.alloc(16_384 + 256);

/** A 12-byte nonce leaves 3 bytes for the length (RFC 3610 §2.1). */
const ccmMaxBytes = 0xff_ffff;
