import type { Endpoint } from '@sealwire/transport';

/** Who writes. */
export interface Writer {
  readonly endpoint: Pick<Endpoint, 'write' | 'end'>;
  /** There is room again, after a write that was not taken whole. */
  drained(): void;
  /** Our side has ended. */
  ended(): void;
  failed(error: Error): void;
}

/** What the program writes, gathered for an endpoint, which takes one write at a time. */
export class Outgoing {
  readonly #writer: Writer;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** With the endpoint. */
  #leavingBytes = 0;
  #isLeaving = false;
  #isFlushPlanned = false;
  #isWanted = false;
  #isEnding = false;
  #isOver = false;
  /** Those who wait until all has left. */
  #waiting: { resolve(): void; reject(error: Error): void }[] = [];

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** Bytes that were taken and have not left. */
  get bytes(): number {
    return this.#pendingBytes + this.#leavingBytes;
  }

  get hasEnded(): boolean {
    return this.#isEnding;
  }

  /**
   * Takes what there is room for, and copies it: programs use a buffer again as soon as it was written. What they write in one turn leaves
   * together, in records as large as they can be.
   */
  write(bytes: Uint8Array, roomBytes = highWaterBytes - this.bytes): number {
    if (this.#isEnding || this.#isOver) return -1;
    const taken = Math.max(0, Math.min(bytes.length, roomBytes));
    if (taken < bytes.length) this.#isWanted = true;
    if (taken === 0) return 0;
    this.#pending.push(new Uint8Array(bytes.subarray(0, taken)));
    this.#pendingBytes += taken;
    if (this.#pendingBytes >= recordBytes) this.flush();
    else this.#plan();
    return taken;
  }

  /** What was written leaves now. */
  flush(): void {
    if (this.#isLeaving || this.#isOver) return;
    if (this.#pending.length > 0) {
      const pieces = this.#pending;
      this.#leavingBytes = this.#pendingBytes;
      this.#pending = [];
      this.#pendingBytes = 0;
      this.#isLeaving = true;
      this.#writer.endpoint.write(pieces, (error) => this.#left(error ?? undefined));
    } else if (this.#isEnding) {
      this.#isLeaving = true;
      this.#writer.endpoint.end((error) =>
        error == null ? this.#writer.ended() : this.#writer.failed(error),
      );
    }
  }

  /** After all that was written. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.flush();
  }

  /** Resolves when all that was written has left; rejects where it cannot. */
  whenLeft(): Promise<void> {
    if (this.bytes === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Nothing leaves any more. */
  cut(why: () => Error): void {
    this.#isOver = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#leavingBytes = 0;
    const waiting = this.#waiting.splice(0);
    if (waiting.length === 0) return;
    const error = why();
    for (const { reject } of waiting) reject(error);
  }

  #plan(): void {
    if (this.#isFlushPlanned || this.#isLeaving) return;
    this.#isFlushPlanned = true;
    queueMicrotask(() => {
      this.#isFlushPlanned = false;
      this.flush();
    });
  }

  #left(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#leavingBytes = 0;
    this.#isLeaving = false;
    if (error !== undefined) {
      this.cut(() => error);
      this.#writer.failed(error);
      return;
    }
    this.flush();
    if (this.bytes > 0) return;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    if (!this.#isWanted || this.#isEnding) return;
    this.#isWanted = false;
    this.#writer.drained();
  }
}

/** Four full records, as the other transports keep. */
const highWaterBytes = 65_536;
const recordBytes = 16_384;
