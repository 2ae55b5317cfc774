import type { QuicLevel } from '@sealwire/core/quic';

/**
 * How the runner carries TLS for QUIC: no packets, but records over TCP. Each is a type of content as in TLS, an encryption level,
 * a cipher suite, and a length that counts what follows: the traffic secret of the level in clear, which proves that both sides
 * have the same, and the content. Levels that have no keys have the suite 0 and no secret.
 */
export interface MockRecord {
  readonly type: number;
  readonly level: QuicLevel;
  readonly cipherSuite: number;
  /** Secret and content. */
  readonly body: Uint8Array;
}

export const contentTypes = { alert: 21, handshake: 22, applicationData: 23 } as const;

/** By their numbers on the wire. */
const levels: readonly QuicLevel[] = ['initial', 'early', 'handshake', 'application'];

const headerBytes = 8;

export function encodeRecord({ type, level, cipherSuite, body }: MockRecord): Uint8Array {
  const bytes = Buffer.alloc(headerBytes + body.length);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt8(levels.indexOf(level), 1);
  bytes.writeUInt16BE(cipherSuite, 2);
  bytes.writeUInt32BE(body.length, 4);
  bytes.set(body, headerBytes);
  return bytes;
}

/** Takes bytes as they come and gives whole records. */
export class RecordReader {
  #waiting: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
  }

  /** The next whole record; throws for a level that there is none of. */
  next(): MockRecord | undefined {
    const waiting = this.#waiting;
    if (waiting.length < headerBytes) return undefined;
    const end = headerBytes + waiting.readUInt32BE(4);
    if (waiting.length < end) return undefined;
    const level = levels[waiting[1]!];
    if (level === undefined) throw new Error(`the runner speaks at level ${waiting[1]}`);
    this.#waiting = waiting.subarray(end);
    return {
      type: waiting[0]!,
      level,
      cipherSuite: waiting.readUInt16BE(2),
      body: new Uint8Array(waiting.subarray(headerBytes, end)),
    };
  }
}
