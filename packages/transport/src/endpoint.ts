import type {
  ChannelBindingType,
  ClientAuthOptions,
  Connection,
  Decision,
  Facts,
  Output,
} from '@sealwire/core';
import type { Application, Carrier, EndpointParts } from './carrier.ts';
import { endPointBinding } from './channel-binding.ts';
import { requireTrust } from './client-auth-requests.ts';
import { Questions } from './decide.ts';
import { EarlyData } from './early-data.ts';
import type { Clock } from './clock.ts';
import { asTransportError, TransportError, truncated } from './errors.ts';
import { HandshakeTimer } from './handshake-timer.ts';
import { IdleTimer } from './idle-timer.ts';
import { LaterHandshakes } from './later-handshakes.ts';
import { OutgoingBytes } from './outgoing-bytes.ts';
import { changedConfig, type RenegotiationChange } from './renegotiation.ts';
import type { TlsSettings } from './options.ts';
import { tell } from './settings.ts';
import { told } from './told.ts';
import { UnreadAnswers } from './unread-answers.ts';
import { type Callback, WritingHalf } from './writing-half.ts';

/**
 * One TLS connection, for a transport: bytes and questions go between a `Connection` of the core, what carries its bytes, and the
 * program. No rule of the protocol is known here, and no function of any runtime but `AbortController` and those of a `Clock`.
 *
 * Both directions have back-pressure: a program that wants no more makes the peer stop, and what the program writes is
 * sealed as the carrier takes it.
 */
export class Endpoint<C = unknown> {
  /** Settled when the handshake is complete or has failed. Need not be looked at. */
  readonly handshake: Promise<Facts>;
  readonly #connection: Connection;
  readonly #settings: TlsSettings<C>;
  readonly #clock: Clock;
  readonly #owner: C;
  readonly #carrier: Carrier;
  readonly #application: Application;
  readonly #questions: Questions;
  readonly #later = new LaterHandshakes();
  readonly #timer: HandshakeTimer;
  readonly #idle: IdleTimer;
  readonly #writing: WritingHalf;
  readonly #outgoing: OutgoingBytes;
  readonly #early: EarlyData;
  #settle!: { resolve(facts: Facts): void; reject(error: Error): void };
  #phase: 'connecting' | 'handshake' | 'connected' | 'done' = 'connecting';
  #isDestroyed = false;
  /** Which is later than in `facts`: the program is told of what came before. */
  #hasConnected = false;
  #isPumping = false;
  /** Something happened while outputs were being delivered: a carrier may bring the peer's answer within a write. */
  #hasNews = false;
  readonly #answers = new UnreadAnswers();
  /** The program wants no more until it asks. */
  #isFull = false;
  #peerHasEnded = false;
  /** Why we gave the connection up ourselves. */
  #reason: Error | undefined;
  #failure: Error | undefined;

