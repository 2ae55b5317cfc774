import type { Clock } from './clock.ts';

/**
 * Keeps the end of our side until tickets that somebody still stores or seals have left: one who answers and ends at once would give
 * none. Whoever takes longer over them keeps nobody: nothing but a resumption is lost.
 */
export class TicketWait {
  readonly #clock: Clock;
  readonly #late: () => void;
  #pending = 0;
  #timer: unknown;
  #isOver = false;

  /** `late`: called when the end need not wait any longer. */
  constructor(clock: Clock, late: () => void) {
    this.#clock = clock;
    this.#late = late;
  }

  begun(): void {
    this.#pending += 1;
  }

  answered(): void {
    this.#pending -= 1;
    if (this.#pending === 0) this.stop();
  }

  /** Asked where our side is to end. */
  mayEnd(): boolean {
    if (this.#pending === 0 || this.#isOver) return true;
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#isOver = true;
      this.#late();
    }, mostMs);
    return false;
  }

  stop(): void {
    if (this.#timer === undefined) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** More than a store that is well takes, and than `redisStore` gives one that is not (250 ms). */
const mostMs = 1_000;
