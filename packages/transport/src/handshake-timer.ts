import { TransportError } from './errors.ts';

/** What a handshake may take. */
export class HandshakeTimer {
  readonly #ms: number;
  readonly #expired: (error: TransportError) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number, expired: (error: TransportError) => void) {
    this.#ms = ms;
    this.#expired = expired;
  }

  start(): void {
    const error = () =>
      new TransportError('transport.handshakeTimeout', `no handshake within ${this.#ms} ms`);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expired(error()), this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
