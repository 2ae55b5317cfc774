import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiMisuseError } from '@sealwire/core';

/**
 * The 48 bytes of `ticketKeys`, and what Node does with them: 16 bytes of public name, 16 of a key for HMAC-SHA-256, 16 of one for
 * AES-128-CBC. A ticket is
 *
 *     name ‖ IV (16) ‖ AES-128-CBC(contents) ‖ HMAC-SHA-256(all before)
 *
 * Everybody who shares them opens the tickets of all others. They are the server's, whichever context serves a connection, and
 * may be replaced at any time; tickets of the former then are none any more.
 */
export class TicketKeys {
  #name: Uint8Array;
  #macKey: Uint8Array;
  #cipherKey: Uint8Array;

  /** Without `keys` it draws some. */
  constructor(keys: Uint8Array = randomBytes(ticketKeysBytes)) {
    [this.#name, this.#macKey, this.#cipherKey] = parts(keys);
  }

  /** A copy. It is a secret. */
  get bytes(): Uint8Array {
    return Buffer.concat([this.#name, this.#macKey, this.#cipherKey]);
  }

  replace(keys: Uint8Array): void {
    [this.#name, this.#macKey, this.#cipherKey] = parts(keys);
  }

  /** `iv`: 16 bytes that nobody can foresee. */
  seal(contents: Uint8Array, iv: Uint8Array): Uint8Array {
    const cipher = createCipheriv(cipherName, this.#cipherKey, iv);
    const sealed = Buffer.concat([this.#name, iv, cipher.update(contents), cipher.final()]);
    return Buffer.concat([sealed, this.#mac(sealed)]);
  }

  /** `undefined`: it was not sealed with these keys. Nothing is decrypted before the MAC is right. */
  open(ticket: Uint8Array): Uint8Array | undefined {
    const sealedBytes = ticket.length - macBytes;
    // At least one block.
    if (sealedBytes < nameBytes + ivBytes + 16 || sealedBytes % 16 !== 0) return undefined;
    const sealed = ticket.subarray(0, sealedBytes);
    if (!timingSafeEqual(sealed.subarray(0, nameBytes), this.#name)) return undefined;
    if (!timingSafeEqual(this.#mac(sealed), ticket.subarray(sealedBytes))) return undefined;
    const iv = sealed.subarray(nameBytes, nameBytes + ivBytes);
    const cipher = createDecipheriv(cipherName, this.#cipherKey, iv);
    try {
      return Buffer.concat([cipher.update(sealed.subarray(nameBytes + ivBytes)), cipher.final()]);
    } catch {
      // Bad padding under a right MAC: whoever has the keys made it so.
      return undefined;
    }
  }

  #mac(sealed: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#macKey).update(sealed).digest();
  }
}

function parts(keys: Uint8Array): [name: Uint8Array, macKey: Uint8Array, cipherKey: Uint8Array] {
  if (!(keys instanceof Uint8Array) || keys.length !== ticketKeysBytes)
    throw new ApiMisuseError(`ticket keys are ${ticketKeysBytes} bytes`);
  const own = Uint8Array.from(keys);
  return [own.subarray(0, 16), own.subarray(16, 32), own.subarray(32)];
}

export const ticketKeysBytes = 48;
const cipherName = 'aes-128-cbc';
const nameBytes = 16;
const ivBytes = 16;
const macBytes = 32;
