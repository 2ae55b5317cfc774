import type {
  ClientConfig,
  Connection,
  Decision,
  DecisionMap,
  Output,
  ServerConfig,
  TlsError,
} from '@sealwire/core';
import { createClient, createServer } from '@sealwire/core';
import { Below, endStream } from '@sealwire/node-transport/parts';
import { asTransportError, type Callback, WritingHalf } from '@sealwire/transport';
import type { Duplex } from 'node:stream';
import { codedError } from '../errors/node-codes.ts';
import { type Heard, heardMore, nothingHeard, speaksTls } from './heard.ts';
import { Outgoing } from './outgoing.ts';
import { OutputTurns } from './output-turns.ts';
import { Pause } from './pause.ts';
import type { PumpListener } from './pump-listener.ts';
import { type Source, sourceOf } from './source.ts';
import { brokenPipe, protocolError } from './write-errors.ts';

/**
 * Bytes between a `Connection` of the core and the stream below it. What a connection wants to send leaves only when all
 * that has happened was told: a client that is destroyed because of the server's certificate does not complete the handshake.
 */
export class Pump {
  readonly carrier: Duplex;
  readonly #listener: PumpListener;
  readonly #below: Below;
  readonly #source: Source;
  #connection: Connection | undefined;
  #writing: WritingHalf | undefined;
  /** Written before there was a connection. */
  #early: { readonly pieces: readonly Uint8Array[]; readonly done: Callback } | undefined;
  /** The end was wanted before there was a connection. */
  #final: Callback | undefined;
  /** Whether there will be a connection in this turn. */
  willStart = false;
  readonly #turns = new OutputTurns(
    () => this.#isReading,
    () => this.#pump(),
  );
  /** The carrier has ended while the application was busy. */
  #endsLater = false;
  readonly #outgoing: Outgoing;
  #earlyDataReceived = 0;
  #isPumping = false;
  #hasNews = false;
  #isReading = false;
  #isHeld = false;
  /** The end of our side is wanted. */
  #isEnding = false;
  #isConnected = false;
  #isCarrierConnected = false;
  #hasEnded = false;
  /** The connection has failed: nothing that is written will ever leave. */
  #isDead = false;
  #isClosed = false;
  #heard = nothingHeard;
  readonly #pause = new Pause();

  constructor(carrier: Duplex, listener: PumpListener) {
    this.carrier = carrier;
    this.#listener = listener;
    this.#outgoing = new Outgoing(carrier);
    this.#source = sourceOf(
      carrier,
      (bytes) => this.receive(bytes),
      () => listener.carrierFailed(codedError('ERR_STREAM_WRAP')),
    );
    this.#below = new Below(carrier, {
      start: () => {
        this.#isCarrierConnected = true;
        this.#source.take();
        listener.carrierConnected();
        this.#steer();
      },
      data: ignore,
      drain: () => this.#pump(),
      end: () => this.#pause.inOrder(() => this.#carrierEnded()),
      error: (error) => this.#pause.inOrder(() => this.#carrierFailed(error)),
      close: () => this.#pause.inOrder(() => listener.carrierClosed()),
    });
  }

  /** Apart from the constructor, since the carrier may be connected already. `isAwaited`: it does not even connect yet. */
  listen(isAwaited = false): void {
    this.#below.listen(isAwaited);
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Until the connection stands. */
  get heard(): Heard {
    return this.#heard;
  }

  /** Bytes of 0-RTT data that the peer has sent. */
  get earlyDataReceived(): number {
    return this.#earlyDataReceived;
  }

  start(config: ClientConfig | ServerConfig): void {
    if (this.#connection !== undefined || this.#isClosed) return;
    const connection = config.role === 'client' ? createClient(config) : createServer(config);
    this.#connection = connection;
    const end = (done: (error?: unknown) => void): void => endStream(this.carrier, done);
    this.#writing = new WritingHalf({ ...this.#outgoing.room, end }, connection, process.nextTick);
    connection.start(Date.now());
    if (this.#early !== undefined) this.#writing.write(this.#early.pieces, this.#early.done);
    this.#early = undefined;
    this.#pump();
    const final = this.#final;
    this.#final = undefined;
    if (final !== undefined) this.carrier.end(final);
  }

  receive(chunk: Uint8Array): void {
    if (this.#isClosed || this.#connection === undefined) return;
    this.#listener.active();
    if (!this.#isConnected) this.#heard = heardMore(this.#heard, chunk);
    this.#connection.receive(chunk, Date.now());
    this.#pump();
  }

  /** Whether the application wants what the peer sends; nothing is read without that, not even of a handshake. */
  setReading(isReading: boolean): void {
    this.#isReading = isReading;
    if (isReading) this.#turns.wantsMore();
    this.#steer();
  }

  /** While somebody is asked something that core knows nothing of, nothing leaves. */
  setHeld(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) this.#pump();
  }

  write(chunks: readonly { readonly chunk: Uint8Array }[], done: Callback): void {
    if (this.#isDead) {
      process.nextTick(done, protocolError());
      return;
    }
    const pieces = chunks.map(({ chunk }) => chunk);
    if (this.#writing === undefined) this.#early = { pieces, done };
    else this.#writing.write(pieces, done);
    this.#pump();
  }

  /** Whether something was written that has not left. */
  get isWriting(): boolean {
    return this.#early !== undefined || this.#writing?.isWriting === true;
  }

  /** Fails what was written and has not left, and the end that was to follow. */
  failWriting(error: Error): void {
    const early = this.#early;
    this.#early = undefined;
    early?.done(error);
    this.#writing?.fail(error);
  }

  /**
   * Our close_notify after all that was written, then the end of our side below. Before the connection stands there is
   * nothing to take leave of: what has begun of it leaves, and the side below ends.
   */
  end(done: Callback): void {
    // Whether all has arrived that was sent, a socket of Node does not tell either.
    const ended = (): void => done();
    this.#isEnding = true;
    if (this.#isConnected) {
      this.#writing!.end(ended);
      this.#pump();
    } else if (this.willStart && this.#connection === undefined) this.#final = ended;
    else this.carrier.end(ended);
  }

  answer<D extends Decision>(decision: D, reply: DecisionMap[D['kind']]['reply']): void {
    if (this.#isClosed) return;
    this.#connection?.answer(decision, reply, Date.now());
    this.#pump();
  }

  /** Ends the connection by an alert; what comes of it is `failed`. */
  abort(error: TlsError): void {
    if (this.#isClosed) return;
    this.#connection?.abort(error);
    this.#pump();
  }

  /** After a call of the connection's. */
  turn(): void {
    this.#pump();
  }

  /** Forgets the carrier; what was not sealed yet fails. */
  close(why: () => Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // Mostly nobody waits for it, and an error is expensive to make.
    let made: Error | undefined;
    const error = (): Error => (made ??= why());
    this.#below.letGo();
    this.carrier.on('error', ignore);
    this.#connection?.abort();
    this.#outgoing.drop();
    this.#early?.done(error());
    this.#final?.(error());
    if (this.#writing?.isBusy === true) this.#writing.fail(error());
  }

  /** Before TLS 1.3 the session of a handshake belongs to it, and is there when the application hears that it is done. */
  #lookAhead(): void {
    const connection = this.#connection!;
    if ((connection.facts.version ?? 0) >= 0x0304) return;
    const session = this.#turns.lookAhead(connection);
    if (session !== undefined) this.#listener.notice(session);
  }

  /** Once all has been read, an error concerns only who writes: our close_notify may come too late for the peer. */
  #carrierFailed(error: Error): void {
    if (this.#hasEnded && this.#writing?.isBusy !== true) return;
    this.#listener.carrierFailed(error);
  }

  #carrierEnded(): void {
    if (this.#hasEnded || this.#isClosed) return;
    // A handshake that breaks off is not an error of the protocol here: whoever waits for it hears of the end.
    if (this.#isConnected) {
      this.#connection?.receiveEnd(Date.now());
      this.#pump();
    }
    if (this.#turns.isBusy) this.#endsLater = true;
    else this.#end();
  }

  #end(): void {
    if (this.#hasEnded || this.#isClosed) return;
    this.#hasEnded = true;
    this.#listener.ended();
    if (this.#isEnding) this.#pump();
    // What waits behind a renegotiation that is broken off waits in vain.
    const writing = this.#writing;
    if (this.#isConnected && writing?.isWriting && !writing.isOpen) writing.failWrite(brokenPipe());
  }

  #pump(): void {
    this.#hasNews = true;
    if (this.#isPumping || this.#isClosed || this.#pause.isOn) return;
    this.#isPumping = true;
    let isDone = false;
    try {
      do {
        this.#hasNews = false;
        this.#deliverOutputs();
      } while (!this.#isClosed && !this.#pause.isOn && (this.#sendMore() || this.#hasNews));
      isDone = true;
    } finally {
      this.#isPumping = false;
      // Where the program goes on after what a listener has thrown, the connection does as well, as in Node.
      if (!isDone) setImmediate(() => this.#pump());
    }
    this.#steer();
  }

  #deliverOutputs(): void {
    while (!this.#isClosed && !this.#pause.isOn) {
      const output = this.#turns.next(this.#connection);
      if (output === undefined) break;
      this.#deliver(output);
    }
    this.#flush();
    if (this.#endsLater && !this.#turns.isBusy && !this.#pause.isOn) this.#end();
  }

  #deliver(output: Output): void {
    switch (output.type) {
      case 'transmit':
        this.#outgoing.add(output.pieces);
        break;
      case 'data':
        if (output.early && !this.#isConnected) {
          this.#earlyDataReceived += output.bytes.length;
          this.#turns.holdEarlyData(output);
          break;
        }
        if (!this.#listener.data(output.bytes)) this.#turns.gaveData();
        break;
      case 'decision':
        this.#listener.decision(output.decision);
        break;
      case 'connected':
        this.#isConnected = true;
        this.#heard = nothingHeard;
        this.#lookAhead();
        this.#turns.releaseEarlyData();
        this.#pause.begin(() => this.#pump());
        this.#listener.connected();
        break;
      case 'peerClosed':
        this.#end();
        break;
      case 'failed':
        this.#failed(output);
        break;
      case 'closed':
        this.#end();
        break;
      case 'writable':
        if (output.as === 'full') this.#writing!.isOpen = true;
        this.#listener.notice(output);
        break;
      case 'renegotiating':
        this.#writing!.isOpen = false;
        this.#listener.notice(output);
        break;
      default:
        this.#listener.notice(output);
    }
  }

  #failed(output: Extract<Output, { type: 'failed' }>): void {
    // The alert leaves before anybody hears of the failure and closes the carrier.
    this.#isHeld = false;
    // Who speaks no TLS at all gets no alert, as from OpenSSL: it would be taken for an answer.
    if (output.error.code === 'peer.unknownRecordType' && !speaksTls(this.#heard)) this.#outgoing.drop();
    this.#flush();
    this.#isDead = true;
    this.#listener.failed(output);
    // By a fatal alert the peer has also ended its side: what becomes of the carrier then tells nobody more.
    if (output.error.code === 'received.alert' && this.#isConnected) this.#end();
    this.#writing?.failWrite(protocolError());
  }

  /** Where both sides want to end, nobody is waited for: whoever was asked may never answer. */
  get #waits(): boolean {
    return this.#isHeld && !(this.#isEnding && this.#hasEnded);
  }

  #flush(): void {
    if (this.#outgoing.isEmpty || this.#waits || this.#isClosed) return;
    if (!this.carrier.writable) {
      this.#outgoing.drop();
      return;
    }
    this.#listener.active();
    this.#outgoing.leave();
  }

  #sendMore(): boolean {
    const writing = this.#writing;
    if (writing === undefined || this.#waits) return false;
    const step = writing.next(this.#isConnected);
    if (step === 'close') {
      this.#connection!.close();
      this.#deliverOutputs();
      writing.endCarrier((error) => asTransportError(error, false));
    }
    return step === 'sent';
  }

  #steer(): void {
    if (this.#isClosed || !this.#isCarrierConnected) return;
    // What comes when it is dead is for nobody, but behind it stands the end.
    const takes = this.#isDead || this.#connection?.wantsInput === true;
    const wants = this.#hasEnded || (this.#isReading && takes && !this.#outgoing.isUnread);
    if (wants) this.#source.start();
    else this.#source.stop();
  }
}

function ignore(): void {}
