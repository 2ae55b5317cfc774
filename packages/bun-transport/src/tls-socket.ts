import {
  ApiMisuseError,
  type ChannelBindingType,
  type ClientAuthOptions,
  type Facts,
  refuseUnknownOptions,
} from '@sealwire/core';
import { Endpoint, type RenegotiationChange, TransportError } from '@sealwire/transport';
import type { SocketBelow } from './bun.ts';
import { SocketCarrier } from './carrier.ts';
import { asBinary, type BinaryType, type Handler, handlerNames } from './handler.ts';
import { Incoming } from './incoming.ts';
import { Outgoing } from './outgoing.ts';
import type { TlsSettings } from './settings.ts';
import { Silence } from './silence.ts';

/** What is called for a connection; see `Handler`. */
export interface TlsSocketHandler<Data = undefined, B extends BinaryType = 'buffer'>
  extends Handler<TlsSocket<Data>, B> {}

export interface TlsSocketParts<Data> {
  readonly settings: TlsSettings;
  readonly handler: TlsSocketHandler<Data, BinaryType>;
  readonly data: Data;
  readonly allowHalfOpen: boolean;
  /** Takes what is to be told of the socket below. */
  readonly attach: (carrier: SocketCarrier) => void;
}

/** What can be written: bytes, or a string for its UTF-8. */
export type Writable = string | Uint8Array | ArrayBuffer | ArrayBufferView;

/**
 * One TLS connection over a socket of Bun, with the habits of one: `write` says how many bytes it took, `drain` when there is room
 * again, and the functions of a handler hear what comes. Without a handler for data, `for await` reads it.
 *
 * A failure ends everything with the error, which `error` and `close` hear, and whoever waits. Nobody needs to listen: what a peer
 * does never ends the process.
 */
export class TlsSocket<Data = undefined> {
  /** Yours. */
  data: Data;
  /** Settled when the handshake is complete or has failed. Need not be looked at. */
  readonly handshake: Promise<Facts>;
  /** Resolves when the connection is over, however it ended. */
  readonly closed: Promise<void>;
  readonly #carrier: SocketCarrier;
  readonly #endpoint: Endpoint<unknown>;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #silence: Silence;
  readonly #allowHalfOpen: boolean;
  #handler: TlsSocketHandler<Data, BinaryType>;
  #isOpen = false;
  #isOver = false;
  #hasRead = false;
  #hasWritten = false;
  #failure: Error | undefined;
  #tellClosed!: () => void;

