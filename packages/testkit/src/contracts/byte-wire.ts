import { pause } from './waiting.ts';

/**
 * Bytes in both directions, with no word of any runtime. The contract of transports has it on both sides of TLS:
 * below it as a wire in memory that can be cut anywhere, above it as what a transport made of that.
 */
export interface ByteStream {
  /** Resolves when there is room for more; rejects when the bytes cannot leave. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * The next bytes, or undefined at an orderly end. Rejects when the stream failed, was cut or truncated. One call
   * at a time, and none after the end or a rejection.
   */
  read(): Promise<Uint8Array | undefined>;
  /** Nothing more is written; reading goes on. Above TLS: close_notify (RFC 9846 §6.1). */
  end(): Promise<void>;
  /** Gives everything up at once. May be called at any time, and more than once. */
  destroy(): void;
}

/** Whose bytes. */
export type WireEnd = 'client' | 'server';

export interface WireOptions {
  /** The most that one read gives. Default: as it was written. */
  readonly chunkBytes?: number;
  /** Time before each read is answered, in ms. Default: none. */
  readonly pauseMs?: number;
  /** What happens after so many bytes of one end: they are followed by an end, or the whole wire breaks. */
  readonly fault?: { readonly from: WireEnd; readonly afterBytes: number; readonly how: 'end' | 'cut' };
}

/** Two byte streams connected in memory, as TCP would: each takes 64 KiB ahead of the reader. */
export class ByteWire {
  readonly client: ByteStream;
  readonly server: ByteStream;
  readonly #lanes: Readonly<Record<WireEnd, Lane>>;

  constructor(options: WireOptions = {}) {
    const lane = (from: WireEnd) =>
      new Lane(options, options.fault?.from === from ? options.fault : undefined, () => this.cut());
    this.#lanes = { client: lane('client'), server: lane('server') };
    this.client = end(this.#lanes.client, this.#lanes.server);
    this.server = end(this.#lanes.server, this.#lanes.client);
  }

  /** What one end has written so far. */
  sentBytes(from: WireEnd): number {
    return this.#lanes[from].sentBytes;
  }

  /** The other end reads an end after what was written so far; what is written later is lost. */
  endFrom(from: WireEnd): void {
    this.#lanes[from].end();
  }

  /** Breaks the wire in both directions, with what is on it. */
  cut(): void {
    for (const lane of Object.values(this.#lanes)) lane.cut();
  }
}

function end(outgoing: Lane, incoming: Lane): ByteStream {
  return {
    write: (bytes) => outgoing.write(bytes),
    read: () => incoming.read(),
    end: async () => outgoing.end(),
    // As a socket that is closed: what was ended in order still arrives, all else is reset.
    destroy() {
      if (!outgoing.hasEnded) outgoing.cut();
      if (!incoming.hasEnded) incoming.cut();
    },
  };
}

/** One direction. */
class Lane {
  sentBytes = 0;
  hasEnded = false;
  readonly #options: WireOptions;
  readonly #fault: WireOptions['fault'];
  readonly #cutAll: () => void;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isCut = false;
  #waiting: (() => void)[] = [];

  constructor(options: WireOptions, fault: WireOptions['fault'], cutAll: () => void) {
    this.#options = options;
    this.#fault = fault;
    this.#cutAll = cutAll;
    if (fault?.afterBytes === 0) this.end();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isCut) throw broken();
    if (!this.hasEnded) this.#accept(bytes);
    while (this.#queuedBytes > capacityBytes) {
      await this.#change();
      if (this.#isCut) throw broken();
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#options.pauseMs !== undefined) await pause(this.#options.pauseMs);
    while (this.#queue.length === 0 && !this.hasEnded && !this.#isCut) await this.#change();
    if (this.#queue.length === 0 && this.#fault?.how === 'cut') this.#cutAll();
    if (this.#isCut) throw broken();
    const first = this.#queue.shift();
    if (first === undefined) return undefined;
    const chunk = first.subarray(0, this.#options.chunkBytes);
    if (chunk.length < first.length) this.#queue.unshift(first.subarray(chunk.length));
    this.#queuedBytes -= chunk.length;
    this.#changed();
    return chunk.slice();
  }

  end(): void {
    this.hasEnded = true;
    this.#changed();
  }

  cut(): void {
    this.#isCut = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#changed();
  }

  #accept(bytes: Uint8Array): void {
    const room = (this.#fault?.afterBytes ?? Number.POSITIVE_INFINITY) - this.sentBytes;
    const taken = Uint8Array.from(bytes.subarray(0, Math.min(room, bytes.length)));
    if (taken.length > 0) this.#queue.push(taken);
    this.#queuedBytes += taken.length;
    this.sentBytes += taken.length;
    if (taken.length === room) this.end();
    else this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function broken(): Error {
  return new Error('the wire was cut');
}

const capacityBytes = 65_536;
