import type { ChannelBindingType, ClientAuthOptions, Facts } from '@sealwire/core';
import { type Callback, Endpoint, type RenegotiationChange, TransportError } from '@sealwire/transport';
import { Duplex } from 'node:stream';
import type { Heard } from './below.ts';
import { DuplexCarrier } from './carrier.ts';
import { Diagnostics } from './diagnostics.ts';
import { endInOrder, ignoreErrors } from './farewell.ts';
import { highWaterMarkBytes, ReadingHalf, untilEnd } from './reading-half.ts';
import type { TlsSettings } from './settings.ts';

/**
 * One TLS connection over a duplex stream, as a duplex stream of application data.
 *
 * Reading ends when the peer has closed its side; `end()` closes ours, and reading goes on. Both directions have
 * back-pressure: a reader that stops makes the peer stop, and `write` returns false until `drain`.
 *
 * A failure ends reading with the error and fails what is being written. Nobody needs to listen to `error`: what a peer
 * does never ends the process.
 *
 * Events beside those of a Duplex: `secure` (facts), when a handshake is complete.
 */
export class TlsStream extends Duplex {
  /** Settled when the handshake is complete or has failed. Need not be looked at. */
  readonly handshake: Promise<Facts>;
  /** The stream below, for its addresses and socket options. Reading or writing it breaks the connection. */
  readonly transport: Duplex;
  readonly #endpoint: Endpoint<Duplex>;
  readonly #reading: ReadingHalf;
  readonly #diagnostics: Diagnostics;

  /** Begins the handshake, at once or when the socket below is connected. `initial`: bytes that were read from it already. */
  constructor(transport: Duplex, settings: TlsSettings, initial?: Uint8Array) {
    super({ highWaterMark: highWaterMarkBytes });
    this.transport = transport;
    for (const stream of [this, transport]) ignoreErrors(stream);
    const reading = new ReadingHalf(this);
    const carrier = new DuplexCarrier(transport, this.#heard(initial));
    const diagnostics = new Diagnostics(settings.config.role, this);
    const application = {
      secure: (facts: Facts) => {
        diagnostics.connected(facts);
        this.emit('secure', facts);
      },
      data: (bytes: Uint8Array) => reading.data(bytes),
      ended: (error?: TransportError) => reading.ended(error),
      failed: (error: Error) => void this.destroy(error),
    };
    const timing = { later: process.nextTick, afterTurn: setImmediate };
    this.#reading = reading;
    this.#diagnostics = diagnostics;
    this.#endpoint = new Endpoint<Duplex>({ settings, owner: this, carrier, application, ...timing });
    this.handshake = this.#endpoint.handshake;
    diagnostics.start(settings.config);
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
   * What binds a protocol above to this connection (RFC 9266 §2, or before TLS 1.3 RFC 5929 §3) or to the server's certificate
   * (RFC 5929 §4), as SCRAM and GSS-API ask for it. `ApiMisuseError` before the handshake is complete, after a failure, where
   * there is no `tls-unique`, and where the server presented no certificate or one whose signature names no hash function.
   */
  channelBinding(type: ChannelBindingType | 'tls-server-end-point'): Uint8Array {
    return this.#endpoint.channelBinding(type);
  }

  /**
   * Changes our sending keys, and with `requestPeer` asks the peer to change its own (RFC 9846 §4.7.3). False, and
   * nothing sent, unless connected and before `end`, and always before TLS 1.3.
   */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    return this.#endpoint.updateKeys(options);
  }

  /**
   * Server: asks the client for a certificate after the handshake (RFC 9846 §4.7.2). Resolves when the client has
   * answered: true if it has authenticated (`facts.peerEvidence` and `facts.peerVerdict` say as whom), false if it
   * declines, which with `require` ends the connection. Rejects with `transport.clientAuthUnavailable` where it cannot
   * be asked, as before TLS 1.3, and with the error that ends the connection before an answer.
   */
  requestClientAuth(options: ClientAuthOptions = {}): Promise<boolean> {
    return this.#endpoint.requestClientAuth(options);
  }

  /**
   * TLS 1.2 and older: another handshake on this connection (RFC 5746), within `handshakeTimeoutMs`. Resolves to true when it
   * is done (`facts` are those of the new one, and `secure` is emitted again), to false if the peer refuses; what is written
   * meanwhile waits. Rejects with `transport.renegotiationUnavailable` where there can be none, and with the error that
   * ends the connection.
   */
  renegotiate(change: RenegotiationChange = {}): Promise<boolean> {
    return this.#endpoint.renegotiate(change);
  }

  /** Writes, and resolves when there is room for more: `write` for programs that await. Rejects with the error. */
  send(data: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) =>
      this.write(data, (error) => (error == null ? resolve() : reject(error))),
    );
  }

  /**
   * Ends the connection in order: what was written leaves, then our close_notify; resolves when the peer has ended
   * its side too and the stream is closed. What arrives meanwhile goes to a reader, if there is one. After
   * `timeoutMs` (default 5,000) the connection is cut. Never rejects: reading and writing tell what went wrong.
   */
  async close({ timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (!this.closed) await endInOrder(this, timeoutMs);
  }

  /** Gives the connection up with this error, after telling the peer by an alert. */
  abort(error: Error): void {
    this.#endpoint.abort(error);
  }

  /**
   * Data until the peer ends its side. Writing goes on after that: a Duplex's own loop would destroy the stream at
   * its end. A loop that is left early does destroy it, as in Node.
   */
  override [Symbol.asyncIterator](): AsyncGenerator<Buffer, undefined, undefined> {
    return untilEnd(this);
  }

  override _read(): void {
    if (this.#reading.asked()) this.#endpoint.resume();
  }

  /** Also serves single chunks: a Duplex without `_write` passes them here. */
  override _writev(chunks: { chunk: Uint8Array }[], callback: Callback): void {
    this.#endpoint.write(
      chunks.map(({ chunk }) => chunk),
      callback,
    );
  }

  override _final(callback: Callback): void {
    this.#endpoint.end(callback);
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#endpoint.destroyed(error ?? undefined, () => callback(error));
    this.#diagnostics.ended(error, this.facts.handshakes > 0);
  }

  /** Functions of their own: the stream below is told to forget them again. */
  #heard(initial: Uint8Array | undefined): Heard {
    return {
      start: () => {
        this.#endpoint.started();
        if (initial !== undefined) this.#endpoint.received(initial);
      },
      data: (chunk) => this.#endpoint.received(chunk),
      drain: () => this.#endpoint.drained(),
      end: () => this.#endpoint.ended(),
      error: (error) => this.#endpoint.broken(error),
      close: () =>
        this.#endpoint.broken(
          new TransportError('transport.broken', 'the transport was closed under the connection'),
        ),
    };
  }
}
