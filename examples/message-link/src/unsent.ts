import type { QuicLevel } from '@sealwire/core/quic';
import type { Frame } from './frames.ts';
import { type SpaceLevel, spaceLevels } from './levels.ts';
import { Incoming, Outgoing, Streams } from './streams.ts';

/** What has to be said at each level, in the order in which it is said: TLS first, then the rest. */
export class Unsent {
  readonly crypto = { initial: cryptoStream(), handshake: cryptoStream(), application: cryptoStream() };
  readonly streams = new Streams();
  owesHandshakeDone = false;
  owesPing = false;

  /** The frames of the next packet, in so many bytes. */
  take(level: QuicLevel, room: number): Frame[] {
    if (level !== 'early') {
      const piece = this.crypto[level].outgoing.take(room - frameBytes);
      if (piece !== undefined) return [{ type: 'crypto', offset: piece.offset, data: piece.data }];
    }
    if (level !== 'early' && level !== 'application') return [];
    const frames: Frame[] = [];
    if (level === 'application') {
      if (this.owesHandshakeDone) frames.push({ type: 'handshakeDone' });
      this.owesHandshakeDone = false;
      if (this.owesPing) frames.push({ type: 'ping' });
      this.owesPing = false;
    }
    const piece = this.streams.next(room - frameBytes);
    if (piece !== undefined) frames.push({ type: 'stream', ...piece });
    return frames;
  }

  /** These were lost. */
  again(level: SpaceLevel, frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (frame.type === 'crypto') this.crypto[level].outgoing.again(frame, false);
      if (frame.type === 'stream') this.streams.of(frame.id).out.again(frame, frame.isLast);
      if (frame.type === 'handshakeDone') this.owesHandshakeDone = true;
      if (frame.type === 'ping') this.owesPing = true;
    }
  }

  /** Whether there is nothing of TLS or of a stream. */
  get isEmpty(): boolean {
    return !this.streams.hasUnsent && spaceLevels.every((level) => this.crypto[level].outgoing.isEmpty);
  }
}

function cryptoStream() {
  return { incoming: new Incoming(), outgoing: new Outgoing() };
}

/** Of a frame around its data. */
const frameBytes = 20;
