import type { ByteStream } from '@sealwire/testkit';
import type { BunSocket, BunSocketHandler } from '../src/index.ts';

/**
 * A socket as Bun has them, over a byte stream of the test kit: it takes no more than `roomBytes` ahead of the stream, and tells of room by
 * `drain`; its end closes nothing until the other side has ended, too.
 */
export class FakeSocket implements BunSocket {
  readonly remoteAddress = '192.0.2.1';
  readonly remotePort = 443;
  readonly remoteFamily = 'IPv4';
  readonly localAddress = '192.0.2.2';
  readonly localPort = 50_000;
  readonly localFamily = 'IPv4';
  /** How many bytes each `write` took. */
  readonly taken: number[] = [];
  readonly #below: ByteStream;
  readonly #roomBytes: number;
  #handler: BunSocketHandler | undefined;
  #waitingBytes = 0;
  #isFull = false;
  #isShut = false;
  #peerHasEnded = false;
  #isClosed = false;
  #isPaused = false;
  #resumed: (() => void) | undefined;

  constructor(below: ByteStream, roomBytes = 10_000) {
    this.#below = below;
    this.#roomBytes = roomBytes;
  }

  /** From now on this handler is told. */
  reload({ socket }: { readonly socket: BunSocketHandler }): void {
    const isFirst = this.#handler === undefined;
    this.#handler = socket;
    if (isFirst) void this.#read();
  }

  write(bytes: Uint8Array): number {
    if (this.#isClosed || this.#isShut) return -1;
    const taken = Math.min(bytes.length, this.#roomBytes - this.#waitingBytes);
    this.taken.push(taken);
    if (taken < bytes.length) this.#isFull = true;
    this.#waitingBytes += taken;
    if (taken > 0) void this.#send(Uint8Array.from(bytes.subarray(0, taken)));
    return taken;
  }

  shutdown(): void {
    if (this.#isClosed || this.#isShut) return;
    this.#isShut = true;
    this.#below.end().catch(() => {});
    if (this.#peerHasEnded) this.#close();
  }

  end(): void {
    this.shutdown();
    this.#close();
  }

  terminate(): void {
    if (this.#isClosed) return;
    this.#below.destroy();
    this.#close();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed?.();
    this.#resumed = undefined;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  ref(): void {}
  unref(): void {}
  setNoDelay(): void {}
  setKeepAlive(): void {}

  async #send(bytes: Uint8Array): Promise<void> {
    try {
      await this.#below.write(bytes);
    } catch (error) {
      this.#close(error as Error);
      return;
    }
    this.#waitingBytes -= bytes.length;
    if (this.#waitingBytes > 0 || !this.#isFull || this.#isClosed) return;
    this.#isFull = false;
    this.#handler?.drain(this);
  }

  async #read(): Promise<void> {
    for (;;) {
      if (this.#isPaused) await new Promise<void>((resolve) => (this.#resumed = resolve));
      let bytes: Uint8Array | undefined;
      try {
        bytes = await this.#below.read();
      } catch (error) {
        this.#close(error as Error);
        return;
      }
      if (this.#isClosed) return;
      if (bytes === undefined) break;
      this.#handler?.data(this, bytes);
    }
    this.#peerHasEnded = true;
    if (this.#isShut) this.#close();
    else this.#handler?.end(this);
  }

  #close(error?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // Whatever the peer still sends is for nobody.
    if (error === undefined && !this.#peerHasEnded) this.#below.destroy();
    this.#handler?.close(this, error);
  }
}
