import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/** One end of a pair: what is written to it is read at the other. */
export class PairedStream extends Duplex {
  other: PairedStream | undefined;
  /** Bytes that have passed, TLS included. */
  bytesRead = 0;
  bytesWritten = 0;
  #taken: Done | undefined;

  /** `opening`, `open`, `readOnly`, `writeOnly` or `closed`, as of a socket. */
  get readyState(): string {
    const { readable, writable } = this;
    if (readable && writable) return 'open';
    if (readable) return 'readOnly';
    return writable ? 'writeOnly' : 'closed';
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: Done): void {
    const { other } = this;
    this.bytesWritten += chunk.length;
    if (chunk.length === 0 || other === undefined || other.destroyed) process.nextTick(done);
    else other.#receive(chunk, done);
  }

  override _final(done: Done): void {
    this.other?.push(null);
    done();
  }

  /** Whoever writes goes on when this end is read. */
  #receive(chunk: Buffer, done: Done): void {
    this.bytesRead += chunk.length;
    this.#taken = done;
    this.push(chunk);
  }

  override _destroy(error: Error | null, done: Done): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
    done(error);
  }
}

/** Two streams, each of which reads what is written to the other. */
export function pairOfStreams(): [PairedStream, PairedStream] {
  const [one, other] = [new PairedStream(), new PairedStream()];
  one.other = other;
  other.other = one;
  return [one, other];
}
