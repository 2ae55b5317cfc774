import { once } from 'node:events';
import type { Socket } from 'node:net';
import type {
  Connection,
  Decision,
  DecisionKind,
  DecisionMap,
  HandshakeOutput,
  Session,
  TlsError,
  TraceEvent,
} from '@sealwire/core';
import { ConnectionFailed, EarlyDataRejected, ExpectationFailed } from './failure.ts';

export interface EndpointOptions {
  /** One byte at a time in and out, and every decision answered late. */
  readonly async: boolean;
  /** The answer to a decision that was not answered on the spot; `undefined`: the connection is given up. */
  answer(decision: Decision): unknown;
  nowMs(): number;
}

/** What there is of a connection for an exchange and the checks of it, whatever carries it. */
export type Spoken = Pick<
  Connection,
  'facts' | 'exportKeyingMaterial' | 'channelBinding' | 'updateKeys' | 'maxSendFragment' | 'close'
>;

/** How the core speaks, over TCP or in QUIC: asked for what it says after everything that it is told. */
export interface Machine<Said> {
  start(nowMs: number): void;
  poll(): Said | undefined;
  answer(decision: Decision, reply: DecisionMap[DecisionKind]['reply'], nowMs: number): boolean;
  abort(reason: string | TlsError): void;
}

/**
 * A connection of the core over a socket to the runner, for a caller who reads and writes in turn. What the
 * connection says is carried out when it says it; what comes for the caller waits until it is read.
 */
export abstract class EndpointBase<Said extends { readonly type: string }> {
  abstract readonly connection: Spoken;
  readonly sessions: Session[] = [];
  readonly trace: TraceEvent[] = [];
  readonly keyLog: string[] = [];
  isConnected = false;
  /** Early data may be sent, or half-RTT data, or what goes before the server's Finished, or all. */
  writable: 'early' | 'halfRtt' | 'falseStart' | 'full' | undefined;
  earlyDataWasRejected = false;
  protected readonly options: EndpointOptions;
  readonly #socket: Socket;
  readonly #machine: Machine<Said>;
  #inbox: Uint8Array[] = [];
  #end: 'closeNotify' | 'truncated' | undefined;
  #failure: Error | undefined;
  #socketHasEnded = false;
  #openDecisions = 0;
  #awaited: { readonly isSo: () => boolean; readonly action: () => void } | undefined;
  /** Nobody has been told yet. */
  #refusalIsNews = false;
  #news: () => void = () => {};

  constructor(socket: Socket, machine: Machine<Said>, options: EndpointOptions) {
    this.#socket = socket;
    this.#machine = machine;
    this.options = options;
  }

  /** Sends all of it, as soon as anything may be sent. */
  abstract write(bytes: Uint8Array): Promise<void>;

  /** Bytes of the runner. */
  protected abstract received(chunk: Uint8Array): void;

  /** The runner has nothing more to say. */
  protected abstract ended(): void;

  /** What only this kind of connection says. */
  protected abstract deliver(output: Said): void;

