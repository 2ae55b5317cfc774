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
import type { Clock } from './clock.ts';
import { Questions } from './decide.ts';
import { EarlyData } from './early-data.ts';
import { asTransportError, TransportError, truncated } from './errors.ts';
import { Handshakes } from './handshakes.ts';
import { IdleTimer } from './idle-timer.ts';
import type { TlsSettings } from './options.ts';
import { Pump } from './pump.ts';
import { changedConfig, type RenegotiationChange } from './renegotiation.ts';
import { tell } from './settings.ts';
import { TicketWait } from './ticket-wait.ts';
import { told } from './told.ts';
import type { Callback } from './writing-half.ts';

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
  readonly #pump: Pump;
  readonly #questions: Questions;
  readonly #tickets: TicketWait;
  readonly #handshakes: Handshakes;
  readonly #idle: IdleTimer;
  readonly #early: EarlyData;
  /** Why we gave the connection up ourselves. */
  #reason: Error | undefined;
  #failure: Error | undefined;

  /** The time for the handshake begins at once, the handshake with `started`. */
  constructor(parts: EndpointParts<C>) {
    const { settings } = parts;
    this.#settings = settings;
    this.#clock = settings.clock;
    this.#owner = parts.owner;
    this.#carrier = parts.carrier;
    this.#application = parts.application;
    this.#questions = new Questions(settings.decide);
    this.#connection = settings.begin();
    this.#tickets = new TicketWait(settings.clock, () => this.#pump.turn());
    this.#pump = new Pump(this.#connection, parts, {
      said: (output) => this.#said(output),
      sent: () => this.#idle.touch(),
      mayEnd: () => this.#pump.phase === 'done' || this.#tickets.mayEnd(),
      turned: () => this.#turned(),
    });
    this.#early = new EarlyData(settings.earlyData);
    const expired = (error: TransportError): void => this.abort(error);
    this.#handshakes = new Handshakes(settings.clock, settings.handshakeTimeoutMs, expired);
    this.handshake = this.#handshakes.first;
    this.#idle = new IdleTimer(settings.clock, settings.idleTimeoutMs, expired);
  }

  // What the carrier tells.

  /** Bytes can go in both directions. */
  started(): void {
    if (this.#pump.phase !== 'connecting') return;
    this.#pump.phase = 'handshake';
    this.#connection.start(this.#clock.now());
    this.#pump.turn();
  }

  /** Bytes of the peer. Nothing of the chunk is needed after the call, and what the program gets of it is its own. */
  received(chunk: Uint8Array): void {
    if (this.#pump.isStopped) return;
    this.#connection.receive(chunk, this.#clock.now());
    this.#pump.turn();
  }

  /** There is room again. */
  drained(): void {
    this.#pump.turn();
  }

  /** The peer sends no more bytes. */
  ended(): void {
    if (this.#pump.isStopped) return;
    this.#connection.receiveEnd(this.#clock.now());
    this.#pump.turn();
  }

  /** The carrier failed. When all of the peer's data has arrived, only writing can fail. */
  broken(error: unknown): void {
    if (this.#pump.isStopped || this.#failure !== undefined) return;
    const why = asTransportError(error, this.#pump.phase === 'connecting');
    if (!this.#pump.peerHasEnded) {
      this.#application.failed(why);
      return;
    }
    this.#pump.writing.brokenBy(why);
    this.#pump.turn();
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
    this.#pump.writing.write(pieces, done);
    this.#pump.turn();
  }

  /**
   * After what is being written, and tickets that are being sealed or stored (for up to a second), sends close_notify and ends our
   * side; reading goes on.
   */
  end(done: Callback): void {
    this.#pump.writing.end(done);
    this.#pump.turn();
  }

  /** The program wants more data. */
  resume(): void {
    this.#pump.isFull = false;
    this.#pump.steer();
  }

  /** See `Connection.updateKeys`. */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    const obeyed = this.#connection.updateKeys(options);
    this.#pump.turn();
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
    const answer = this.#handshakes.clientAuth.begun(id);
    this.#pump.turn();
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
    const ended = this.#handshakes.renegotiationBegun(obeyed);
    this.#pump.turn();
    return ended;
  }

  /** Gives the connection up with this error, after telling the peer by an alert. */
  abort(error: Error): void {
    if (this.#pump.phase === 'done') return;
    this.#reason = error;
    this.#connection.abort(error.message);
    this.#pump.turn();
  }

  /**
   * The program has done with the connection, which is cut unless it was over already. `told` is called before writes that are under
   * way fail.
   */
  destroyed(error: Error | undefined, told: () => void = () => {}): void {
    if (this.#pump.isStopped) return;
    this.#pump.outgoing.release();
    const isOver = this.#pump.phase === 'done';
    // Before the program hears of anything, which may call us again.
    this.#pump.isStopped = true;
    this.#pump.phase = 'done';
    this.#idle.stop();
    this.#tickets.stop();
    this.#questions.withdrawAll(error);
    let made = error;
    const reason = () => (made ??= new TransportError('transport.destroyed', 'the connection was destroyed'));
    this.#handshakes.destroyed(reason);
    if (isOver) this.#carrier.farewell();
    else {
      this.#connection.abort();
      this.#carrier.destroy();
    }
    told();
    if (this.#pump.writing.isBusy) this.#pump.writing.fail(reason());
  }

  #turned(): void {
    if (this.#failure === undefined) this.#pump.steer();
    else if (!this.#pump.isStopped) this.#application.failed(this.#failure);
  }

  #said(output: Exclude<Output, { type: 'transmit' }>): void {
    switch (output.type) {
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
        this.#pump.writing.isOpen = false;
        this.#handshakes.renegotiating();
        break;
      case 'renegotiationRefused':
        this.#handshakes.renegotiationRefused();
        break;
      case 'clientAuthentication':
        this.#handshakes.clientAuth.answered(output.id, output.isAuthenticated);
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
    if (told(() => this.#application.data(bytes)) === false) this.#pump.isFull = true;
  }

  async #ask(decision: Decision): Promise<void> {
    const isTicket = decision.kind === 'sealTicket';
    if (isTicket) this.#tickets.begun();
    await this.#questions.ask(decision, (reply) =>
      this.#connection.answer(decision, reply, this.#clock.now()),
    );
    if (isTicket) this.#tickets.answered();
    this.#pump.turn();
  }

  #connected(): void {
    this.#idle.start();
    this.#pump.outgoing.connected();
    this.#pump.phase = 'connected';
    this.#handshakes.connected(this.facts);
    told(() => this.#application.secure(this.facts));
  }

  #writable(): void {
    this.#pump.writing.isOpen = true;
    this.#handshakes.quiet();
  }

  #peerEnded(how: 'closeNotify' | 'truncated'): void {
    this.#handshakes.clientAuth.peerClosed();
    this.#pump.peerHasEnded = true;
    const isWhole = how === 'closeNotify' || this.#settings.truncation === 'end';
    told(() => this.#application.ended(isWhole ? undefined : truncated()));
  }

  #finished(output: Extract<Output, { type: 'closed' | 'failed' }>): void {
    this.#pump.phase = 'done';
    this.#idle.stop();
    this.#tickets.stop();
    this.#pump.writing.isOpen = false;
    if (output.type === 'failed') this.#failure = this.#reason ?? output.error;
    else {
      this.#pump.outgoing.flush();
      this.#pump.endCarrier();
      this.#carrier.farewell();
    }
    this.#handshakes.over(this.#failure);
  }
}
