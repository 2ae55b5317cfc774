import {
  type ChannelBindingType,
  type ClientAuthOptions,
  type Connection,
  createClient,
  createServer,
  type Decision,
  type Facts,
  type Output,
} from '@sealwire/core';
import { Duplex } from 'node:stream';
import { Below, type Heard } from './below.ts';
import { ClientAuthRequests, requireTrust } from './client-auth-requests.ts';
import { Questions } from './decide.ts';
import { endPointBinding } from './channel-binding.ts';
import { EarlyData } from './early-data.ts';
import { asTransportError, TransportError, type TransportErrorCode } from './errors.ts';
import { endInOrder, ignoreErrors, sayFarewell } from './farewell.ts';
import { gathered } from './gathered.ts';
import { HandshakeTimer } from './handshake-timer.ts';
import { highWaterMarkBytes, ReadingHalf, untilEnd } from './reading-half.ts';
import { changedConfig, Renegotiation, type RenegotiationChange } from './renegotiation.ts';
import { tell, type TlsSettings } from './settings.ts';
import { WritingHalf, type Callback } from './writing-half.ts';

/**
 * One TLS connection over a duplex stream, as a duplex stream of application data. Bytes and questions go between
 * a `Connection` of the core and the stream below; no rule of the protocol is known here.
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
  readonly #below: Below;
  readonly #connection: Connection;
  readonly #settings: TlsSettings;
  readonly #questions: Questions;
  readonly #clientAuth = new ClientAuthRequests();
  readonly #renegotiation = new Renegotiation();
  readonly #timer: HandshakeTimer;
  #settle!: { resolve(facts: Facts): void; reject(error: Error): void };
  #phase: 'connecting' | 'handshake' | 'connected' | 'done' = 'connecting';
  #isPumping = false;
  /** Something happened while outputs were being delivered: a transport may bring the peer's answer within a write. */
  #hasNews = false;
  readonly #reading: ReadingHalf;
  readonly #writing: WritingHalf;
  readonly #early: EarlyData;
  /** Why we gave the connection up ourselves. */
  #reason: Error | undefined;
  #failure: Error | undefined;

  /** Begins the handshake, at once or when the socket below is connected. */
  constructor(transport: Duplex, settings: TlsSettings) {
    super({ highWaterMark: highWaterMarkBytes });
    this.transport = transport;
    this.#settings = settings;
    this.#questions = new Questions(settings.decide);
    const { config } = settings;
    this.#connection = config.role === 'client' ? createClient(config) : createServer(config);
    this.#reading = new ReadingHalf(this, settings.truncation);
    this.#writing = new WritingHalf(transport, this.#connection);
    this.#early = new EarlyData(settings.earlyData);
    this.handshake = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.handshake.catch(() => {});
    for (const stream of [this, transport]) ignoreErrors(stream);
    this.#timer = new HandshakeTimer(settings.handshakeTimeoutMs, (error) => this.abort(error));
    this.#timer.start();
    this.#below = new Below(transport, this.#heard());
    this.#below.listen();
  }

  /** What is known about the connection so far; a frozen snapshot. Stays after the end. */
  get facts(): Facts {
    return this.#connection.facts;
  }

  /**
   * Keying material bound to this connection (RFC 9846 §7.5, RFC 5705); no `context` is before TLS 1.3 not the same as no bytes.
   * `ApiMisuseError` before the handshake is complete, after a failure, and without the extended main secret (RFC 7627 §5.4).
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#connection.exportKeyingMaterial(label, context, length);
  }

  /**
   * Client: how many bytes of `sendEarlyData` the server has taken; 0 when it took none or none could be sent. Final
   * once the handshake is complete: send the rest then, if it is safe to.
   */
  get earlyDataTaken(): number {
    return this.#early.taken;
  }

  /** Server: how many of the first bytes read came as 0-RTT data. */
  get earlyDataReceived(): number {
    return this.#early.received;
  }

  /**
   * What binds a protocol above to this connection (RFC 9266 §2, or before TLS 1.3 RFC 5929 §3) or to the server's certificate
   * (RFC 5929 §4), as SCRAM and GSS-API ask for it. `ApiMisuseError` before the handshake is complete, after a failure, where
   * there is no `tls-unique`, and where the server presented no certificate or one whose signature names no hash function.
   */
  channelBinding(type: ChannelBindingType | 'tls-server-end-point'): Uint8Array {
    if (type !== 'tls-server-end-point') return this.#connection.channelBinding(type);
    return endPointBinding(this.facts, this.#settings.config);
  }

  /**
   * Changes our sending keys, and with `requestPeer` asks the peer to change its own (RFC 9846 §4.7.3). False, and
   * nothing sent, unless connected and before `end`, and always before TLS 1.3.
   */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    const obeyed = this.#connection.updateKeys(options);
    this.#pump();
    return obeyed;
  }

  /**
   * Server: asks the client for a certificate after the handshake (RFC 9846 §4.7.2). Resolves when the client has
   * answered: true if it has authenticated (`facts.peerEvidence` and `facts.peerVerdict` say as whom), false if it
   * declines, which with `require` ends the connection. Rejects with `transport.clientAuthUnavailable` where it cannot
   * be asked, as before TLS 1.3, and with the error that ends the connection before an answer.
   */
  requestClientAuth(options: ClientAuthOptions = {}): Promise<boolean> {
    requireTrust(this.#settings.config, 'requestClientAuth');
    const id = this.#connection.requestClientAuth(options, Date.now());
    const answer = this.#clientAuth.begun(id);
    this.#pump();
    return answer;
  }

  /**
   * TLS 1.2 and older: another handshake on this connection (RFC 5746), within `handshakeTimeoutMs`. Resolves to true when it
   * is done (`facts` are those of the new one, and `secure` is emitted again), to false if the peer refuses; what is written
   * meanwhile waits. Rejects with `transport.renegotiationUnavailable` where there can be none, and with the error that
   * ends the connection.
   */
  renegotiate(change: RenegotiationChange = {}): Promise<boolean> {
    const config = changedConfig(this.#settings.config, change);
    const obeyed = this.#connection.renegotiate(config, Date.now());
    const ended = this.#renegotiation.begun(obeyed);
    if (obeyed) this.#timer.start();
    this.#pump();
    return ended;
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
    if (this.#phase === 'done' || this.destroyed) return;
    this.#reason = error;
    this.#connection.abort(error.message);
    this.#pump();
  }

  /**
   * Data until the peer ends its side. Writing goes on after that: a Duplex's own loop would destroy the stream at
   * its end. A loop that is left early does destroy it, as in Node.
   */
  override [Symbol.asyncIterator](): AsyncGenerator<Buffer, undefined, undefined> {
    return untilEnd(this);
  }

  override _read(): void {
    if (this.#reading.asked()) this.#steer();
  }

  /** Also serves single chunks: a Duplex without `_write` passes them here. */
  override _writev(chunks: { chunk: Uint8Array }[], callback: Callback): void {
    this.#writing.write(chunks, callback);
    this.#pump();
  }

  override _final(callback: Callback): void {
    this.#writing.end(callback);
    this.#pump();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#timer.stop();
    this.#questions.withdrawAll(error ?? undefined);
    let made = error;
    const reason = () => (made ??= new TransportError('transport.destroyed', 'the connection was destroyed'));
    if (this.facts.handshakes === 0) this.#settle.reject(reason());
    this.#clientAuth.rejectAll(reason);
    this.#renegotiation.failed(reason);
    const isOver = this.#phase === 'done';
    this.#phase = 'done';
    this.#below.letGo();
    if (isOver) sayFarewell(this.transport);
    else {
      this.#connection.abort();
      this.transport.destroy();
    }
    callback(error);
    if (this.#writing.isBusy) this.#writing.fail(reason());
  }

  /** Functions of their own: the stream below is told to forget them again. */
  #heard(): Heard {
    return {
      start: () => {
        this.#phase = 'handshake';
        this.#connection.start(Date.now());
        this.#pump();
      },
      data: (chunk) => {
        this.#connection.receive(chunk, Date.now());
        this.#pump();
      },
      drain: () => this.#pump(),
      end: () => {
        this.#connection.receiveEnd(Date.now());
        this.#pump();
      },
      error: (error) => this.#transportFailed(asTransportError(error, this.#phase === 'connecting')),
      close: () =>
        this.#transportFailed(
          new TransportError('transport.broken', 'the transport was closed under the connection'),
        ),
    };
  }

  /** When all of the peer's data has arrived, only writing can fail. */
  #transportFailed(error: TransportError): void {
    if (!this.#reading.peerHasEnded) {
      this.destroy(error);
      return;
    }
    this.#writing.brokenBy(error);
    this.#pump();
  }

  /** Carries out what the connection says, then goes on with what waits to be written, until neither has more. */
  #pump(): void {
    // What a listener does while outputs are being delivered is carried out after them, by the loop below.
    this.#hasNews = true;
    if (this.#isPumping || this.destroyed) return;
    this.#isPumping = true;
    try {
      do {
        this.#hasNews = false;
        this.#deliverOutputs();
      } while (this.#sendMore() || this.#hasNews);
    } finally {
      this.#isPumping = false;
    }
    if (this.#failure !== undefined) this.destroy(this.#failure);
    else this.#steer();
  }

  /** All transmits of one round leave in one write of the transport. */
  #deliverOutputs(): void {
    this.transport.cork();
    try {
      for (let output: Output | undefined; (output = this.#connection.poll()) !== undefined; ) {
        this.#deliver(output);
      }
    } finally {
      this.transport.uncork();
    }
  }

  #deliver(output: Output): void {
    switch (output.type) {
      case 'transmit':
        if (this.transport.writable) for (const piece of gathered(output.pieces)) this.transport.write(piece);
        break;
      case 'data':
        if (output.early) this.#early.came(output.bytes.length);
        this.#reading.data(output.bytes);
        break;
      case 'writable':
        // What the program writes must not become 0-RTT data without its having said so.
        if (output.as === 'early') this.#early.send(this.#connection);
        else this.#writable();
        break;
      case 'earlyDataRejected':
        this.#early.rejected();
        break;
      case 'decision':
        void this.#ask(output.decision);
        break;
      case 'decisionCancelled':
        this.#questions.withdraw(output.decision);
        break;
      case 'connected':
        this.#connected();
        break;
      case 'renegotiating':
        this.#writing.isOpen = false;
        this.#timer.start();
        break;
      case 'renegotiationRefused':
        this.#timer.stop();
        this.#renegotiation.ended(false);
        break;
      case 'clientAuthentication':
        this.#clientAuth.answered(output.id, output.isAuthenticated);
        break;
      case 'peerClosed':
        this.#peerEnded(output.how);
        break;
      case 'closed':
      case 'failed':
        this.#finished(output);
        break;
      case 'session':
      case 'sessionInvalid':
      case 'trace':
      case 'keylog':
        tell(this.#settings, output, this);
        break;
      case 'fact':
        break;
    }
  }

  async #ask(decision: Decision): Promise<void> {
    await this.#questions.ask(decision, (reply) => this.#connection.answer(decision, reply, Date.now()));
    this.#pump();
  }

  #connected(): void {
    this.#timer.stop();
    this.#phase = 'connected';
    this.#settle.resolve(this.facts);
    this.#renegotiation.ended(true);
    this.emit('secure', this.facts);
  }

  #writable(): void {
    this.#writing.isOpen = true;
    // Also where a renegotiation of the peer's was refused.
    if (this.#phase === 'connected') this.#timer.stop();
  }

  #peerEnded(how: 'closeNotify' | 'truncated'): void {
    this.#clientAuth.peerClosed();
    this.#reading.peerEnded(how);
  }

  #finished(output: Extract<Output, { type: 'closed' | 'failed' }>): void {
    this.#phase = 'done';
    this.#writing.isOpen = false;
    if (output.type === 'failed') this.#failure = this.#reason ?? output.error;
    else {
      this.#below.letGo();
      sayFarewell(this.transport);
    }
    const reason = 'the connection is closed';
    const why = (code: TransportErrorCode) => () => this.#failure ?? new TransportError(code, reason);
    this.#clientAuth.rejectAll(why('transport.clientAuthUnavailable'));
    this.#renegotiation.failed(why('transport.renegotiationUnavailable'));
  }

  /** True when outputs may have come of what was written. */
  #sendMore(): boolean {
    const step = this.#writing.next(this.#phase !== 'connecting' && this.#phase !== 'handshake');
    if (step === 'close') {
      this.#connection.close();
      this.#deliverOutputs();
      this.#writing.endTransport();
    }
    return step === 'sent';
  }

  /** Reads from the transport while the connection and the reader want more. */
  #steer(): void {
    if (this.#phase === 'done' || this.#phase === 'connecting' || this.destroyed) return;
    this.#reading.steer(this.transport, this.#connection.wantsInput);
  }
}
