import type { Connection } from '@sealwire/core';
import type { Carrier } from './carrier.ts';
import { OutgoingWrite } from './outgoing-write.ts';

export type Callback = (error?: Error | null) => void;

/**
 * What the program writes, on its way out: one write at a time goes to the connection in slices, as there is room
 * below; then the end.
 */
export class WritingHalf {
  readonly #carrier: Pick<Carrier, 'hasRoom' | 'end'>;
  readonly #connection: Pick<Connection, 'send'>;
  readonly #later: (run: () => void) => void;
  /** Whether the connection takes data. */
  isOpen = false;
  #write: OutgoingWrite | undefined;
  #final: Callback | undefined;
  /** Called when the carrier has ended. */
  #ended: Callback | undefined;
  /** The carrier broke after all had been read: concerns only who writes. */
  #error: Error | undefined;

  /** `later`: runs a function soon, after what the program does now. Default `queueMicrotask`. */
  constructor(
    carrier: Pick<Carrier, 'hasRoom' | 'end'>,
    connection: Pick<Connection, 'send'>,
    later: (run: () => void) => void = soon,
  ) {
    this.#carrier = carrier;
    this.#connection = connection;
    this.#later = later;
  }

  /** One at a time: not before `done` of the one before. */
  write(pieces: readonly Uint8Array[], done: Callback): void {
    this.#write = new OutgoingWrite([...pieces], done);
  }

  end(done: Callback): void {
    this.#final = done;
  }

  /** What is written from now on fails; what is under way fails with the next step. */
  brokenBy(error: Error): void {
    this.#error ??= error;
  }

  /** What is under way fails; the end can still come. */
  failWrite(error: Error): void {
    const write = this.#write;
    this.#write = undefined;
    write?.done(error);
  }

  /** Whether anybody waits to hear that writing has failed. */
  get isBusy(): boolean {
    return this.#write !== undefined || this.#final !== undefined;
  }

  /** Whether the program has ended its side, which is still open. */
  get isToEnd(): boolean {
    return this.#final !== undefined;
  }

  /** Whether something that was written has not left. */
  get isWriting(): boolean {
    return this.#write !== undefined;
  }

  fail(error: Error): void {
    const [write, final] = [this.#write, this.#final];
    this.#write = undefined;
    this.#final = undefined;
    write?.done(error);
    final?.(error);
  }

  /**
   * Seals the next slice of what is being written, if there is room below. `sent`: outputs may have come of it;
   * `close`: all is written, and the connection is to be closed, which it may be if `mayClose`.
   */
  next(mayClose: boolean): 'sent' | 'close' | 'waits' {
    if (this.#error !== undefined) this.fail(this.#error);
    const write = this.#write;
    if (write === undefined) return this.#close(mayClose);
    if (!this.#carrier.hasRoom()) return 'waits';
    if (write.isDone) {
      this.#write = undefined;
      // What the program writes next in this turn is gathered into one write.
      this.#later(write.done);
      // Nobody asks again for an end that is wanted already.
      return this.#close(mayClose);
    }
    return this.isOpen && write.sendSlice(this.#connection) ? 'sent' : 'waits';
  }

  #close(mayClose: boolean): 'close' | 'waits' {
    if (this.#final === undefined || !mayClose) return 'waits';
    this.#ended = this.#final;
    this.#final = undefined;
    this.isOpen = false;
    return 'close';
  }

  /** After the close_notify, which `next` has asked for; nothing where it has not, or where this was said before. */
  endCarrier(toError: (error: unknown) => Error): void {
    const ended = this.#ended;
    if (ended === undefined) return;
    this.#ended = undefined;
    this.#carrier.end((error) => ended(error == null ? null : toError(error)));
  }
}

/** Browsers and Workers do not let their functions be called as methods of something else. */
function soon(run: () => void): void {
  queueMicrotask(run);
}
