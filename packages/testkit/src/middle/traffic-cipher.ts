import {
  type AeadKey,
  type AeadName,
  ApiMisuseError,
  type CryptoProvider,
  type HashFunction,
  type HashName,
} from '@sealwire/core';
import { asciiBytes, concatenated } from '../bytes.ts';

/**
 * Record protection of TLS 1.3 from a traffic secret (RFC 9846 §5.2, §7.2, §7.3), written a second time, for
 * somebody in the middle who knows the secrets: what the core seals must open here, and the other way round.
 */
export class TrafficCipher {
  readonly #provider: CryptoProvider;
  readonly #suite: number;
  readonly #secret: Uint8Array;
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;

  constructor(provider: CryptoProvider, suite: number, secret: Uint8Array) {
    this.#provider = provider;
    this.#suite = suite;
    this.#secret = secret;
    this.#key = this.#expand('key', algorithms(suite).keyBytes);
    this.#iv = this.#expand('iv', 12);
  }

  /** The cipher after a KeyUpdate. */
  next(): TrafficCipher {
    return new TrafficCipher(this.#provider, this.#suite, this.#expand('traffic upd', this.#secret.length));
  }

  /** Type and content of a protected record, header included; `undefined` when it does not open. */
  open(
    record: Uint8Array,
    sequence: number,
  ): { readonly type: number; readonly content: Uint8Array } | undefined {
    const inner = this.#aeadKey().open(this.#nonce(sequence), record.subarray(0, 5), record.subarray(5));
    if (inner === undefined) return undefined;
    const end = inner.findLastIndex((byte) => byte !== 0);
    return { type: inner[end] ?? 0, content: inner.slice(0, Math.max(0, end)) };
  }

  seal(type: number, content: Uint8Array, sequence: number): Uint8Array {
    const length = content.length + 1 + algorithms(this.#suite).tagBytes;
    const header = new Uint8Array([23, 3, 3, length >> 8, length & 0xff]);
    const sealed = this.#aeadKey().seal(this.#nonce(sequence), header, [content, new Uint8Array([type])]);
    return concatenated([header, ...sealed]);
  }

  /** The Finished that this secret makes of a transcript (RFC 9846 §4.5.3); `isRetried`: it begins with two hellos. */
  finished(transcript: readonly Uint8Array[], isRetried: boolean): Uint8Array {
    const hash = this.#provider.hashes[algorithms(this.#suite).hash]!;
    const key = this.#expand('finished', hash.outputBytes);
    return new Uint8Array([
      20,
      0,
      0,
      hash.outputBytes,
      ...hash.hmac(key, [hash.digest(isRetried ? afterRetry(transcript, hash) : transcript)]),
    ]);
  }

  #aeadKey(): AeadKey {
    return this.#provider.aeads[algorithms(this.#suite).aead]!.key(this.#key);
  }

  #nonce(sequence: number): Uint8Array {
    const nonce = this.#iv.slice();
    for (let i = 11, rest = sequence; rest > 0; i--, rest >>>= 8) nonce[i]! ^= rest & 0xff;
    return nonce;
  }

  /** HKDF-Expand-Label with an empty context and at most one block of output. */
  #expand(label: string, length: number): Uint8Array {
    const full = asciiBytes(`tls13 ${label}`);
    const info = concatenated([new Uint8Array([0, length, full.length]), full, new Uint8Array([0, 1])]);
    const hash = this.#provider.hashes[algorithms(this.#suite).hash]!;
    return hash.hmac(this.#secret, [info]).slice(0, length);
  }
}

/** With the message_hash in place of a ClientHello that was answered by a HelloRetryRequest (RFC 9846 §4.1). */
function afterRetry(transcript: readonly Uint8Array[], hash: HashFunction): Uint8Array[] {
  const [first, ...rest] = transcript;
  const replaced = new Uint8Array([254, 0, 0, hash.outputBytes, ...hash.digest([first!])]);
  return [replaced, ...rest];
}

function algorithms(suite: number): Algorithms {
  const found = suites.get(suite);
  if (found === undefined) {
    throw new ApiMisuseError(`expected a cipher suite of TLS 1.3, got 0x${suite.toString(16)}`);
  }
  return found;
}

/** The suites of TLS 1.3 whose hash has this size: those that a secret of so many bytes may belong to. */
export function suitesOfSecret(secretBytes: number): readonly number[] {
  return [...suites]
    .filter(([, { hash }]) => (hash === 'sha256' ? 32 : 48) === secretBytes)
    .map(([id]) => id);
}

/** RFC 9846 §B.4. */
const suites: ReadonlyMap<number, Algorithms> = new Map([
  [0x1301, { aead: 'aes-128-gcm', keyBytes: 16, tagBytes: 16, hash: 'sha256' }],
  [0x1302, { aead: 'aes-256-gcm', keyBytes: 32, tagBytes: 16, hash: 'sha384' }],
  [0x1303, { aead: 'chacha20-poly1305', keyBytes: 32, tagBytes: 16, hash: 'sha256' }],
  [0x1304, { aead: 'aes-128-ccm', keyBytes: 16, tagBytes: 16, hash: 'sha256' }],
  [0x1305, { aead: 'aes-128-ccm-8', keyBytes: 16, tagBytes: 8, hash: 'sha256' }],
] as const);

interface Algorithms {
  readonly aead: AeadName;
  readonly keyBytes: number;
  readonly tagBytes: number;
  readonly hash: HashName;
}
