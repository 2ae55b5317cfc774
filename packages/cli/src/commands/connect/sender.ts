import type { Readable } from 'node:stream';
import type { TlsStream } from '@sealwire/node-transport';
import type { Host } from '../../host.ts';
import type { Plan } from './plan.ts';

/**
 * Sends an input as it comes, and closes our side at its end. Where somebody types it, a line of one letter is a command, as with
 * OpenSSL; from a pipe every byte is sent as it is.
 */
export class Sender {
  readonly #stream: TlsStream;
  readonly #input: Readable;
  readonly #closesAtEnd: boolean;
  readonly #hasCommands: boolean;
  readonly #makesCrlf: boolean;
  #onBytes: (bytes: number) => void = () => {};
  bytes = 0;
  /** Why the input could not be read. */
  failure: Error | undefined;

  constructor(
    stream: TlsStream,
    input: Readable,
    { values, host }: { readonly values: Plan['values']; readonly host: Host },
  ) {
    this.#stream = stream;
    this.#input = input;
    const ignoresEnd = values['ign-eof'] === true || values.quiet === true;
    this.#closesAtEnd = !ignoresEnd || values['no-ign-eof'] === true;
    this.#hasCommands =
      input === host.stdin && host.stdin.isTTY === true && !values.nocommands && !values.quiet;
    this.#makesCrlf = values.crlf === true;
  }

  start(onBytes: (bytes: number) => void): void {
    this.#onBytes = onBytes;
    if (this.#input.readableEnded) this.#onEnd();
    else {
      this.#input.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError);
      // Whoever was asked for a passphrase before has a terminal that is paused.
      this.#input.resume();
    }
    this.#stream.on('drain', this.#onDrain);
  }

  stop(): void {
    this.#input.off('data', this.#onData).off('end', this.#onEnd);
    this.#input.pause();
    this.#stream.off('drain', this.#onDrain);
  }

  readonly #onData = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (this.#hasCommands && this.#obeyed(bytes.toString('latin1').trimEnd())) return;
    const sent = this.#makesCrlf ? withCrlf(bytes) : bytes;
    this.bytes += sent.length;
    this.#onBytes(sent.length);
    if (!this.#stream.write(sent)) this.#input.pause();
  };

  readonly #onDrain = (): void => {
    this.#input.resume();
  };

  readonly #onEnd = (): void => {
    if (this.#closesAtEnd) this.#stream.end();
  };

  readonly #onError = (error: Error): void => {
    this.failure = error;
    this.#stream.end();
  };

  #obeyed(line: string): boolean {
    switch (line) {
      case 'Q':
        this.#stream.end();
        return true;
      case 'R':
        this.#stream.renegotiate().catch(() => {});
        return true;
      case 'k':
      case 'K':
        this.#stream.updateKeys({ requestPeer: line === 'K' });
        return true;
      default:
        return false;
    }
  }
}

/** LF becomes CR LF, also where CR stands before it already: as OpenSSL does it. */
function withCrlf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
