import type { HashFunction, HashState } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { concat } from '../wire/bytes.ts';

/** What a transcript is hashed with: a hash function, or several side by side. */
export type TranscriptHash = Pick<HashFunction, 'create'>;

/**
 * The handshake transcript (RFC 9846 §4.1) as an immutable value: `append` gives a new transcript and leaves
 * the old one as it was. A flight, a waiting state and "before this message" are then nothing but references,
 * and no handler ever updates a hash.
 *
 * Bytes are kept until a hash is first asked for; from then on a transcript holds a running hash and lets go
 * of its history, unless it began as `readable`.
 */
export class Transcript {
  static readonly empty: Transcript = /* @__PURE__ */ new Transcript(undefined, new Uint8Array(0), false);
  /**
   * One whose `bytes` stay at hand: before TLS 1.3 a client signs all messages so far with a hash that need not be that
   * of the PRF (RFC 5246 §7.4.8), and nobody knows the version when the first of them leaves.
   */
  static readonly readable: Transcript = /* @__PURE__ */ new Transcript(undefined, new Uint8Array(0), true);

  #parent: Transcript | undefined;
  #added: Uint8Array;
  #hash: TranscriptHash | undefined;
  #state: HashState | undefined;
  /** What `digest` gave: the same hash is asked for where messages end and where the next ones begin. */
  #digest: Uint8Array | undefined;
  readonly #isReadable: boolean;

  private constructor(parent: Transcript | undefined, added: Uint8Array, isReadable: boolean) {
    this.#parent = parent;
    this.#added = added;
    this.#isReadable = isReadable;
  }

  /** All messages so far, one after the other; of a `readable` transcript alone. */
  get bytes(): Uint8Array {
    if (!this.#isReadable) throw new InternalError('a transcript whose bytes are not kept');
    const pieces: Uint8Array[] = [];
    for (let from: Transcript | undefined = this; from !== undefined; from = from.#parent) {
      pieces.push(from.#added);
    }
    return concat(pieces.reverse());
  }

  /** The same as a running hash alone, which keeps no bytes. */
  hashedOnly(hash: HashFunction): Transcript {
    const hashed = new Transcript(undefined, nothing, false);
    hashed.#state = this.#settle(hash).fork();
    hashed.#hash = hash;
    return hashed;
  }

  /** This transcript followed by one message, header included. `message` must not change afterwards. */
  append(message: Uint8Array): Transcript {
    return new Transcript(this, message, this.#isReadable);
  }

  /** Transcript-Hash(messages so far), to be read only. The hash function must be the same for the life of a handshake. */
  digest(hash: TranscriptHash): Uint8Array {
    if (this.#digest !== undefined && this.#hash === hash) return this.#digest;
    const state = this.#settle(hash);
    const digest = state.digestSoFar?.() ?? state.fork().digest();
    // The beginning of all transcripts keeps nothing.
    if (this.#hash === hash) this.#digest = digest;
    return digest;
  }

  /** Transcript-Hash(messages so far || extra): a binder or an ECH confirmation covers a patched prefix. */
  digestWith(hash: TranscriptHash, extra: Uint8Array): Uint8Array {
    const state = this.#settle(hash).fork();
    state.update(extra);
    return state.digest();
  }

  /**
   * What stands in place of ClientHello1 after a HelloRetryRequest (RFC 9846 §4.1):
   * message_hash || 00 00 Hash.length || Hash(ClientHello1).
   */
  replacedByMessageHash(hash: TranscriptHash): Transcript {
    const digest = this.digest(hash);
    return Transcript.empty.append(concat([new Uint8Array([messageHashType, 0, 0, digest.length]), digest]));
  }

  #settle(hash: TranscriptHash): HashState {
    if (this.#state !== undefined) {
      if (this.#hash !== hash) throw new InternalError('one transcript, two hash functions');
      return this.#state;
    }
    // The beginning of all transcripts serves connections with every hash function, and keeps none of them.
    if (this.#parent === undefined && this.#added.length === 0) return hash.create();
    // Walk back to the nearest transcript that has a running hash, then forward again.
    const unhashed: Uint8Array[] = [];
    let from: Transcript | undefined = this;
    while (from !== undefined && from.#state === undefined) {
      unhashed.push(from.#added);
      from = from.#parent;
    }
    if (from !== undefined && from.#hash !== hash)
      throw new InternalError('one transcript, two hash functions');
    const state = from === undefined || from.#state === undefined ? hash.create() : from.#state.fork();
    for (const bytes of unhashed.reverse()) state.update(bytes);
    this.#state = state;
    this.#hash = hash;
    if (this.#isReadable) return state;
    this.#parent = undefined;
    this.#added = nothing;
    return state;
  }
}

/** HandshakeType message_hash (RFC 9846 §4): never on the wire. */
const messageHashType = 254;

const nothing = /* @__PURE__ */ new Uint8Array(0);
