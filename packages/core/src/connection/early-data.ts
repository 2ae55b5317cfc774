import { TlsError } from '../errors/tls-error.ts';

/** How much 0-RTT data may still leave or come in (RFC 9846 §4.3.10). */
export class EarlyDataBudget {
  #sendableBytes: number | undefined;
  #receivableBytes = 0;

  /** Bytes that may be sent as 0-RTT data; `undefined`: what is sent is no 0-RTT data. */
  get sendableBytes(): number | undefined {
    return this.#sendableBytes;
  }

  allowSending(bytes: number | undefined): void {
    this.#sendableBytes = bytes;
  }

  sent(bytes: number): void {
    if (this.#sendableBytes !== undefined) this.#sendableBytes -= bytes;
  }

  allowReceiving(bytes: number): void {
    this.#receivableBytes = bytes;
  }

  /** RFC 9846 §4.7.1: only content counts, not padding. */
  received(bytes: number): void {
    this.#receivableBytes -= bytes;
    if (this.#receivableBytes >= 0) return;
    throw new TlsError('peer.tooMuchEarlyData', 'the client sends more early data than its ticket allows', {
      section: 'RFC 9846 §4.7.1',
    });
  }
}
