import type { Clock } from './clock.ts';
import { TransportError } from './errors.ts';

/** What a handshake may take. */
export class HandshakeTimer {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #expired: (error: TransportError) => void;
  #timer: unknown;

  constructor(clock: Clock, ms: number, expired: (error: TransportError) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#expired = expired;
  }

  start(): void {
    const error = () =>
      new TransportError('transport.handshakeTimeout', `no handshake within ${this.#ms} ms`);
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#expired(error()), this.#ms);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
