import { gathered, hasRoom } from '@sealwire/node-transport/parts';
import { UnreadAnswers } from '@sealwire/transport';
import type { Duplex } from 'node:stream';

/** What a connection says to its peer, until it leaves. */
export class Outgoing {
  readonly room: { hasRoom(): boolean };
  readonly #carrier: Duplex;
  readonly #answers = new UnreadAnswers();
  #pieces: Uint8Array[] = [];

  constructor(carrier: Duplex) {
    this.#carrier = carrier;
    this.room = { hasRoom: () => hasRoom(carrier) };
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  add(pieces: readonly Uint8Array[]): void {
    this.#pieces.push(...pieces);
  }

  /** What waits never leaves. */
  drop(): void {
    this.#pieces = [];
  }

  /** Everything leaves in one write. */
  leave(): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    const carrier = this.#carrier;
    this.#answers.leave(pieces, this.room);
    carrier.cork();
    for (const piece of gathered(pieces)) carrier.write(piece);
    carrier.uncork();
  }

  /** The peer asks and does not read: nothing more should be read of it. */
  get isUnread(): boolean {
    return this.#answers.areTooMany(this.room);
  }
}
