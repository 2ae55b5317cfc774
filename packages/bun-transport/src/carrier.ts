import { type Carrier, type Endpoint, farewellTimer, TransportError } from '@sealwire/transport';
import type { SocketBelow } from './bun.ts';

/** Whom the carrier tells. */
export type Heard = Pick<Endpoint, 'started' | 'received' | 'drained' | 'ended' | 'broken'>;

/**
 * A socket of Bun as it carries a connection. Bun buffers nothing: what a write does not take is kept here until `drain`, and meanwhile
 * no more is sealed, so that this is one slice of the program's data and what the protocol itself says.
 */
export class SocketCarrier implements Carrier {
  readonly #heard: () => Heard;
  #socket: SocketBelow | undefined;
  /** What has not been taken, in order. */
  #kept: Uint8Array[] = [];
  #ending: ((error?: unknown) => void) | undefined;
  #isReading = true;
  #isShut = false;
  #peerHasEnded = false;
  #isClosed = false;
  /** Nobody listens any more. */
  #isLeft = false;
  #endFarewell: (() => void) | undefined;

  /** `heard`: asked when there is something to tell. */
  constructor(heard: () => Heard) {
    this.#heard = heard;
  }

  // What Bun tells.

  socketOpened(socket: SocketBelow): void {
    // Given up while it was being connected.
    if (this.#isLeft) {
      socket.terminate();
      return;
    }
    this.#socket = socket;
    // What we write is gathered already: waiting for more to gather (Nagle) only delays it.
    socket.setNoDelay?.(true);
    this.#heard().started();
  }

  socketData(bytes: Uint8Array): void {
    if (!this.#isLeft) this.#heard().received(bytes);
  }

  socketDrained(): void {
    if (this.#isClosed) return;
    const wasFull = this.#kept.length > 0;
    this.#flush();
    if (wasFull && this.#kept.length === 0 && !this.#isLeft) this.#heard().drained();
  }

  socketEnded(): void {
    this.#peerHasEnded = true;
    if (!this.#isLeft) this.#heard().ended();
  }

  /** Something of ours went wrong while Bun told us something. The socket is still there. */
  socketFailed(error: Error): void {
    if (!this.#isLeft) this.#heard().broken(error);
  }

  /** The socket is gone, or never came about. */
  socketClosed(error?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endFarewell?.();
    this.#kept = [];
    const why = error ?? new TransportError('transport.broken', 'the socket was closed under the connection');
    const ending = this.#ending;
    this.#ending = undefined;
    if (!this.#isLeft) {
      const isOver = this.#isShut && error === undefined;
      if (!isOver) this.#heard().broken(why);
      // Bun tells no `end` after our own.
      else if (!this.#peerHasEnded) this.#heard().ended();
    }
    ending?.(why);
  }

  // What the endpoint wants.

  write(pieces: readonly Uint8Array[]): void {
    if (this.#isShut || this.#isClosed) return;
    // Bun has no gathering write: copying costs less than one call of the system for each piece.
    const bytes = joined(pieces);
    if (this.#kept.length > 0) this.#kept.push(bytes);
    else this.#offer(bytes);
  }

  hasRoom(): boolean {
    return this.#kept.length === 0;
  }

  /** Bytes that wait for room in the socket. */
  get keptBytes(): number {
    return this.#kept.reduce((sum, { length }) => sum + length, 0);
  }

  setReading(isWanted: boolean): void {
    if (isWanted === this.#isReading || this.#isClosed) return;
    this.#isReading = isWanted;
    if (isWanted) this.#socket?.resume();
    else this.#socket?.pause();
  }

  end(done: (error?: unknown) => void): void {
    this.#ending = done;
    if (this.#kept.length === 0) this.#shut();
  }

  farewell(): void {
    if (this.#isLeft) return;
    if (this.#socket === undefined) {
      this.destroy();
      return;
    }
    this.#isLeft = true;
    if (this.#isClosed) return;
    // Bytes that lie unread when a socket is closed reset the connection, and a reset overtakes what was sent.
    this.setReading(true);
    this.#endFarewell = farewellTimer(() => this.#socket?.terminate());
    if (this.#kept.length === 0) this.#shut();
  }

  destroy(): void {
    this.#isLeft = true;
    this.#endFarewell?.();
    if (this.#isClosed) return;
    // What was ended in order still leaves.
    if (this.#isShut) this.#socket?.end();
    else this.#socket?.terminate();
  }

  get socket(): SocketBelow | undefined {
    return this.#socket;
  }

  #flush(): void {
    while (this.#kept.length > 0) {
      const first = this.#kept.shift()!;
      if (!this.#offer(first)) return;
    }
    if (this.#ending !== undefined || this.#isLeft) this.#shut();
  }

  /** False when something is left, which is then kept before all else. */
  #offer(bytes: Uint8Array): boolean {
    const taken = this.#socket?.write(bytes) ?? 0;
    // The socket is gone; Bun is about to say so.
    if (taken < 0) this.#kept = [];
    else if (taken < bytes.length) this.#kept.unshift(bytes.subarray(taken));
    return taken === bytes.length;
  }

  #shut(): void {
    const ending = this.#ending;
    this.#ending = undefined;
    if (!this.#isShut && !this.#isClosed) {
      this.#isShut = true;
      this.#socket?.shutdown();
    }
    ending?.();
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
