/**
 * What a connection says to its peer, on the way to the carrier: what it says in one round leaves in one write. What ends its
 * handshake waits for the end of the turn where the carrier's runtime knows one, since mostly the program then has something to say too:
 * a client's Finished and its first request, a server's tickets and its first answer leave together.
 */
export class OutgoingBytes {
  readonly #leave: (pieces: readonly Uint8Array[]) => void;
  readonly #afterTurn: ((run: () => void) => void) | undefined;
  #pieces: Uint8Array[] = [];
  /** Whether what this round brings may wait for the end of the turn. */
  #mayWait = false;
  /** How many pieces do wait. */
  #waiting = 0;

  constructor(
    leave: (pieces: readonly Uint8Array[]) => void,
    afterTurn: ((run: () => void) => void) | undefined,
  ) {
    this.#leave = leave;
    this.#afterTurn = afterTurn;
  }

  /** The list belongs to us from now on. */
  add(pieces: Uint8Array[]): void {
    if (this.#pieces.length === 0) this.#pieces = pieces;
    else for (const piece of pieces) this.#pieces.push(piece);
  }

  /** A handshake is complete. */
  connected(): void {
    this.#mayWait = true;
  }

  /** The round is over. */
  flush(): void {
    const isDue = this.#pieces.length > this.#waiting;
    const afterTurn = this.#mayWait ? this.#afterTurn : undefined;
    this.#mayWait = false;
    if (!isDue) return;
    if (afterTurn === undefined) {
      this.#write();
      return;
    }
    this.#waiting = this.#pieces.length;
    afterTurn(() => this.release());
  }

  /** Nothing waits any longer. */
  release(): void {
    if (this.#waiting > 0) this.#write();
  }

  #write(): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#waiting = 0;
    this.#leave(pieces);
  }
}
