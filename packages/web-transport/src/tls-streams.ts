import {
  ApiMisuseError,
  type ChannelBindingType,
  type ClientAuthOptions,
  type Facts,
  wordsOf,
} from '@sealwire/core';
import { Endpoint, type RenegotiationChange, type TransportError } from '@sealwire/transport';
import { ReadingHalf } from './reading-half.ts';
import type { SecureStreams, TlsSettings } from './settings.ts';
import { type ByteStreams, StreamCarrier } from './stream-carrier.ts';
import { writingStream } from './writing-stream.ts';

/**
 * One TLS connection over two streams, as two streams of application data.
 *
 * `readable` ends when the peer has closed its side; closing `writable` closes ours, and reading goes on. Both directions have
 * back-pressure: a reader that stops makes the peer stop, and what is written waits until the streams below have taken it.
 *
 * Nobody needs to look at `opened` or `closed`: what a peer does is never an unhandled rejection.
 */
export class TlsStreams implements SecureStreams {
  /** What the peer sends. Bytes come only after the handshake; cancelled, what still comes is thrown away. */
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * What is sent to the peer. A write resolves when the streams below have taken it, and waits for the handshake; of small ones that wait
   * for one before them, which leave together, each but the last resolves when it has been copied. `close` sends
   * close_notify; `abort` gives the connection up, because an orderly end would say that all was sent.
   */
  readonly writable: WritableStream<Uint8Array | ArrayBuffer | ArrayBufferView>;
  /** Settled when the handshake is complete, and the peer is who it should be, or has failed. */
  readonly opened: Promise<Facts>;
  /** Resolves when both sides have ended in order; rejects with the error that ended the connection otherwise. */
  readonly closed: Promise<void>;
  readonly #endpoint: Endpoint<SecureStreams>;
  readonly #carrier: StreamCarrier;
  readonly #reading: ReadingHalf;
  readonly #failWriting: (error: Error) => void;
  #settle!: { resolve(): void; reject(error: Error): void };
  /** `closing`: close_notify is under way. */
  #writing: 'open' | 'closing' | 'closed' = 'open';
  #peerHasEnded = false;
  #isCancelled = false;
  #isOver = false;
  #patience: ReturnType<typeof setTimeout> | undefined;

  /**
   * Begins the handshake. The streams belong to the connection from now on, also when the handshake fails. `alreadyRead`: the first
   * bytes of the peer's, where the program has taken them from the stream already.
   */
  constructor(streams: ByteStreams, settings: TlsSettings, alreadyRead?: Uint8Array) {
    const carrier = new StreamCarrier(streams, this.#heard(), alreadyRead);
    const reading = new ReadingHalf({
      wanted: () => this.#endpoint.resume(),
      cancelled: () => this.#cancelled(),
    });
    const writing = writingStream({
      write: (pieces) => this.#done((done) => this.#endpoint.write(pieces, done)),
      close: () => this.#close(),
      abort: (reason) => this.abort(reason),
      misused: (error) => this.abort(error),
    });
    this.#carrier = carrier;
    this.#reading = reading;
    this.#failWriting = writing.fail;
    this.readable = reading.stream;
    this.writable = writing.stream;
    this.closed = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.closed.catch(() => {});
    const application = {
      secure: () => {},
      data: (bytes: Uint8Array) => reading.data(bytes),
      ended: (error?: TransportError) => this.#peerEnded(error),
      failed: (error: Error) => this.#fail(error),
    };
    this.#endpoint = new Endpoint<SecureStreams>({ settings, owner: this, carrier, application });
    this.opened = this.#endpoint.handshake;
    carrier.listen();
  }

  /** What is known about the connection so far; a frozen snapshot. Stays after the end. */
  get facts(): Facts {
    return this.#endpoint.facts;
  }

  /**
   * Keying material bound to this connection (RFC 9846 §7.5, RFC 5705); no `context` is before TLS 1.3 not the same as no bytes.
   * `ApiMisuseError` before the handshake is complete, after a failure, and without the extended main secret (RFC 7627 §5.4).
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#endpoint.exportKeyingMaterial(label, context, length);
  }

  /**
   * What binds a protocol above to this connection (RFC 9266 §2, or before TLS 1.3 RFC 5929 §3) or to the server's certificate
   * (RFC 5929 §4). `ApiMisuseError` before the handshake is complete, after a failure, where there is no `tls-unique`, and where
   * the server presented no certificate or one whose signature names no hash function.
   */
  channelBinding(type: ChannelBindingType | 'tls-server-end-point'): Uint8Array {
    return this.#endpoint.channelBinding(type);
  }

  /**
   * Client: how many bytes of `sendEarlyData` the server has taken; 0 when it took none or none could be sent. Final
   * once the handshake is complete: send the rest then, if it is safe to.
   */
  get earlyDataTaken(): number {
    return this.#endpoint.earlyDataTaken;
  }

  /** Server: how many of the first bytes read came as 0-RTT data. */
  get earlyDataReceived(): number {
    return this.#endpoint.earlyDataReceived;
  }

  /**
   * Changes our sending keys, and with `requestPeer` asks the peer to change its own (RFC 9846 §4.7.3). False, and
   * nothing sent, unless connected and before our end, and always before TLS 1.3.
   */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    return this.#endpoint.updateKeys(options);
  }

