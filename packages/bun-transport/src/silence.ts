import { ApiMisuseError } from '@sealwire/core';

/**
 * Tells when nothing has happened for a while. (The timer of Bun's own sockets counts in steps of four seconds, and what the
 * protocol says without the program sets it back.)
 */
export class Silence {
  readonly #tell: () => void;
  #ms = 0;
  #lastMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** 0: for ever. */
  set(seconds: number): void {
    const ms = seconds * 1_000;
    if (!(ms >= 0 && ms <= maxTimeoutMs))
      throw new ApiMisuseError(
        `timeout expects seconds, from 0 to ${Math.floor(maxTimeoutMs / 1_000)}; got ${seconds}`,
      );
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ms = ms;
    this.#lastMs = Date.now();
    if (ms > 0) this.#wait(ms);
  }

  touch(): void {
    if (this.#ms === 0) return;
    this.#lastMs = Date.now();
    if (this.#timer === undefined) this.#wait(this.#ms);
  }

  /** Once for each silence. */
  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      const leftMs = this.#ms - Math.max(0, Date.now() - this.#lastMs);
      if (leftMs > 0) {
        this.#wait(leftMs);
        return;
      }
      this.#timer = undefined;
      this.#tell();
    }, ms);
  }
}

/** What `setTimeout` can count. */
const maxTimeoutMs = 2_147_483_647;
