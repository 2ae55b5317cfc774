import { ApiMisuseError, type AeadKey, type CryptoProvider } from '@sealwire/core';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { copyOf, sameBytes } from './bytes.ts';

/**
 * Bytes sealed under secrets that a fleet shares, bound to the name under which they are kept:
 *
 *     1 (format) ‖ id of the secret (8) ‖ salt (32) ‖ AES-256-GCM(bytes), with name and all before as additional data
 *
 * The key is derived from secret and salt for this one value, so that no nonce ever repeats, however many processes seal
 * however many values under one secret.
 */
export class SecretBox {
  readonly #provider: CryptoProvider;
  readonly #keys: readonly { readonly id: Uint8Array; readonly key: Uint8Array }[];

  /** `secrets`: the first seals, all open; each at least 32 random bytes. */
  constructor(provider: CryptoProvider, secrets: Uint8Array | readonly Uint8Array[]) {
    const { hashes, aeads } = provider ?? {};
    if (hashes?.sha256 === undefined || aeads?.['aes-256-gcm'] === undefined)
      throw new ApiMisuseError('expected a provider that has AES-256-GCM and SHA-256');
    const all = secrets instanceof Uint8Array ? [secrets] : secrets;
    if (!Array.isArray(all) || all.length === 0 || all.length > maxSecrets || !all.every(isSecret))
      throw new ApiMisuseError(
        `expected secret: ${secretBytes} random bytes or more, or an array of up to ${maxSecrets} such secrets, the first of which seals`,
      );
    this.#provider = provider;
    this.#keys = (all as readonly Uint8Array[]).map((secret) => ({
      id: copyOf(this.#hmac(secret, [utf8ToBytes('sealwire session-cache id')]).subarray(0, idBytes)),
      key: this.#hmac(secret, [utf8ToBytes('sealwire session-cache key')]),
    }));
  }

  seal(name: string, bytes: Uint8Array): Uint8Array {
    const [{ id, key }] = this.#keys as [{ id: Uint8Array; key: Uint8Array }];
    const salt = this.#provider.random(saltBytes);
    const header = concatBytes(Uint8Array.of(format), id, salt);
    return this.#using(key, salt, (aead) =>
      concatBytes(header, ...aead.seal(zeroNonce, concatBytes(header, utf8ToBytes(name)), [bytes])),
    );
  }

  /** `undefined`: nobody who knows one of the secrets has sealed this under this name. */
  open(name: string, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < headerBytes + tagBytes || sealed[0] !== format) return undefined;
    const header = sealed.subarray(0, headerBytes);
    const id = header.subarray(1, 1 + idBytes);
    const known = this.#keys.find((each) => sameBytes(each.id, id));
    if (known === undefined) return undefined;
    return this.#using(known.key, header.subarray(1 + idBytes), (aead) => {
      const opened = aead.open(
        zeroNonce,
        concatBytes(header, utf8ToBytes(name)),
        sealed.subarray(headerBytes),
      );
      return opened === undefined ? undefined : copyOf(opened);
    });
  }

  #using<T>(key: Uint8Array, salt: Uint8Array, run: (aead: AeadKey) => T): T {
    const derived = this.#hmac(key, [salt]);
    const aead = this.#provider.aeads['aes-256-gcm']!.key(derived);
    derived.fill(0);
    try {
      return run(aead);
    } finally {
      aead.wipe();
    }
  }

  #hmac(key: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
    return this.#provider.hashes.sha256!.hmac(key, pieces);
  }
}

function isSecret(secret: unknown): boolean {
  return secret instanceof Uint8Array && secret.length >= secretBytes;
}

const format = 1;
const idBytes = 8;
const saltBytes = 32;
const secretBytes = 32;
const maxSecrets = 8;
const headerBytes = 1 + idBytes + saltBytes;
const tagBytes = 16;
/** Each key seals once. */
const zeroNonce = new Uint8Array(12);
