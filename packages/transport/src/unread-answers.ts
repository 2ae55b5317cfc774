import type { Carrier } from './carrier.ts';

/**
 * What leaves although there is no room is what the protocol itself says, mostly in answer to the peer: certificates that it asks for,
 * refusals of renegotiations. A peer that asks and does not read would fill our memory with them, so nothing more is read of it until
 * it has read some of them. (What the program writes waits for room, and the peer may do both at once.)
 */
export class UnreadAnswers {
  #bytes = 0;

  /** These pieces are about to be written. */
  leave(pieces: readonly Uint8Array[], carrier: Pick<Carrier, 'hasRoom'>): void {
    if (carrier.hasRoom()) this.#bytes = 0;
    else for (const { length } of pieces) this.#bytes += length;
  }

  areTooMany(carrier: Pick<Carrier, 'hasRoom'>): boolean {
    return this.#bytes > mostBytes && !carrier.hasRoom();
  }
}

/** Far more than an honest peer asks for before it reads. */
const mostBytes = 65_536;
