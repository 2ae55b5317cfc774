import type { Connection } from '@sealwire/core';

/**
 * Data that was written and not yet sealed. It is sealed slice by slice as the transport takes it, so that no
 * write, however large, doubles its size in memory or keeps the event loop for long.
 */
export class OutgoingWrite {
  readonly done: (error?: Error | null) => void;
  readonly #pieces: Uint8Array[];
  #next = 0;

  constructor(pieces: Uint8Array[], done: (error?: Error | null) => void) {
    this.#pieces = pieces;
    this.done = done;
  }

  get isDone(): boolean {
    return this.#next === this.#pieces.length;
  }

  /** Offers one slice to the connection, which says how many bytes it took. False when it took none. */
  sendSlice(connection: Pick<Connection, 'send'>): boolean {
    const first = this.#pieces[this.#next];
    if (this.#next === this.#pieces.length - 1 && first!.length <= sliceBytes) {
      const taken = connection.send(this.#next === 0 ? this.#pieces : [first!]);
      this.#drop(taken);
      return taken > 0 || first!.length === 0;
    }
    const slice: Uint8Array[] = [];
    let room = sliceBytes;
    for (let i = this.#next; i < this.#pieces.length && room > 0; i++) {
      const piece = this.#pieces[i]!;
      slice.push(piece.length > room ? piece.subarray(0, room) : piece);
      room -= Math.min(room, piece.length);
    }
    const wanted = sliceBytes - room;
    const taken = connection.send(slice);
    this.#drop(taken);
    return taken > 0 || wanted === 0;
  }

  #drop(bytes: number): void {
    let rest = bytes;
    while (this.#next < this.#pieces.length) {
      const piece = this.#pieces[this.#next]!;
      if (piece.length > rest) {
        this.#pieces[this.#next] = piece.subarray(rest);
        return;
      }
      rest -= piece.length;
      this.#next++;
    }
  }
}

/** Four full records. */
const sliceBytes = 65_536;
