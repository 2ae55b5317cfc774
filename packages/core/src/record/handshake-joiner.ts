import { TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import { headerBytes, type HandshakeEnvelope } from '../messages/envelope.ts';
import { handshakeTypes, type HandshakeType } from '../registry/handshake-types.ts';
import { registryName } from '../registry/registered.ts';
import { copyOf } from '../wire/bytes.ts';

declare const aligned: unique symbol;

/**
 * Proof that no handshake byte is pending, so that read keys may change now (RFC 9846 §5.1: messages
 * must not span key changes). Only `HandshakeJoiner.boundary` makes one.
 */
export type KeyChangeBoundary = { readonly [aligned]: true };

/** Joins fragments into handshake messages; the same code for TCP and QUIC. */
export class HandshakeJoiner {
  readonly #limits: Limits;
  /** Fragments not yet consumed; own memory. */
  #pending: Uint8Array = nothing;
  #at = 0;
  #length = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#at === this.#length;
  }

  /** Adds the content of a handshake record; the bytes are copied. */
  push(fragment: Uint8Array): void {
    if (this.isEmpty) {
      // A fresh copy for each record: messages are views of it and outlive this call.
      this.#pending = copyOf(fragment);
      this.#at = 0;
      this.#length = fragment.length;
    } else {
      this.#append(fragment);
    }
    this.#refuseTooLarge();
  }

  /** The next whole message, or `undefined`. */
  next(): HandshakeEnvelope | undefined {
    const wanted = this.#announced();
    if (wanted === undefined || this.#length - this.#at < wanted) return undefined;
    const raw = this.#pending.subarray(this.#at, this.#at + wanted);
    this.#at += wanted;
    // Messages keep their bytes alive as long as they need them.
    if (this.isEmpty) this.clear();
    this.#refuseTooLarge();
    return { type: raw[0] as HandshakeType, raw, body: raw.subarray(headerBytes) };
  }

  /** The proof that a key change needs; refuses the peer while bytes of a message are pending. */
  boundary(): KeyChangeBoundary {
    if (!this.isEmpty) {
      throw new TlsError(
        'peer.keyChangeInsideRecord',
        `${this.#length - this.#at} handshake bytes follow the message that changes the keys in the same record`,
        { section: 'RFC 9846 §5.1' },
      );
    }
    return {} as KeyChangeBoundary;
  }

  /** Refuses the peer while bytes are pending that it has made before it can have read what they are to answer. */
  endFlight(section: string): void {
    if (this.isEmpty) return;
    throw new TlsError(
      'peer.excessHandshakeData',
      `${this.#length - this.#at} handshake bytes follow, in the same record, the message that ends the peer's flight`,
      { section },
    );
  }

  clear(): void {
    this.#pending = nothing;
    this.#at = 0;
    this.#length = 0;
  }

  #append(fragment: Uint8Array): void {
    const kept = this.#length - this.#at;
    const needed = kept + fragment.length;
    // Grow by doubling, so that a message in many fragments costs linear time. Earlier messages are views of
    // the old buffer, which is left alone.
    if (this.#length + fragment.length > this.#pending.length) {
      const bigger = new Uint8Array(Math.max(needed, 2 * kept));
      bigger.set(this.#pending.subarray(this.#at, this.#length));
      this.#pending = bigger;
      this.#at = 0;
      this.#length = kept;
    }
    this.#pending.set(fragment, this.#length);
    this.#length += fragment.length;
  }

  /** Size of the first pending message with its header, once the header is there. */
  #announced(): number | undefined {
    if (this.#length - this.#at < headerBytes) return undefined;
    const p = this.#pending;
    const at = this.#at;
    return headerBytes + ((p[at + 1]! << 16) | (p[at + 2]! << 8) | p[at + 3]!);
  }

  /** Refuses a message by its announced length, long before its bytes have been gathered. */
  #refuseTooLarge(): void {
    const announced = this.#announced();
    if (announced === undefined) return;
    const isCertificate = certificateTypes.includes(this.#pending[this.#at]!);
    const limit = isCertificate ? this.#limits.certificateMessageBytes : this.#limits.handshakeMessageBytes;
    if (announced - headerBytes > limit) {
      throw new TlsError(
        'peer.messageTooLarge',
        `handshake message of type ${this.#pending[this.#at]} announces ${announced - headerBytes} bytes, the limit is ${limit}`,
        {
          section: 'RFC 9846 §4',
          handshakeMessage: registryName(handshakeTypes, this.#pending[this.#at]!),
          field: 'length',
        },
      );
    }
  }
}

const certificateTypes: readonly number[] = [
  handshakeTypes.certificate,
  handshakeTypes.compressed_certificate,
];

const nothing = /* @__PURE__ */ new Uint8Array(0);
