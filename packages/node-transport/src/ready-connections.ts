import type { TlsStream } from './tls-stream.ts';

/**
 * Connections of a server, in the order in which they became ready, until a loop takes them. Clients decide how many come, and the loop how
 * long they wait: one that ends while it waits is forgotten.
 */
export class ReadyConnections {
  /** Whether somebody else takes connections, too. */
  readonly #isShared: () => boolean;
  /** Each with whether somebody else has it, too. */
  readonly #waiting = new Map<TlsStream, boolean>();
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(isShared: () => boolean) {
    this.#isShared = isShared;
  }

  /** `undefined`: the server is closed, and nothing waits any more. */
  async next(): Promise<TlsStream | undefined> {
    for (;;) {
      const [first] = this.#waiting.keys();
      if (first !== undefined) {
        this.#forget(first);
        return first;
      }
      if (this.#isClosed) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The loop is over. What it has not taken nobody will, unless others have it. */
  leave(): void {
    for (const [connection, isShared] of [...this.#waiting]) {
      this.#forget(connection);
      if (!isShared) connection.destroy();
    }
  }

  /** A listener of the server's. */
  readonly came = (connection: TlsStream): void => {
    this.#waiting.set(connection, this.#isShared());
    connection.once('close', this.#ended);
    this.#wake?.();
  };

  /** A listener of the server's. */
  readonly closed = (): void => {
    this.#isClosed = true;
    this.#wake?.();
  };

  #forget(connection: TlsStream): void {
    connection.off('close', this.#ended);
    this.#waiting.delete(connection);
  }

  /** A listener of the connection's, which is `this`. */
  readonly #ended = ((waiting) =>
    function ended(this: TlsStream): void {
      waiting.delete(this);
    })(this.#waiting);
}
