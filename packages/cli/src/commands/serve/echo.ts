import type { TlsStream } from '@sealwire/node-transport';
import { Problem } from '../../problem.ts';
import { farewellMs, type Service } from './service.ts';

/** Sends back what comes, as `changed` makes it; ends when the client has ended, or has been silent or has not read for `idleMs`. */
export function echoService(idleMs: number = usualIdleMs, changed: () => Change = unchanged): Service {
  return async (stream) => {
    const change = changed();
    const idle = new Idle(stream, idleMs);
    try {
      for await (const chunk of stream) {
        for (const piece of change(chunk)) await stream.send(piece);
        idle.begin();
      }
      for (const piece of change(undefined)) await stream.send(piece);
      await stream.close({ timeoutMs: farewellMs });
    } catch (error) {
      // What the end that we made ourselves looks like is no news.
      if (!idle.isOver) throw error;
    } finally {
      idle.stop();
    }
    if (idle.isOver)
      throw new Problem(
        'network',
        'idle',
        `the client sent nothing, or read nothing, for ${idleMs / 1_000} s`,
      );
  };
}

/** What to send for what came; `undefined` is its end. */
type Change = (chunk: Uint8Array | undefined) => readonly Uint8Array[];

/** As it came. */
function unchanged(): Change {
  return (chunk) => (chunk === undefined ? [] : [chunk]);
}

/** Each line backwards, byte by byte, as OpenSSL's `-rev` has it. What is no line after so many bytes is one. */
export function reversedLines(): Change {
  let line: Uint8Array = new Uint8Array();
  return (chunk) => {
    if (chunk === undefined) return line.length === 0 ? [] : [line.toReversed()];
    const pieces: Uint8Array[] = [];
    line = Buffer.concat([line, chunk]);
    for (;;) {
      const end = line.subarray(0, mostOfLine).indexOf(0x0a);
      const length = end >= 0 ? end : line.length >= mostOfLine ? mostOfLine : -1;
      if (length < 0) return pieces;
      pieces.push(Uint8Array.from(line.subarray(0, length)).reverse());
      if (end >= 0) pieces.push(Uint8Array.of(0x0a));
      line = line.subarray(end >= 0 ? end + 1 : length);
    }
  };
}

/** Ends a connection, in order, on which nothing passes. */
class Idle {
  readonly #stream: TlsStream;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  isOver = false;

  constructor(stream: TlsStream, ms: number) {
    this.#stream = stream;
    this.#ms = ms;
    this.begin();
  }

  begin(): void {
    this.stop();
    if (this.isOver) return;
    this.#timer = setTimeout(() => {
      this.isOver = true;
      void this.#stream.close({ timeoutMs: farewellMs }).catch(() => {});
    }, this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

const usualIdleMs = 600_000;
const mostOfLine = 16_384;
