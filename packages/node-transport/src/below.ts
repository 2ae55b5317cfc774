import type { Duplex } from 'node:stream';
import { isConnecting } from './farewell.ts';

/** What the stream below says. */
export interface Heard {
  /** It is connected: reading and writing may begin. */
  start(): void;
  data(chunk: Uint8Array): void;
  drain(): void;
  end(): void;
  error(error: Error): void;
  close(): void;
}

/** Listens to the stream below, until it lets go. */
export class Below {
  readonly #transport: Duplex;
  readonly #heard: Heard;

  constructor(transport: Duplex, heard: Heard) {
    this.#transport = transport;
    this.#heard = heard;
  }

  /** At once, or when the socket is connected. `isAwaited`: it is to connect, though it has not begun. */
  listen(isAwaited = false): void {
    const { error, close, end } = this.#heard;
    this.#transport.on('error', error).on('close', close).on('end', end);
    if (isAwaited || isConnecting(this.#transport)) this.#transport.on('connect', this.#connected);
    else this.#connected();
  }

  letGo(): void {
    const { error, close, end, data, drain } = this.#heard;
    this.#transport.off('error', error).off('close', close).off('end', end);
    this.#transport.off('data', data).off('drain', drain).off('connect', this.#connected);
  }

  readonly #connected = (): void => {
    const { data, drain, start } = this.#heard;
    this.#transport.on('data', data).on('drain', drain);
    start();
  };
}
