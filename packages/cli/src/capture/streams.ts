import type { CapturedPacket } from './read-capture.ts';
import { type Segment, segmentIn } from './segments.ts';

/** What both sides of a TCP connection have sent, in the order in which it became whole. */
export interface TcpStream {
  /** Whose SYN opened it, or who was seen to send first. */
  readonly client: string;
  readonly server: string;
  readonly pieces: readonly { readonly from: 'client' | 'server'; readonly bytes: Buffer }[];
  /** Bytes that the capture lacks: nothing behind them can be read. */
  readonly missingBytes: number;
}

/** The TCP connections of a capture. Segments may come twice, in any order, and overlap. */
export function streamsIn(packets: readonly CapturedPacket[]): TcpStream[] {
  const open = new Map<string, Assembly>();
  const all: Assembly[] = [];
  for (const packet of packets) {
    const segment = segmentIn(packet);
    if (segment === undefined) continue;
    const key = [segment.from, segment.to].sort().join(' ');
    let assembly = open.get(key);
    // The same ports may serve another connection later.
    if (assembly === undefined || (segment.isSyn && assembly.isOtherThan(segment))) {
      assembly = new Assembly(segment);
      open.set(key, assembly);
      all.push(assembly);
    }
    assembly.add(segment);
  }
  return all.map((assembly) => assembly.stream);
}

interface Direction {
  /** Sequence number of the next byte; `undefined` before the first segment. */
  next: number | undefined;
  /** What came before what it follows on. */
  readonly early: Segment[];
}

class Assembly {
  readonly #client: string;
  readonly #server: string;
  readonly #pieces: { from: 'client' | 'server'; bytes: Buffer }[] = [];
  readonly #directions: Readonly<Record<'client' | 'server', Direction>> = {
    client: { next: undefined, early: [] },
    server: { next: undefined, early: [] },
  };
  #synSequence: number | undefined;

  constructor({ from, to, isSyn, sequence }: Segment) {
    this.#client = from;
    this.#server = to;
    this.#synSequence = isSyn ? sequence : undefined;
  }

  /** Whether this SYN opens another connection between the same two. */
  isOtherThan({ from, sequence }: Segment): boolean {
    return from === this.#client && this.#pieces.length > 0 && sequence !== this.#synSequence;
  }

  add(segment: Segment): void {
    const side = segment.from === this.#client ? 'client' : 'server';
    const direction = this.#directions[side];
    // SYN counts as a byte (RFC 9293 §3.4).
    if (segment.isSyn) direction.next = (segment.sequence + 1) % wrap;
    if (segment.payload.length === 0) return;
    direction.next ??= segment.sequence;
    if (distance(segment.sequence, direction.next) < 0) {
      direction.early.push(segment);
      return;
    }
    let hasGrown = this.#deliver(side, direction, segment);
    // Looked through only when there is news: a capture that lacks a segment holds back all that follow it.
    while (hasGrown) {
      const i = direction.early.findIndex(({ sequence }) => distance(sequence, direction.next!) >= 0);
      if (i === -1) return;
      const [next] = direction.early.splice(i, 1);
      hasGrown = this.#deliver(side, direction, next!) || direction.early.length > 0;
    }
  }

  /** What of a segment is new; false if nothing is. */
  #deliver(side: 'client' | 'server', direction: Direction, { sequence, payload }: Segment): boolean {
    const known = distance(sequence, direction.next!);
    if (known >= payload.length) return false;
    const bytes = payload.subarray(known);
    this.#pieces.push({ from: side, bytes });
    direction.next = (direction.next! + bytes.length) % wrap;
    return true;
  }

  get stream(): TcpStream {
    const gaps = Object.values(this.#directions).map(({ next, early }) =>
      early.length === 0 ? 0 : Math.min(...early.map(({ sequence }) => -distance(sequence, next!))),
    );
    return {
      client: this.#client,
      server: this.#server,
      pieces: this.#pieces,
      missingBytes: gaps.reduce((sum, gap) => sum + gap, 0),
    };
  }
}

/** How far `to` is behind `from`, in numbers that begin anew after 2^32 - 1. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}

const wrap = 2 ** 32;
