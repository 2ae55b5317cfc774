import type { Frame, PacketRange } from './frames.ts';

/** A packet number space (RFC 9000 §12.3): what was received and must be acknowledged, and what is underway. */
export class PacketSpace {
  #next = 0;
  #received: PacketRange[] = [];
  #owesAck = false;
  /** Packets that ask for an acknowledgement and have none, by number. */
  readonly #underway = new Map<number, readonly Frame[]>();

  nextNumber(): number {
    return this.#next++;
  }

  get largestReceived(): number {
    return this.#received.at(-1)?.last ?? -1;
  }

  get owesAck(): boolean {
    return this.#owesAck;
  }

  get hasUnderway(): boolean {
    return this.#underway.size > 0;
  }

  /** False: it has come before. */
  receive(packetNumber: number, isEliciting: boolean): boolean {
    if (isEliciting) this.#owesAck = true;
    if (this.#received.some(({ first, last }) => packetNumber >= first && packetNumber <= last)) return false;
    const numbers = [...this.#received, { first: packetNumber, last: packetNumber }].sort(
      (a, b) => a.first - b.first,
    );
    const merged: { first: number; last: number }[] = [];
    for (const range of numbers) {
      const before = merged.at(-1);
      if (before !== undefined && range.first <= before.last + 1)
        before.last = Math.max(before.last, range.last);
      else merged.push({ ...range });
    }
    this.#received = merged.slice(-maxRanges);
    return true;
  }

  /** What to acknowledge now, if anything. */
  takeAck(): Frame | undefined {
    if (!this.#owesAck) return undefined;
    this.#owesAck = false;
    return { type: 'ack', ranges: this.#received };
  }

  sent(packetNumber: number, frames: readonly Frame[]): void {
    this.#underway.set(packetNumber, frames);
  }

  /** Forgets what has arrived; whether anything was new. An acknowledgement of what was never sent is an error of the peer. */
  acknowledge(ranges: readonly PacketRange[]): readonly number[] {
    if ((ranges.at(-1)?.last ?? 0) >= this.#next)
      throw new RangeError('a packet is acknowledged that was never sent');
    const arrived = [...this.#underway.keys()].filter((number) =>
      ranges.some(({ first, last }) => number >= first && number <= last),
    );
    for (const number of arrived) this.#underway.delete(number);
    return arrived;
  }

  /** All that is underway, which is taken for lost. */
  takeLost(): Frame[] {
    const lost = [...this.#underway.values()].flat();
    this.#underway.clear();
    return lost;
  }
}

const maxRanges = 32;
