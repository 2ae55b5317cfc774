import { connect, type Socket } from 'node:net';
import type { Connection, Output, Session, TraceEvent } from '@sealwire/core';
import { waitFor } from './processes.ts';

/** A piece of the byte stream below TLS, as it passed. */
export interface WirePiece {
  readonly from: 'us' | 'peer';
  readonly bytes: Uint8Array;
}

/** Our end of a connection: the smallest useful pump between a `Connection` and a socket, and a record of all it said. */
export class OwnEnd {
  readonly connection: Connection;
  readonly #socket: Socket;
  readonly #keepsWire: boolean;
  readonly #early: string | undefined;
  readonly #waiters = new Set<() => void>();
  readonly #received: Uint8Array[] = [];
  receivedBytes = 0;
  /** The first bytes received, as one character a byte. */
  text = '';
  /** Of them, those that came as 0-RTT data. */
  earlyBytes = 0;
  isConnected = false;
  readonly sessions: Session[] = [];
  /** Of the last request after the handshake: whether the client has proved who it is. */
  isLateAuthenticated: boolean | undefined;
  peerClosed: 'closeNotify' | 'truncated' | undefined;
  ended: Extract<Output, { type: 'closed' | 'failed' }> | undefined;
  readonly keyLog: string[] = [];
  readonly records: Extract<TraceEvent, { what: 'record' }>[] = [];
  readonly wire: WirePiece[] = [];

  /** `early` is sent as 0-RTT data if there can be any. */
  constructor(
    connection: Connection,
    socket: Socket,
    options: { readonly keepsWire?: boolean; readonly early?: string } = {},
  ) {
    this.connection = connection;
    this.#socket = socket;
    this.#keepsWire = options.keepsWire ?? false;
    this.#early = options.early;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      if (this.#keepsWire) this.wire.push({ from: 'peer', bytes: bytes.slice() });
      connection.receive(bytes, Date.now());
      this.#drain();
    });
    socket.on('end', () => {
      connection.receiveEnd(Date.now());
      this.#drain();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#wake());
    connection.start(Date.now());
    this.#drain();
  }

  /** The transport is gone, for whatever reason. */
  get isCutOff(): boolean {
    return this.#socket.destroyed;
  }

  async connected(): Promise<void> {
    await this.until('handshake', () => this.isConnected);
  }

  /** Resolves once `condition` holds; looked at after everything that happens. */
  async until(what: string, condition: () => boolean, timeoutMs = 20_000): Promise<void> {
    const over = () => this.ended !== undefined || this.#socket.destroyed;
    await waitFor(this.#waiters, condition, over, `we: no ${what}`, timeoutMs).catch((error: Error) => {
      const why = this.ended?.type === 'failed' ? ` (${describeFailure(this.ended)})` : '';
      throw new Error(`${error.message}${why}`);
    });
  }

  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      const slice = bytes.subarray(at, at + sliceBytes);
      if (this.connection.send(slice) !== slice.length) throw new Error('we: send took nothing');
      this.#drain();
      if (this.#socket.writableNeedDrain) await this.#drained();
    }
  }

  async #drained(): Promise<void> {
    let isDrained = false;
    this.#socket.once('drain', () => {
      isDrained = true;
      this.#wake();
    });
    await this.until('room in the socket', () => isDrained, 60_000);
  }

  requestCertificate(): void {
    const id = this.connection.requestClientAuth({ require: true }, Date.now());
    if (id === undefined) throw new Error('we: requestClientAuth was refused');
    this.#drain();
  }

  updateKeys(): void {
    if (!this.connection.updateKeys({ requestPeer: true })) throw new Error('we: updateKeys was refused');
    this.#drain();
  }

  /** TLS 1.2 and older. */
  renegotiate(): void {
    if (!this.connection.renegotiate(undefined, Date.now())) throw new Error('we: renegotiate was refused');
    this.#drain();
  }

  close(): void {
    this.connection.close();
    this.#drain();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Everything received from byte `from` on. */
  receivedFrom(from: number): Uint8Array {
    return Buffer.concat(this.#received).subarray(from);
  }

  #drain(): void {
    for (let output: Output | undefined; (output = this.connection.poll()); ) {
      switch (output.type) {
        case 'transmit':
          for (const piece of output.pieces) {
            if (this.#keepsWire) this.wire.push({ from: 'us', bytes: piece.slice() });
            this.#socket.write(piece);
          }
          break;
        case 'data':
          this.#received.push(output.bytes);
          this.receivedBytes += output.bytes.length;
          if (output.early) this.earlyBytes += output.bytes.length;
          if (this.text.length < maxText) this.text += Buffer.from(output.bytes).toString('latin1');
          break;
        case 'writable':
          if (output.as === 'early') this.connection.send(Buffer.from(this.#early ?? '', 'latin1'));
          break;
        case 'clientAuthentication':
          this.isLateAuthenticated = output.isAuthenticated;
          break;
        case 'session':
          this.sessions.push(output.session);
          break;
        case 'connected':
          this.isConnected = true;
          break;
        case 'peerClosed':
          this.peerClosed = output.how;
          break;
        case 'keylog':
          this.keyLog.push(output.line);
          break;
        case 'trace':
          if (output.event.what === 'record') this.records.push(output.event);
          break;
        case 'closed':
        case 'failed':
          this.ended = output;
          this.#socket.end();
          break;
      }
    }
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}

/** A TCP connection to a server of this machine that may still be starting. */
export async function dial(port: number, patienceMs = 10_000): Promise<Socket> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const socket = await new Promise<Socket | undefined>((resolve) => {
      const attempt = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      attempt.once('connect', () => resolve(attempt));
      attempt.once('error', () => resolve(undefined));
    });
    if (socket !== undefined) return socket;
    if (Date.now() > deadline) throw new Error(`peer: nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function describeFailure(failed: Extract<Output, { type: 'failed' }>): string {
  return `${failed.error.code}: ${failed.error.message}; alert ${failed.alert ?? 'none'} sent by ${failed.sentBy}`;
}

const sliceBytes = 65_536;
const maxText = 1_000_000;
