import { TlsError } from '../errors/tls-error.ts';
import { heldPieceCost, refuseTooMuchHeld } from '../interpret/held-input.ts';
import type { Limits } from '../limits.ts';
import type { HandshakeEnvelope } from '../messages/envelope.ts';
import { HandshakeJoiner, type KeyChangeBoundary } from '../record/handshake-joiner.ts';
import { copyOf } from '../wire/bytes.ts';
import type { QuicLevel } from './outputs.ts';

/**
 * The peer's CRYPTO streams as TLS reads them: one level after the other, each to its end. One joiner does for all, because
 * nothing may be left in it when the next level begins.
 */
export class CryptoInput {
  readonly #joiner: HandshakeJoiner;
  readonly #limits: Limits;
  /** What came while an answer was outstanding; copies. */
  #held: { readonly level: QuicLevel; readonly bytes: Uint8Array }[] = [];
  #heldBytes = 0;
  #level: QuicLevel = 'initial';

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#joiner = new HandshakeJoiner(limits);
  }

  /** Where TLS reads now. */
  get level(): QuicLevel {
    return this.#level;
  }

  /** From here on TLS reads there; the caller has asked for the `boundary`. */
  moveTo(level: QuicLevel): void {
    this.#level = level;
  }

  /** Bytes in order, to be read now. */
  push(level: QuicLevel, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (level === 'early') {
      throw new TlsError('peer.wrongEncryptionLevel', 'a CRYPTO frame in a 0-RTT packet', {
        section: 'RFC 9001 §8.3',
      });
    }
    if (level !== this.#level) {
      throw new TlsError(
        'peer.wrongEncryptionLevel',
        `${bytes.length} bytes of the level ${level}, where TLS reads ${this.#level}`,
        { section: 'RFC 9001 §4.1.3' },
      );
    }
    this.#joiner.push(bytes);
  }

  /** Bytes that must wait for an answer. */
  hold(level: QuicLevel, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // Pieces cost memory beside their bytes, and a frame may bring a single one.
    const cost = bytes.length + heldPieceCost;
    refuseTooMuchHeld(this.#heldBytes + cost, this.#limits);
    this.#heldBytes += cost;
    this.#held.push({ level, bytes: copyOf(bytes) });
  }

  /** Whether there was something that waited; it is pushed. */
  pushHeld(): boolean {
    const next = this.#held.shift();
    if (next === undefined) return false;
    this.#heldBytes -= next.bytes.length + heldPieceCost;
    this.push(next.level, next.bytes);
    return true;
  }

  /** The next whole message. */
  next(): HandshakeEnvelope | undefined {
    return this.#joiner.next();
  }

  /** RFC 9001 §4.1.3: what is left of a level when TLS moves on "MUST be treated as a connection error". */
  boundary(): KeyChangeBoundary {
    if (!this.#joiner.isEmpty) {
      throw new TlsError(
        'peer.wrongEncryptionLevel',
        `bytes of the level ${this.#level} follow the message that ends it`,
        { section: 'RFC 9001 §4.1.3' },
      );
    }
    return this.#joiner.boundary();
  }

  endFlight(section: string): void {
    this.#joiner.endFlight(section);
  }

  clear(): void {
    this.#joiner.clear();
    this.#held = [];
    this.#heldBytes = 0;
  }
}
