import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { TlsStream } from '@sealwire/node-transport';

/** Serves one connection, to its end. */
export type Service = (stream: TlsStream) => Promise<void>;

/** How long clients are waited for; in milliseconds. */
export interface Patience {
  /** For all of the first request. Default: 30,000. */
  readonly requestMs: number;
  /** For all of the next one. Default: 5,000. */
  readonly nextRequestMs: number;
  /** For a client that does not read what it has asked for. Default: 30,000. */
  readonly stalledMs: number;
}

/**
 * Answers HTTP/1.1, by Node's own server, which takes any stream for a connection. Its limits of time are for servers that
 * listen, and for sockets: here they are kept by ourselves. A connection whose time is over is ended in order.
 */
export function httpService(
  listener: (stream: TlsStream) => RequestListener,
  patience: Patience = usualPatience,
): Service {
  const waits = new WeakMap<object, { readonly wait: Wait; readonly answer: RequestListener }>();
  // What clients are told of it.
  const server = createServer({ keepAliveTimeout: patience.nextRequestMs }, (request, response) => {
    const known = waits.get(request.socket);
    known?.wait.answering(response);
    known?.answer(request, response);
  });
  // Node would cut the connection; an end in order says that the answer is whole.
  server.on('clientError', (_error, stream) => {
    // In the middle of an answer another one would be taken for a part of it.
    if (waits.get(stream)?.wait.isAnswering) stream.destroy();
    else if (stream.writable) stream.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return async (stream) => {
    const wait = new Wait(stream, patience);
    waits.set(stream, { wait, answer: listener(stream) });
    server.emit('connection', stream);
    try {
      if (!stream.closed) await once(stream, 'close');
    } finally {
      wait.over();
    }
  };
}

/** What a connection is waiting for: its first request, somebody who reads, or its next request. */
class Wait {
  readonly #stream: TlsStream;
  readonly #patience: Patience;
  #timer: NodeJS.Timeout | undefined;
  /** A client may send requests before it has read the answer to the first. */
  #unanswered = 0;

  constructor(stream: TlsStream, patience: Patience) {
    this.#stream = stream;
    this.#patience = patience;
    this.#begin(patience.requestMs);
  }

  answering(response: ServerResponse): void {
    const { nextRequestMs, stalledMs } = this.#patience;
    this.#unanswered += 1;
    this.#begin(stalledMs);
    response.on('drain', () => this.#begin(stalledMs));
    response.once('close', () => {
      this.#unanswered -= 1;
      if (this.#unanswered === 0) this.#begin(nextRequestMs);
    });
  }

  get isAnswering(): boolean {
    return this.#unanswered > 0;
  }

  over(): void {
    clearTimeout(this.#timer);
  }

  #begin(ms: number): void {
    this.over();
    if (this.#stream.closed) return;
    // Whoever does not answer our close_notify either is cut off, which is the end that was wanted.
    this.#timer = setTimeout(() => void this.#stream.close({ timeoutMs: farewellMs }).catch(() => {}), ms);
  }
}

const usualPatience: Patience = { requestMs: 30_000, nextRequestMs: 5_000, stalledMs: 30_000 };
/** How long whoever does not answer our close_notify is waited for. */
export const farewellMs = 2_000;
