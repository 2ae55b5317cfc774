import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import type { Connection, Decision, Output, Session, TraceEvent } from '@sealwire/core';
import { ConnectionFailed, EarlyDataRejected, ExpectationFailed } from './failure.ts';

export interface EndpointOptions {
  /** One byte at a time in and out, and every decision answered late. */
  readonly async: boolean;
  /** The answer to a decision that was not answered on the spot; `undefined`: the connection is given up. */
  answer(decision: Decision): unknown;
  nowMs(): number;
}

/**
 * A connection of the core over a socket to the runner, for a caller who reads and writes in turn. What the
 * connection says is carried out when it says it; what comes for the caller waits until it is read.
 */
export class Endpoint {
  readonly connection: Connection;
  readonly sessions: Session[] = [];
  readonly trace: TraceEvent[] = [];
  readonly keyLog: string[] = [];
  isConnected = false;
  /** Early data may be sent, or half-RTT data, or all. */
  writable: 'early' | 'halfRtt' | 'full' | undefined;
  earlyDataWasRejected = false;
  readonly #socket: Socket;
  readonly #options: EndpointOptions;
  #inbox: Uint8Array[] = [];
  #end: 'closeNotify' | 'truncated' | undefined;
  #failure: Error | undefined;
  #socketHasEnded = false;
  #openDecisions = 0;
  /** Nobody has been told yet. */
  #refusalIsNews = false;
  #news: () => void = () => {};

  constructor(socket: Socket, connection: Connection, options: EndpointOptions) {
    this.#socket = socket;
    this.connection = connection;
    this.#options = options;
    socket.on('data', (chunk: Uint8Array) => this.#received(chunk));
    socket.on('end', () => this.#ended());
    socket.on('error', (error: NodeJS.ErrnoException) => this.#socketFailed(error));
    socket.setTimeout(silenceMs, () => this.#broken(new Error(`nothing came for ${silenceMs} ms`)));
    connection.start(options.nowMs());
    this.#drain();
  }

  /** Waits until `isSo`, or throws why that will never be; `EarlyDataRejected` once, when that has come. */
  async until(isSo: () => boolean): Promise<void> {
    for (;;) {
      if (this.#refusalIsNews) {
        this.#refusalIsNews = false;
        throw new EarlyDataRejected('0-RTT data was not taken');
      }
      if (isSo()) return;
      if (this.#failure !== undefined) throw this.#failure;
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

  /** Sends all of it, as soon as anything may be sent. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; ; ) {
      await this.until(() => this.writable !== undefined && this.isSettled);
      const taken = this.connection.send(rest);
      this.#drain();
      if (this.#failure !== undefined) throw this.#failure;
      rest = rest.subarray(taken);
      if (rest.length === 0) return;
      // The rest of what was more than the limit of 0-RTT data.
      if (taken === 0 && this.writable !== 'early') throw new ExpectationFailed('writing after the end');
      if (taken === 0) await this.until(() => this.writable !== 'early');
    }
  }

  /** Something that makes the connection speak. */
  act<Result>(action: (connection: Connection) => Result): Result {
    const result = action(this.connection);
    this.#drain();
    return result;
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

  #received(chunk: Uint8Array): void {
    if (!this.#options.async) {
      this.#feed(chunk);
      return;
    }
    for (let i = 0; i < chunk.length; i++) this.#feed(chunk.subarray(i, i + 1));
  }

  #feed(bytes: Uint8Array): void {
    this.connection.receive(bytes, this.#options.nowMs());
    this.#drain();
  }

  #ended(): void {
    this.#socketHasEnded = true;
    this.connection.receiveEnd(this.#options.nowMs());
    this.#drain();
  }

  /** Writing into what the runner has closed fails; what it said before is still to be read. */
  #socketFailed(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') this.#broken(error);
    else if (!this.#socketHasEnded) this.#ended();
  }

  #broken(error: Error): void {
    this.#failure ??= error;
    this.#socket.destroy();
    this.#news();
  }

  #drain(): void {
    for (let output: Output | undefined; (output = this.connection.poll()) !== undefined; )
      this.#deliver(output);
    this.#news();
  }

  #deliver(output: Output): void {
    switch (output.type) {
      case 'transmit':
        for (const piece of output.pieces) this.#send(piece);
        break;
      case 'data':
        if (output.bytes.length > 0) this.#inbox.push(output.bytes);
        break;
      case 'writable':
        this.writable = output.as;
        break;
      case 'earlyDataRejected':
        this.earlyDataWasRejected = true;
        this.#refusalIsNews = true;
        this.writable = undefined;
        break;
      case 'session':
        this.sessions.push(output.session);
        break;
      case 'decision':
        this.#openDecisions++;
        setImmediate(() => this.#answer(output.decision));
        break;
      case 'connected':
        this.isConnected = true;
        break;
      case 'peerClosed':
        this.#end = output.how;
        break;
      case 'failed':
        this.#failure ??= new ConnectionFailed(output.error, output.alert);
        break;
      case 'trace':
        this.trace.push(output.event);
        break;
      case 'keylog':
        this.keyLog.push(output.line);
        break;
      case 'closed':
      case 'clientAuthentication':
      case 'decisionCancelled':
      case 'fact':
        break;
    }
  }

  #answer(decision: Decision): void {
    this.#openDecisions--;
    const reply = this.#options.answer(decision);
    if (reply === undefined) this.connection.abort(`the test says no to ${decision.kind}`);
    else this.connection.answer(decision, reply as never, this.#options.nowMs());
    this.#drain();
  }

  #send(piece: Uint8Array): void {
    if (!this.#socket.writable) return;
    if (!this.#options.async) {
      this.#socket.write(piece);
      return;
    }
    for (let i = 0; i < piece.length; i++) this.#socket.write(piece.subarray(i, i + 1));
  }
}

/** A socket to the runner, which knows by the number that we send first which test this is. */
export async function dialRunner(port: number, ipv6: boolean, shimId: bigint): Promise<Socket> {
  const socket = dial({ port, host: ipv6 ? '::1' : '127.0.0.1', noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  const id = Buffer.alloc(8);
  id.writeBigUInt64LE(shimId);
  socket.write(id);
  return socket;
}

/** Less than the runner's own patience, so that a hang ends with our words and not with a kill. */
const silenceMs = 4_000;
