import { AsyncResource } from 'node:async_hooks';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { NativeStream } from './native-stream.ts';

/** What `net.Socket` asks of its handle beside reading and writing: answered by the socket below, if it is one. */
interface Below extends Duplex {
  readonly remoteAddress?: string;
  readonly remoteFamily?: string;
  readonly remotePort?: number;
  readonly localAddress?: string;
  readonly localFamily?: string;
  readonly localPort?: number;
}

/**
 * What a `net.Socket` has as its `_handle`, so that its own methods work on a TLS connection: it reads as the socket's buffer
 * has room, and answers for addresses and socket options with those of the carrier. Numbers that a method returns are error codes; 0
 * is none.
 */
export abstract class StreamHandle extends NativeStream {
  /** `net.Socket` keeps in it whether it has asked for data. */
  reading = false;
  /** Bytes of application data. */
  bytesRead = 0;
  bytesWritten = 0;
  /** Bytes that were written and are not on their way yet. */
  writeQueueSize = 0;
  /** Of a server: handshakes within the window of renegotiations. */
  handshakes = 0;
  lastHandshakeTime = 0;
  readonly carrier: Duplex;
  readonly #resource = new AsyncResource('TLSWRAP', { requireManualDestroy: true });
  readonly #setReading: (isReading: boolean) => void;
  #userBuffer: Uint8Array | undefined;
  #isClosed = false;

  constructor(carrier: Duplex, isNative: boolean, setReading: (isReading: boolean) => void) {
    super(isNative);
    this.carrier = carrier;
    this.#setReading = setReading;
  }

  protected override get isClosed(): boolean {
    return this.#isClosed || this.carrier.destroyed;
  }

  get fd(): number {
    return fdOf(this.carrier) ?? -1;
  }

  getAsyncId(): number {
    return this.#resource.asyncId();
  }

  /** Runs what the peer or the carrier has brought about, as of the connection's own asynchronous context. */
  run(action: () => void): void {
    if (this.#isClosed) action();
    else this.#resource.runInAsyncScope(action);
  }

  readStart(): number {
    this.#setReading(true);
    return 0;
  }

  readStop(): number {
    this.#setReading(false);
    return 0;
  }

  useUserBuffer(buffer: Uint8Array): void {
    this.#userBuffer = buffer;
  }

  get userBuffer(): Uint8Array | undefined {
    return this.#userBuffer;
  }

  /** Calls back when the carrier is closed. */
  close(done?: () => void): void {
    const { carrier } = this;
    const closed = (): void => {
      if (!this.#isClosed) this.#resource.emitDestroy();
      this.#isClosed = true;
      done?.();
    };
    // An error is told before, which is on its way already.
    const later = (): void => void setImmediate(closed);
    if (carrier.closed) {
      later();
      return;
    }
    carrier.once('close', later);
    carrier.destroy();
  }

  ref(): void {
    if (this.carrier instanceof Socket) this.carrier.ref();
  }

  unref(): void {
    if (this.carrier instanceof Socket) this.carrier.unref();
  }

  setNoDelay(isOn: boolean): number {
    if (this.carrier instanceof Socket) this.carrier.setNoDelay(isOn);
    return 0;
  }

  setKeepAlive(isOn: boolean, delaySeconds: number): number {
    if (this.carrier instanceof Socket) this.carrier.setKeepAlive(isOn, delaySeconds * 1000);
    return 0;
  }

  getpeername(out: object): number {
    const { remoteAddress, remoteFamily, remotePort } = this.carrier as Below;
    if (remoteAddress !== undefined)
      Object.assign(out, { address: remoteAddress, family: remoteFamily, port: remotePort });
    return 0;
  }

  getsockname(out: object): number {
    const { localAddress, localFamily, localPort } = this.carrier as Below;
    if (localAddress !== undefined)
      Object.assign(out, { address: localAddress, family: localFamily, port: localPort });
    return 0;
  }
}

function fdOf(carrier: Duplex): number | undefined {
  return (carrier as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd;
}
