/**
 * Small writes on their way out, copied into one piece: a stream hands on one write after the other, each when the one before has
 * resolved, and each would be a record of its own.
 */
export class GatheredWrites {
  #buffer: Uint8Array = nothing;
  #bytes = 0;

  /** Copies these bytes, if they still have room; whether they had. */
  take(bytes: Uint8Array): boolean {
    const needed = this.#bytes + bytes.length;
    if (needed > mostBytes) return false;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(mostBytes, Math.max(leastBytes, 2 * needed)));
      larger.set(this.#buffer.subarray(0, this.#bytes));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#bytes);
    this.#bytes = needed;
    return true;
  }

  /** All of it, which is gathered no longer, and what comes after it. */
  before(last: readonly Uint8Array[]): readonly Uint8Array[] {
    if (this.#bytes === 0) return last;
    const gathered = this.#buffer.subarray(0, this.#bytes);
    this.#buffer = nothing;
    this.#bytes = 0;
    return [gathered, ...last];
  }
}

const nothing = new Uint8Array(0);
/** Four full records, as they leave together. */
const mostBytes = 65_536;
const leastBytes = 1_024;