  /** Made by `connect`, `listen` and `secure`. The time for the handshake begins. */
  constructor({ settings, handler, data, allowHalfOpen, attach }: TlsSocketParts<Data>) {
    this.data = data;
    this.#handler = checkedHandler(handler);
    this.#allowHalfOpen = allowHalfOpen;
    this.closed = new Promise((resolve) => (this.#tellClosed = resolve));
    this.#carrier = new SocketCarrier(() => this.#endpoint);
    this.#incoming = new Incoming(this.#reader());
    this.#outgoing = new Outgoing(this.#writer());
    this.#silence = new Silence(() => this.#call('timeout'));
    this.#endpoint = new Endpoint<unknown>({
      settings,
      owner: this,
      carrier: this.#carrier,
      application: {
        secure: () => this.#secured(),
        data: (bytes) => {
          this.#silence.touch();
          return this.#incoming.push(bytes);
        },
        ended: (error) => this.#incoming.end(error),
        failed: (error) => this.#finish(error),
      },
    });
    this.handshake = this.#endpoint.handshake;
    attach(this.#carrier);
  }

  /** What is known about the connection so far; a frozen snapshot. Stays after the end. */
  get facts(): Facts {
    return this.#endpoint.facts;
  }

  /** The protocol of ALPN (RFC 7301); false when none was agreed on, null before the handshake is complete. */
  get alpnProtocol(): string | false | null {
    return this.#isOpen ? (this.facts.alpnProtocol ?? false) : null;
  }

  /** 2 before the handshake is complete, 1 then, -2 after `end`, 0 when it is over. */
  get readyState(): 2 | 1 | -2 | 0 {
    if (this.#isOver) return 0;
    if (!this.#isOpen) return 2;
    return this.#outgoing.hasEnded ? -2 : 1;
  }

  /** The socket below, for addresses and options; undefined until there is one. Writing to it breaks the connection. */
  get socket(): SocketBelow | undefined {
    return this.#carrier.socket;
  }

  /** Client: how many bytes of `sendEarlyData` the server has taken. Final once the handshake is complete: send the rest then. */
  get earlyDataTaken(): number {
    return this.#endpoint.earlyDataTaken;
  }

  /** Server: how many of the first bytes read came as 0-RTT data. */
  get earlyDataReceived(): number {
    return this.#endpoint.earlyDataReceived;
  }

  /** Bytes that were taken by `write` and have not gone to the system. */
  get bufferedBytes(): number {
    return this.#outgoing.bytes + this.#carrier.keptBytes;
  }

  /**
   * Takes as many bytes as there is room for, and says how many: the rest is yours to write after `drain`. -1 after `end` and
   * when the connection is over. What is written in one turn leaves together. Of bytes, `byteOffset` and `byteLength` name a part.
   */
  write(bytes: Writable, byteOffset = 0, byteLength = Number.POSITIVE_INFINITY): number {
    return this.#outgoing.write(partOf(bytes, byteOffset, byteLength));
  }

  /** What was written leaves now, and not after this turn. */
  flush(): void {
    this.#outgoing.flush();
  }

  /**
   * Ends our side in order: these bytes, all of which are taken, then close_notify (RFC 9846 §6.1). Reading goes on until the peer ends
   * its own (so Bun documents its `end`, and it is what its `shutdown` does). Says how many were taken, or -1 if it had ended.
   */
  end(bytes: Writable = '', byteOffset = 0, byteLength = Number.POSITIVE_INFINITY): number {
    const last = partOf(bytes, byteOffset, byteLength);
    const taken = this.#outgoing.write(last, last.length);
    this.#outgoing.end();
    return taken;
  }

  /** As `end()`. With true: reads no more instead, and what the peer still sends is dropped. */
  shutdown(isReading = false): void {
    if (isReading) this.#incoming.discard();
    else this.end();
  }

  /** Cuts the connection; the peer sees an error. */
  terminate(): void {
    this.#finish(undefined);
  }

  /** Gives the connection up with this error, after telling the peer by an alert. */
  abort(error: Error): void {
    this.#endpoint.abort(error);
  }

  /**
   * Ends our side in order, and resolves when the peer has ended its own. What arrives meanwhile goes to the handler, or to a loop that
   * waits for it, and is dropped if there is none. After `timeoutMs` (default 5,000) the connection is cut. Never rejects.
   */
  async close({ timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (this.#isOver) return;
    const timer = setTimeout(() => this.terminate(), timeoutMs);
    this.end();
    if (this.#handler.data === undefined && !this.#incoming.isAwaited) this.#incoming.discard();
    await this.closed;
    clearTimeout(timer);
  }

  /** Writes all of it, and resolves when it has left: `write` for programs that await. Rejects with the error. */
  async send(bytes: Writable): Promise<void> {
    let rest = asBytes(bytes);
    while (rest.length > 0) {
      const taken = this.#outgoing.write(rest);
      if (taken < 0) throw this.#failure ?? over();
      rest = rest.subarray(taken);
      await this.#outgoing.whenLeft();
    }
  }

  /** No more data for the handler until `resume`; the peer has to stop, too, after what fits into the buffers on the way. */
  pause(): void {
    this.#incoming.pause();
  }

  resume(): void {
    this.#incoming.resume();
  }

  /** Data until the peer ends its side; writing goes on after that. Rejects with the error. A loop that is left early cuts the connection. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#handler.data !== undefined)
      throw new ApiMisuseError('the data of this socket goes to its handler');
    let hasEnded = false;
    try {
      for (let bytes: Uint8Array | undefined; (bytes = await this.#incoming.next()) !== undefined; )
        yield bytes;
      hasEnded = true;
    } finally {
      if (!hasEnded) this.terminate();
    }
  }

  /** Calls `timeout` of the handler when no data has come or gone for so long, in seconds; 0: never, which is the default. */
  timeout(seconds: number): void {
    this.#silence.set(seconds);
  }

  /** Other functions from now on. One for `data` can neither be added nor taken away. */
  reload({ socket }: { readonly socket: TlsSocketHandler<Data, BinaryType> }): void {
    const handler = checkedHandler(socket);
    if ((handler.data === undefined) !== (this.#handler.data === undefined))
      throw new ApiMisuseError('reload expects a handler for data exactly where there was one');
    this.#handler = handler;
  }

  /** Keeps the process running while the socket is open, which is the default. */
  ref(): void {
    this.socket?.ref();
  }

  unref(): void {
    this.socket?.unref();
  }

  /**
   * Keying material bound to this connection (RFC 9846 §7.5, RFC 5705); no `context` is before TLS 1.3 not the same as no bytes.
   * `ApiMisuseError` before the handshake is complete, after a failure, and without the extended main secret (RFC 7627 §5.4).
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#endpoint.exportKeyingMaterial(label, context, length);
  }

  /** See `Endpoint.channelBinding` of `@sealwire/transport`. */
  channelBinding(type: ChannelBindingType | 'tls-server-end-point'): Uint8Array {
    return this.#endpoint.channelBinding(type);
  }

  /** See `Endpoint.updateKeys`. */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    return this.#endpoint.updateKeys(options);
  }

  /** See `Endpoint.requestClientAuth`. */
  requestClientAuth(options: ClientAuthOptions = {}): Promise<boolean> {
    return this.#endpoint.requestClientAuth(options);
  }

  /** See `Endpoint.renegotiate`. */
  renegotiate(change: RenegotiationChange = {}): Promise<boolean> {
    return this.#endpoint.renegotiate(change);
  }

  /** As `end()`, for declarations with `using`. */
  [Symbol.dispose](): void {
    this.end();
  }

  #secured(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#call('open');
  }

  #reader() {
    const isPushed = this.#handler.data !== undefined;
    const push = (bytes: Uint8Array) =>
      this.#call('data', asBinary(bytes, this.#handler.binaryType ?? 'buffer'));
    return {
      data: isPushed ? push : undefined,
      wantsMore: () => this.#endpoint.resume(),
      ended: (error: Error | undefined) => this.#ended(error),
    };
  }

  #writer() {
    const endpoint = {
      write: (...write: Parameters<Endpoint['write']>) => {
        this.#silence.touch();
        this.#endpoint.write(...write);
      },
      end: (done: Parameters<Endpoint['end']>[0]) => this.#endpoint.end(done),
    };
    return {
      endpoint,
      drained: () => this.#call('drain'),
      ended: () => {
        this.#hasWritten = true;
        if (this.#hasRead) this.#finish(undefined);
      },
      failed: (error: Error) => this.#finish(error),
    };
  }

  /** The peer's side has ended, and all of it was read. */
  #ended(error: Error | undefined): void {
    if (error !== undefined) {
      this.#finish(error);
      return;
    }
    this.#hasRead = true;
    this.#call('end');
    if (this.#hasWritten) this.#finish(undefined);
    else if (!this.#allowHalfOpen) this.end();
  }

  #finish(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = error;
    this.#silence.set(0);
    this.#endpoint.destroyed(error);
    const why = () => error ?? over();
    this.#incoming.cut(why);
    this.#outgoing.cut(why);
    this.#tellClosed();
    if (!this.#isOpen) {
      this.#call('connectError', why());
      return;
    }
    if (error !== undefined) this.#call('error', error);
    if (error === undefined) this.#call('close');
    else this.#call('close', error);
  }

  #call(name: Exclude<keyof TlsSocketHandler, 'binaryType'>, ...rest: unknown[]): void {
    const handler = this.#handler;
    try {
      (handler[name] as ((socket: this, ...rest: unknown[]) => unknown) | undefined)?.call(
        handler,
        this,
        ...rest,
      );
    } catch (error) {
      if (name === 'error' || handler.error === undefined)
        queueMicrotask(() => {
          throw error;
        });
      else this.#call('error', error);
    }
  }
}

function checkedHandler<Data>(
  handler: TlsSocketHandler<Data, BinaryType>,
): TlsSocketHandler<Data, BinaryType> {
  refuseUnknownOptions('socket', handler, handlerNames);
  const { binaryType = 'buffer' } = handler;
  if (!['buffer', 'uint8array', 'arraybuffer'].includes(binaryType))
    throw new ApiMisuseError(
      `binaryType must be buffer, uint8array or arraybuffer, got ${String(binaryType)}`,
    );
  return handler;
}

function partOf(bytes: Writable, byteOffset: number, byteLength: number): Uint8Array {
  if (typeof bytes === 'string') return asBytes(bytes);
  if (!(byteOffset >= 0 && byteLength >= 0))
    throw new ApiMisuseError(
      `expected byteOffset and byteLength from 0, got ${byteOffset} and ${byteLength}`,
    );
  return asBytes(bytes).subarray(byteOffset, byteOffset + byteLength);
}

function asBytes(bytes: Writable): Uint8Array {
  if (typeof bytes === 'string') return new TextEncoder().encode(bytes);
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw new ApiMisuseError(`expected bytes or a string, got ${typeof bytes}`);
}

function over(): TransportError {
  return new TransportError('transport.destroyed', 'the connection is over');
}
