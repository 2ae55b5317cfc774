import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Starts and stops what arrives on a carrier; while it is stopped, its end is noticed nevertheless. */
export interface Source {
  /** From now on nobody else does; it is stopped. */
  take(): void;
  start(): void;
  stop(): void;
}

type Arrived = (chunk: unknown) => void;

/** `foreign` is called once, when the carrier gives what is no bytes; from then on it is stopped, unless somebody starts it. */
export function sourceOf(
  carrier: Duplex,
  received: (bytes: Uint8Array) => void,
  foreign: () => void,
): Source {
  let isForeign = false;
  const arrived = (chunk: unknown): void => {
    if (isOfBytes(carrier, chunk)) {
      received(chunk);
      return;
    }
    if (isForeign) return;
    isForeign = true;
    source.stop();
    foreign();
  };
  const source =
    carrier instanceof Socket ? new SocketSource(carrier, arrived) : new StreamSource(carrier, arrived);
  return source;
}

/** Any stream: whoever else listens to it hears the same. */
class StreamSource implements Source {
  readonly #carrier: Duplex;
  readonly #arrived: Arrived;

  constructor(carrier: Duplex, arrived: Arrived) {
    this.#carrier = carrier;
    this.#arrived = arrived;
  }

  take(): void {
    this.#carrier.on('data', this.#arrived);
    this.#carrier.pause();
  }

  start(): void {
    if (this.#carrier.isPaused()) this.#carrier.resume();
  }

  stop(): void {
    if (!this.#carrier.isPaused()) this.#carrier.pause();
  }
}

/**
 * A socket, beneath which Node takes the bytes: what a TLS connection gets is no data of the socket's own, and whoever has
 * listened to it (for the text of a protocol that comes before STARTTLS) hears no more.
 */
class SocketSource implements Source {
  readonly #carrier: Socket;
  readonly #arrived: Arrived;
  /** Has come when nobody wanted it. */
  #waiting: Uint8Array[] = [];
  #isStarted = false;
  #isEnded = false;

  constructor(carrier: Socket, arrived: Arrived) {
    this.#carrier = carrier;
    this.#arrived = arrived;
  }

  /** In the place of `push`, which whoever reads for the socket calls; the answer says whether to go on. */
  take(): void {
    const carrier = this.#carrier;
    carrier.push = (chunk: Uint8Array | null) => {
      if (chunk === null) this.#isEnded = true;
      else this.#waiting.push(chunk);
      this.#deliver();
      // As far as a stream reads ahead: a peer that goes away is noticed, and one that does not cannot fill the memory.
      return this.#isStarted || this.#waitingBytes < carrier.readableHighWaterMark;
    };
    carrier.pause();
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (!this.#carrier.destroyed) this.#carrier._read(0);
    // Nobody who asks for data gets it before the asking is over.
    process.nextTick(() => this.#deliver());
  }

  stop(): void {
    this.#isStarted = false;
  }

  #deliver(): void {
    if (this.#isStarted) this.#takeLeft();
    while (this.#isStarted && this.#waiting.length > 0) this.#arrived(this.#waiting.shift());
    if (!this.#isEnded || this.#waiting.length > 0) return;
    this.#isEnded = false;
    // The end alone is for the socket as well: it may close then.
    Socket.prototype.push.call(this.#carrier, null);
    this.#carrier.read(0);
  }

  get #waitingBytes(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  /** What was read before, or is given back by those who have read too much, comes first. */
  #takeLeft(): void {
    const carrier = this.#carrier;
    const left: Uint8Array[] = [];
    while (carrier.readableLength > 0) {
      const chunk = carrier.read() as Uint8Array | string | null;
      if (chunk === null) break;
      left.push(typeof chunk === 'string' ? Buffer.from(chunk, carrier.readableEncoding ?? 'utf8') : chunk);
    }
    this.#waiting.unshift(...left);
  }
}

/** Other streams must give bytes, in what is not in object mode. */
function isOfBytes(carrier: Duplex, chunk: unknown): chunk is Uint8Array {
  return typeof chunk !== 'string' && !carrier.readableObjectMode;
}