  /**
   * Server: asks the client for a certificate after the handshake (RFC 9846 §4.7.2). Resolves when the client has
   * answered: whether it has authenticated. Rejects with `transport.clientAuthUnavailable` where it cannot be asked, and with
   * the error that ends the connection before an answer.
   */
  requestClientAuth(options: ClientAuthOptions = {}): Promise<boolean> {
    return this.#endpoint.requestClientAuth(options);
  }

  /**
   * TLS 1.2 and older: another handshake on this connection (RFC 5746), within `handshakeTimeoutMs`. Resolves to true when it
   * is done, to false if the peer refuses; what is written meanwhile waits. Rejects with
   * `transport.renegotiationUnavailable` where there can be none, and with the error that ends the connection.
   */
  renegotiate(change: RenegotiationChange = {}): Promise<boolean> {
    return this.#endpoint.renegotiate(change);
  }

  /**
   * Ends the connection in order: what was written leaves, then our close_notify; resolves when the connection is over, however
   * it ended, which `closed` tells. What arrives meanwhile goes to a reader, if there is one. After `timeoutMs` (default 5,000) the
   * connection is cut. Rejects with `ApiMisuseError` where somebody else holds `writable`, who alone can close it.
   */
  async close({ timeoutMs = closeTimeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (!this.#isOver) {
      if (this.#writing === 'open') {
        if (this.writable.locked)
          throw new ApiMisuseError('close: writable is locked; expected its writer to close it');
        this.writable.close().catch(() => {});
      }
      if (!this.readable.locked) this.readable.cancel().catch(() => {});
      this.#cutAfter(timeoutMs);
    }
    await this.closed.catch(() => {});
  }

  /**
   * Gives the connection up, after telling the peer by an alert. `closed`, and `opened` if it is open, reject with the reason, and so
   * does what is written and read.
   */
  abort(reason?: unknown): void {
    if (this.#isOver) return;
    const error = asError(reason);
    this.#reading.failed(error);
    this.#endpoint.abort(error);
  }

  #close(): Promise<void> {
    this.#writing = 'closing';
    const hasLeft = this.#carrier.mark();
    // A peer that has ended in order and is gone waits for no end of ours: if all before it has left, nothing is lost.
    const needsNone = () => this.#peerHasEnded && hasLeft() && !this.#isOver;
    return this.#done((done) => this.#endpoint.end((error) => done(needsNone() ? null : error))).then(() => {
      this.#writing = 'closed';
      // Who has ended both directions does not wait for ever.
      if (this.#isCancelled) this.#cutAfter(closeTimeoutMs);
      this.#endIfBoth();
    });
  }

  #cancelled(): void {
    this.#isCancelled = true;
    if (this.#writing === 'closed') this.#cutAfter(closeTimeoutMs);
    this.#endpoint.resume();
  }

  #peerEnded(error: TransportError | undefined): void {
    if (error !== undefined) {
      this.#fail(error);
      return;
    }
    this.#peerHasEnded = true;
    this.#reading.ended();
    this.#endIfBoth();
  }

  #endIfBoth(): void {
    if (this.#peerHasEnded && this.#writing === 'closed') this.#end();
  }

  #fail(error: Error): void {
    this.#end(error);
  }

  /** The one end of a connection. What came before it can still be read. */
  #end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#patience);
    this.#endpoint.destroyed(error, () => {
      if (error === undefined) {
        this.#settle.resolve();
        return;
      }
      this.#reading.ended(error);
      this.#failWriting(error);
      this.#settle.reject(error);
    });
  }

  #cutAfter(timeoutMs: number): void {
    if (this.#isOver || this.#patience !== undefined) return;
    const late = () => new Error(`the peer did not end its side within ${timeoutMs} ms`);
    this.#patience = setTimeout(() => this.#end(late()), timeoutMs);
  }

  /** A step of writing as a promise. That it fails ends the connection. */
  #done(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) =>
      begin((error) => {
        if (error == null) {
          resolve();
          return;
        }
        reject(error);
        this.#fail(error);
      }),
    );
  }

  #heard() {
    return {
      start: () => this.#endpoint.started(),
      data: (chunk: Uint8Array) => this.#endpoint.received(chunk),
      drain: () => this.#endpoint.drained(),
      end: () => this.#endpoint.ended(),
      error: (error: unknown) => this.#endpoint.broken(error),
    };
  }
}

function asError(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  const said = reason === undefined ? '' : `: ${wordsOf(reason)}`;
  return new Error(`the connection was given up${said}`, { cause: reason });
}

const closeTimeoutMs = 5_000;