  protected begin(): void {
    const socket = this.#socket;
    socket.on('data', (chunk: Uint8Array) => this.received(chunk));
    socket.on('end', () => this.#ended());
    socket.on('error', (error: NodeJS.ErrnoException) => this.#socketFailed(error));
    socket.setTimeout(silenceMs, () => this.#broken(new Error(`nothing came for ${silenceMs} ms`)));
    this.#machine.start(this.options.nowMs());
    this.drain();
  }

  /** Waits until `isSo`, or throws why that will never be; `EarlyDataRejected` once, when that has come. */
  async until(isSo: () => boolean): Promise<void> {
    for (;;) {
      if (this.#refusalIsNews) {
        this.#refusalIsNews = false;
        throw new EarlyDataRejected('0-RTT data was not taken');
      }
      if (isSo()) return;
      this.checkAlive();
      await new Promise<void>((resolve) => (this.#news = resolve));
    }
  }

  /** Tickets that are still being sealed leave before our data: the runner hears nothing after that. */
  get isSettled(): boolean {
    return this.#openDecisions === 0;
  }

  /** Up to `most` bytes, or `undefined` at the end of the peer's data. */
  async read(most: number): Promise<Uint8Array | undefined> {
    await this.until(() => this.#inbox.length > 0 || this.#end !== undefined);
    const first = this.#inbox.shift();
    if (first === undefined) return undefined;
    if (first.length > most) this.#inbox.unshift(first.subarray(most));
    return first.subarray(0, most);
  }

  /** As `read`, and it can be read again. */
  async peek(most: number): Promise<Uint8Array | undefined> {
    await this.until(() => this.#inbox.length > 0 || this.#end !== undefined);
    return this.#inbox[0]?.subarray(0, most);
  }

  /** What is to be done as soon as something is so, between two bytes that come, if it must be. */
  whenever(isSo: () => boolean, action: () => void): void {
    this.#awaited = { isSo, action };
    this.drain();
  }

  /** Something that makes the connection speak. */
  act<Result>(action: (connection: Spoken) => Result): Result {
    const result = action(this.connection);
    this.drain();
    return result;
  }

  /** Gives the connection up with an alert of the test's. */
  abort(reason: TlsError): void {
    this.#machine.abort(reason);
    this.drain();
  }

  /** How the peer's data ended; waits for it. Data that comes after all was read is a failure. */
  async peerEnd(): Promise<'closeNotify' | 'truncated'> {
    await this.until(() => this.#end !== undefined || this.#inbox.length > 0);
    if (this.#inbox.length > 0) throw new ExpectationFailed('application data after we closed');
    return this.#end!;
  }

  /** Says goodbye to the runner: what was sent arrives, then our end; what it still says is read and dropped. */
  async hangUp(): Promise<void> {
    const socket = this.#socket;
    if (!socket.destroyed) {
      socket.end();
      if (!this.#socketHasEnded)
        await Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => {});
      await new Promise<void>((resolve) =>
        socket.writableFinished
          ? resolve()
          : socket.once('close', () => resolve()).once('finish', () => resolve()),
      );
    }
    socket.destroy();
  }

  /** Throws why the connection has died, if it has. */
  protected checkAlive(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  protected drain(): void {
    for (let output: Said | undefined; (output = this.#machine.poll()) !== undefined; ) {
      if (!this.#common(output as unknown as HandshakeOutput)) this.deliver(output);
    }
    if (this.#awaited?.isSo()) {
      const { action } = this.#awaited;
      this.#awaited = undefined;
      action();
    }
    this.#news();
  }

  protected data(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#inbox.push(bytes);
  }

  protected peerClosed(how: 'closeNotify' | 'truncated'): void {
    this.#end = how;
  }

  protected failed(error: TlsError, alert: string | undefined): void {
    this.#failure ??= new ConnectionFailed(error, alert);
  }

  /** The runner does what no test means by it, or the test is at its end. */
  protected gaveUp(error: Error): void {
    this.#failure ??= error;
    this.#news();
  }

  protected send(piece: Uint8Array): void {
    if (!this.#socket.writable) return;
    if (!this.options.async) {
      this.#socket.write(piece);
      return;
    }
    for (let i = 0; i < piece.length; i++) this.#socket.write(piece.subarray(i, i + 1));
  }

  #ended(): void {
    this.#socketHasEnded = true;
    this.ended();
  }

  /** Writing into what the runner has closed fails; what it said before is still to be read. */
  #socketFailed(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') this.#broken(error);
    else if (!this.#socketHasEnded) this.#ended();
  }

  #broken(error: Error): void {
    this.gaveUp(error);
    this.#socket.destroy();
  }

  /** What connections of all kinds say; false for anything else. */
  #common(output: HandshakeOutput): boolean {
    switch (output.type) {
      case 'earlyDataRejected':
        this.earlyDataWasRejected = true;
        this.#refusalIsNews = true;
        this.writable = undefined;
        return true;
      case 'session':
        this.sessions.push(output.session);
        return true;
      case 'decision':
        this.#openDecisions++;
        setImmediate(() => this.#answer(output.decision));
        return true;
      case 'connected':
        this.isConnected = true;
        return true;
      case 'trace':
        this.trace.push(output.event);
        return true;
      case 'keylog':
        this.keyLog.push(output.line);
        return true;
      case 'decisionCancelled':
      case 'fact':
        return true;
      default:
        return false;
    }
  }

  #answer(decision: Decision): void {
    this.#openDecisions--;
    try {
      const reply = this.options.answer(decision);
      if (reply === undefined) this.#machine.abort(`the test says no to ${decision.kind}`);
      else this.#machine.answer(decision, reply as never, this.options.nowMs());
    } catch (error) {
      // Of the test, or of whoever calls the library wrongly for it.
      this.gaveUp(error instanceof Error ? error : new Error(String(error)));
      this.#machine.abort('the answer could not be given');
    }
    this.drain();
  }
}

/** Less than the runner's own patience, so that a hang ends with our words and not with a kill. */
const silenceMs = 4_000;
