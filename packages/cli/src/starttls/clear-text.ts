import type { Duplex } from 'node:stream';
import { Problem } from '../problem.ts';

/**
 * What is said before TLS, on a stream that then goes to TLS. What the other side says is bounded, and nothing of it may be
 * left when TLS begins: bytes behind the answer to STARTTLS came from whoever stood between, and would be taken for
 * something that TLS protects (CVE-2011-0411 and its kin).
 */
export class ClearText {
  readonly #stream: Duplex;
  readonly #signal: AbortSignal;
  #held: Buffer = Buffer.alloc(0);
  #ended: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
    stream.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError);
    signal.addEventListener('abort', this.#onAbort);
  }

  write(data: string | Uint8Array): void {
    this.#stream.write(data);
  }

  /** The next line, without its end. */
  line(): Promise<string> {
    return this.#take(() => {
      const end = this.#held.indexOf(0x0a);
      return end === -1 ? undefined : end + 1;
    }).then((bytes) => bytes.toString('latin1').replace(/\r?\n$/, ''));
  }

  bytes(length: number): Promise<Buffer> {
    return this.#take(() => (this.#held.length >= length ? length : undefined));
  }

  /** Everything up to where `pattern` first ends. */
  async until(pattern: RegExp): Promise<string> {
    const taken = await this.#take(() => {
      const found = pattern.exec(this.#held.toString('latin1'));
      return found === null ? undefined : found.index + found[0].length;
    });
    return taken.toString('latin1');
  }

  /** Nothing more is heard: the stream goes to TLS. Throws if the other side has said more than it may. */
  finish(): void {
    this.#letGo();
    if (this.#held.length === 0) return;
    throw new Problem(
      'starttls',
      'starttls.injected',
      `${this.#held.length} bytes in the clear came with the answer to STARTTLS, before TLS began`,
      { advice: 'somebody between may have put them there: do not go on' },
    );
  }

  /** After a failure. */
  giveUp(): void {
    this.#letGo();
    this.#stream.destroy();
  }

  async #take(lengthOf: () => number | undefined): Promise<Buffer> {
    for (;;) {
      this.#signal.throwIfAborted();
      const length = lengthOf();
      if (length !== undefined) {
        const taken = this.#held.subarray(0, length);
        this.#held = this.#held.subarray(length);
        return taken;
      }
      if (this.#ended !== undefined) throw this.#ended;
      if (this.#held.length > mostBytes)
        throw new Problem(
          'starttls',
          'starttls.tooMuch',
          `more than ${mostBytes} bytes came before TLS began`,
        );
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #letGo(): void {
    this.#stream.pause();
    this.#stream.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#held = Buffer.concat([this.#held, chunk]);
    // Nobody may fill our memory while we wait for something else.
    if (this.#held.length > mostBytes) this.#stream.pause();
    this.#wake?.();
  };

  readonly #onEnd = (): void => {
    this.#ended = new Problem(
      'network',
      'starttls.closed',
      'the other side closed the connection before TLS began',
    );
    this.#wake?.();
  };

  readonly #onError = (error: Error): void => {
    this.#ended = error;
    this.#wake?.();
  };

  readonly #onAbort = (): void => this.#wake?.();
}

/** No greeting of any of these protocols is a tenth of it. */
const mostBytes = 65_536;
