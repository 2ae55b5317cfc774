import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { maxFrameBytes, SlipReader, slipFrame } from './slip.ts';

/**
 * A serial line: what is written leaves frame by frame, at the speed of the line. With 8 data bits, no parity and one stop bit a byte
 * is ten signals.
 *
 * The terminal behind it must be in raw mode already, as socat's `rawer` or `stty raw -echo` make it: a terminal otherwise sends
 * back what it hears, waits for ends of lines, and writes 0x0d before each 0x0a. (Node's own `setRawMode` does not help: it leaves that last one on.)
 */
export class Line {
  /** Written so far, with all that frames add. */
  sentBytes = 0;
  readonly #device: number;
  readonly #input: ReadStream;
  readonly #reader = new SlipReader();
  readonly #byteMs: number;
  readonly #queue: Uint8Array[] = [];
  #isSending = false;
  readonly #failed: (error: Error) => void;
  /** Changes one bit of the next frame, as noise does. */
  isNoisy = false;

  constructor(
    path: string,
    baud: number,
    heard: { frame(bytes: Uint8Array): void; failed(error: Error): void },
  ) {
    this.#failed = heard.failed;
    this.#byteMs = 10_000 / baud;
    this.#device = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    this.#input = new ReadStream(this.#device);
    this.#input.on('error', heard.failed);
    this.#input.on('data', (bytes: Buffer) => {
      try {
        for (const frame of this.#reader.read(bytes)) heard.frame(frame);
      } catch (error) {
        heard.failed(error as Error);
      }
    });
  }

  send(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += maxFrameBytes) {
      const frame = slipFrame(bytes.subarray(at, at + maxFrameBytes));
      if (this.isNoisy) frame[frame.length >> 1]! ^= 0x01;
      this.isNoisy = false;
      this.#queue.push(frame);
      this.sentBytes += frame.length;
    }
    if (!this.#isSending) this.#sendQueue().catch(this.#failed);
  }

  /** When all that was sent has left. */
  async left(): Promise<void> {
    while (this.#isSending) await pause(1);
  }

  close(): void {
    this.#input.destroy();
    try {
      closeSync(this.#device);
    } catch {
      // The stream has closed it.
    }
  }

  async #sendQueue(): Promise<void> {
    this.#isSending = true;
    let freeAtMs = performance.now();
    for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
      for (let at = 0; at < frame.length; at += burstBytes) {
        const burst = frame.subarray(at, at + burstBytes);
        // A byte arrives when its last signal has.
        freeAtMs = Math.max(freeAtMs, performance.now() - 1) + burst.length * this.#byteMs;
        const waitMs = freeAtMs - performance.now();
        if (waitMs > 1) await pause(waitMs);
        await this.#put(burst);
      }
    }
    this.#isSending = false;
  }

  /** Node makes the device non-blocking when it reads it: a write may take less, or nothing. */
  async #put(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#device, bytes, at);
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'EAGAIN') throw error;
        await pause(1);
      }
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a UART has in its FIFO. */
const burstBytes = 16;