  /** The time for the handshake begins at once, the handshake with `started`. */
  constructor({ settings, owner, carrier, application, later, afterTurn }: EndpointParts<C>) {
    this.#settings = settings;
    this.#clock = settings.clock;
    this.#owner = owner;
    this.#carrier = carrier;
    this.#application = application;
    this.#questions = new Questions(settings.decide);
    this.#connection = settings.begin();
    this.#writing = new WritingHalf(carrier, this.#connection, later);
    this.#outgoing = new OutgoingBytes((pieces) => {
      this.#answers.leave(pieces, carrier);
      carrier.write(pieces);
    }, afterTurn);
    this.#early = new EarlyData(settings.earlyData);
    this.handshake = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.handshake.catch(() => {});
    this.#timer = new HandshakeTimer(settings.clock, settings.handshakeTimeoutMs, (error) =>
      this.abort(error),
    );
    this.#timer.start();
    this.#idle = new IdleTimer(settings.clock, settings.idleTimeoutMs, (error) => this.abort(error));
  }

  // What the carrier tells.

  /** Bytes can go in both directions. */
  started(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'handshake';
    this.#connection.start(this.#clock.now());
    this.#pump();
  }

  /** Bytes of the peer. Nothing of the chunk is needed after the call, and what the program gets of it is its own. */
  received(chunk: Uint8Array): void {
    if (this.#isDestroyed) return;
    this.#connection.receive(chunk, this.#clock.now());
    this.#pump();
  }

  /** There is room again. */
  drained(): void {
    this.#pump();
  }

  /** The peer sends no more bytes. */
  ended(): void {
    if (this.#isDestroyed) return;
    this.#connection.receiveEnd(this.#clock.now());
    this.#pump();
  }

  /** The carrier failed. When all of the peer's data has arrived, only writing can fail. */
  broken(error: unknown): void {
    if (this.#isDestroyed || this.#failure !== undefined) return;
    const why = asTransportError(error, this.#phase === 'connecting');
    if (!this.#peerHasEnded) {
      this.#application.failed(why);
      return;
    }
    this.#writing.brokenBy(why);
    this.#pump();
  }

  // What the program does.

  /** What is known about the connection so far; a frozen snapshot. Stays after the end. */
  get facts(): Facts {
    return this.#connection.facts;
  }

  /** See `Connection.exportKeyingMaterial`. */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#connection.exportKeyingMaterial(label, context, length);
  }

  /**
   * What binds a protocol above to this connection (RFC 9266 §2, or before TLS 1.3 RFC 5929 §3) or to the server's certificate
   * (RFC 5929 §4). `ApiMisuseError` before the handshake is complete, after a failure, where there is no `tls-unique`, and where the
   * server presented no certificate or one whose signature names no hash function.
   */
  channelBinding(type: ChannelBindingType | 'tls-server-end-point'): Uint8Array {
    if (type !== 'tls-server-end-point') return this.#connection.channelBinding(type);
    return endPointBinding(this.facts, this.#settings.config);
  }

  /** Client: how many bytes of `sendEarlyData` the server has taken; final once the handshake is complete. */
  get earlyDataTaken(): number {
    return this.#early.taken;
  }

  /** Server: how many of the first bytes of data came as 0-RTT data. */
  get earlyDataReceived(): number {
    return this.#early.received;
  }

  /**
   * Sends these bytes as there is room. `done` when the carrier has taken the last of them, or with the error; one write at a time. The
   * pieces must not change before.
   */
  write(pieces: readonly Uint8Array[], done: Callback): void {
    this.#writing.write(pieces, done);
    this.#pump();
  }

  /** After what is being written, sends close_notify and ends our side; reading goes on. */
  end(done: Callback): void {
    this.#writing.end(done);
    this.#pump();
  }

  /** The program wants more data. */
  resume(): void {
    this.#isFull = false;
    this.#steer();
  }

  /** See `Connection.updateKeys`. */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    const obeyed = this.#connection.updateKeys(options);
    this.#pump();
    return obeyed;
  }

  /**
   * Server: asks the client for a certificate after the handshake (RFC 9846 §4.7.2). Resolves when the client has
   * answered: whether it has authenticated. Rejects with `transport.clientAuthUnavailable` where it cannot be asked, and with
   * the error that ends the connection before an answer.
   */
  requestClientAuth(options: ClientAuthOptions = {}): Promise<boolean> {
    requireTrust(this.#settings.config, 'requestClientAuth');
    const id = this.#connection.requestClientAuth(options, this.#clock.now());
    const answer = this.#later.clientAuth.begun(id);
    this.#pump();
    return answer;
  }

  /**
   * TLS 1.2 and older: another handshake on this connection (RFC 5746), within `handshakeTimeoutMs`. Resolves to true when it
   * is done, to false if the peer refuses; what is written meanwhile waits. Rejects with
   * `transport.renegotiationUnavailable` where there can be none, and with the error that ends the connection.
   */
  renegotiate(change: RenegotiationChange = {}): Promise<boolean> {
    const config = changedConfig(this.#settings.config, change);
    const obeyed = this.#connection.renegotiate(config, this.#clock.now());
    const ended = this.#later.renegotiation.begun(obeyed);
    if (obeyed) this.#timer.start();
    this.#pump();
    return ended;
  }

  /** Gives the connection up with this error, after telling the peer by an alert. */
  abort(error: Error): void {
    if (this.#phase === 'done') return;
    this.#reason = error;
    this.#connection.abort(error.message);
    this.#pump();
  }

  /**
   * The program has done with the connection, which is cut unless it was over already. `told` is called before writes that are under
   * way fail.
   */
  destroyed(error: Error | undefined, told: () => void = () => {}): void {
    if (this.#isDestroyed) return;
    this.#outgoing.release();
    const isOver = this.#phase === 'done';
    // Before the program hears of anything, which may call us again.
    this.#isDestroyed = true;
    this.#phase = 'done';
    this.#timer.stop();
    this.#idle.stop();
    this.#questions.withdrawAll(error);
    let made = error;
    const reason = () => (made ??= new TransportError('transport.destroyed', 'the connection was destroyed'));
    if (!this.#hasConnected) this.#settle.reject(reason());
    this.#later.destroyed(reason);
    if (isOver) this.#carrier.farewell();
    else {
      this.#connection.abort();
      this.#carrier.destroy();
    }
    told();
    if (this.#writing.isBusy) this.#writing.fail(reason());
  }

  /** Carries out what the connection says, then goes on with what waits to be written, until neither has more. */
  #pump(): void {
    // What a listener does while outputs are being delivered is carried out after them, by the loop below.
    this.#hasNews = true;
    if (this.#isPumping || this.#isDestroyed) return;
    this.#isPumping = true;
    try {
      do {
        this.#hasNews = false;
        this.#deliverOutputs();
      } while (this.#sendMore() || this.#hasNews);
    } finally {
      this.#isPumping = false;
    }
    if (this.#failure === undefined) this.#steer();
    else if (!this.#isDestroyed) this.#application.failed(this.#failure);
  }

  #deliverOutputs(): void {
    try {
      // The program may give everything up in answer to any of them; the rest is for nobody then.
      for (
        let output: Output | undefined;
        !this.#isDestroyed && (output = this.#connection.poll()) !== undefined;
      ) {
        this.#deliver(output);
      }
    } finally {
      if (!this.#isDestroyed) this.#outgoing.flush();
    }
  }

  #deliver(output: Output): void {
    switch (output.type) {
      case 'transmit':
        // The list is the receiver's, as its pieces are.
        this.#outgoing.add(output.pieces as Uint8Array[]);
        break;
      case 'data':
        this.#data(output.bytes, output.early);
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
        this.#later.renegotiation.ended(false);
        break;
      case 'clientAuthentication':
        this.#later.clientAuth.answered(output.id, output.isAuthenticated);
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
        tell(this.#settings, output, this.#owner);
        break;
      case 'fact':
        break;
    }
  }

  /** In a function of its own: one that is made for `told` would cost something for outputs of every kind. */
  #data(bytes: Uint8Array, early: boolean): void {
    this.#idle.touch();
    if (early) this.#early.came(bytes.length);
    if (told(() => this.#application.data(bytes)) === false) this.#isFull = true;
  }

  async #ask(decision: Decision): Promise<void> {
    await this.#questions.ask(decision, (reply) =>
      this.#connection.answer(decision, reply, this.#clock.now()),
    );
    this.#pump();
  }

  #connected(): void {
    this.#timer.stop();
    this.#idle.start();
    this.#outgoing.connected();
    this.#phase = 'connected';
    this.#hasConnected = true;
    this.#settle.resolve(this.facts);
    this.#later.renegotiation.ended(true);
    told(() => this.#application.secure(this.facts));
  }

  #writable(): void {
    this.#writing.isOpen = true;
    // Also where a renegotiation of the peer's was refused.
    if (this.#phase === 'connected') this.#timer.stop();
  }

  #peerEnded(how: 'closeNotify' | 'truncated'): void {
    this.#later.clientAuth.peerClosed();
    this.#peerHasEnded = true;
    const isWhole = how === 'closeNotify' || this.#settings.truncation === 'end';
    told(() => this.#application.ended(isWhole ? undefined : truncated()));
  }

  #finished(output: Extract<Output, { type: 'closed' | 'failed' }>): void {
    this.#phase = 'done';
    this.#idle.stop();
    this.#writing.isOpen = false;
    if (output.type === 'failed') this.#failure = this.#reason ?? output.error;
    else {
      this.#outgoing.flush();
      this.#endCarrier();
      this.#carrier.farewell();
    }
    this.#later.over(this.#failure);
  }

  /** True when outputs may have come of what was written. */
  #sendMore(): boolean {
    const step = this.#writing.next(this.#phase !== 'connecting' && this.#phase !== 'handshake');
    if (step === 'close') {
      this.#connection.close();
      this.#deliverOutputs();
      this.#endCarrier();
    }
    if (step !== 'sent') return false;
    this.#idle.touch();
    return true;
  }

  #endCarrier(): void {
    this.#outgoing.release();
    this.#writing.endCarrier((error) => asTransportError(error, false));
  }

  /** Lets bytes come while both the connection and the program want more; after the peer's end, to see that of the carrier. */
  #steer(): void {
    if (this.#phase === 'done' || this.#phase === 'connecting') return;
    const mayRead = !this.#isFull && !this.#answers.areTooMany(this.#carrier);
    this.#carrier.setReading(this.#peerHasEnded || (mayRead && this.#connection.wantsInput));
  }
}
