import type { Clock } from './clock.ts';
import { TransportError } from './errors.ts';

/**
 * How long a connection may be there with nothing to say. It counts data of the application alone: what else a peer sends
 * (key updates, tickets, empty records) costs it nothing and would keep a connection open for ever.
 */
export class IdleTimer {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #expired: (error: TransportError) => void;
  #timer: unknown;
  #lastMs = 0;

  /** `ms`: Infinity for no limit, which costs nothing. */
  constructor(clock: Clock, ms: number, expired: (error: TransportError) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#expired = expired;
  }

  start(): void {
    if (this.#ms === Number.POSITIVE_INFINITY) return;
    this.#lastMs = this.#clock.now();
    if (this.#timer === undefined) this.#wait(this.#ms);
  }

  /** Data has come or gone. To set the timer anew each time would cost more than to look when it has run out. */
  touch(): void {
    if (this.#timer !== undefined) this.#lastMs = this.#clock.now();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      // A clock that was set back must not keep a connection for years.
      const idleMs = Math.max(0, this.#clock.now() - this.#lastMs);
      if (idleMs < this.#ms) {
        this.#wait(this.#ms - idleMs);
        return;
      }
      this.#timer = undefined;
      this.#expired(new TransportError('transport.idleTimeout', `no data for ${this.#ms} ms`));
    }, ms);
  }
}
