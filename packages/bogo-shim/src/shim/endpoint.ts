import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Connection, Output } from '@sealwire/core';
import { EndpointBase, type EndpointOptions } from './endpoint-base.ts';
import { ExpectationFailed } from './failure.ts';

/** A connection over TCP: records go as they come. */
export class Endpoint extends EndpointBase<Output> {
  override readonly connection: Connection;
  #mayLeave = Number.POSITIVE_INFINITY;
  #held: Uint8Array[] = [];

  constructor(socket: Socket, connection: Connection, options: EndpointOptions) {
    super(socket, connection, options);
    this.connection = connection;
    this.begin();
  }

  /** From now on `bytes` go out, and the rest stays here until something has come, as behind a socket that takes no more. */
  holdAfter(bytes: number): void {
    this.#mayLeave = bytes;
  }

  /** 0-RTT data between two messages of the handshake: true if it was taken whole. */
  sendNow(bytes: Uint8Array): boolean {
    const taken = this.connection.send(bytes);
    this.drain();
    return taken === bytes.length;
  }

  override async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; ; ) {
      await this.until(() => this.writable !== undefined && this.isSettled);
      const taken = this.connection.send(rest);
      this.drain();
      this.checkAlive();
      rest = rest.subarray(taken);
      if (rest.length === 0) return;
      // The rest of what was more than the limit of 0-RTT data.
      if (taken === 0 && this.writable !== 'early') throw new ExpectationFailed('writing after the end');
      if (taken === 0) await this.until(() => this.writable !== 'early');
    }
  }

  protected override received(chunk: Uint8Array): void {
    this.#letGo();
    if (!this.options.async) {
      this.#feed(chunk);
      return;
    }
    for (let i = 0; i < chunk.length; i++) this.#feed(chunk.subarray(i, i + 1));
  }

  #feed(bytes: Uint8Array): void {
    this.connection.receive(bytes, this.options.nowMs());
    this.drain();
  }

  protected override send(piece: Uint8Array): void {
    const now = Math.min(piece.length, this.#mayLeave);
    if (now < piece.length) this.#held.push(piece.subarray(now));
    this.#mayLeave -= now;
    super.send(piece.subarray(0, now));
  }

  #letGo(): void {
    this.#mayLeave = Number.POSITIVE_INFINITY;
    for (const piece of this.#held.splice(0)) super.send(piece);
  }

  protected override ended(): void {
    this.#letGo();
    this.connection.receiveEnd(this.options.nowMs());
    this.drain();
  }

  protected override deliver(output: Output): void {
    switch (output.type) {
      case 'transmit':
        for (const piece of output.pieces) this.send(piece);
        return;
      case 'data':
        this.data(output.bytes);
        return;
      case 'writable':
        this.writable = output.as;
        return;
      case 'peerClosed':
        this.peerClosed(output.how);
        return;
      case 'failed':
        this.failed(output.error, output.alert);
    }
  }
}

/** A socket to the runner, which knows by the number that we send first which test this is. */
export async function dialRunner(port: number, ipv6: boolean, shimId: bigint): Promise<Socket> {
  const socket = new PatientSocket({ allowHalfOpen: true });
  socket.connect({ port, host: ipv6 ? '::1' : '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const id = Buffer.alloc(8);
  id.writeBigUInt64LE(shimId);
  socket.write(id);
  return socket;
}

/**
 * When a write fails because the runner has closed, what the runner said before may still lie in the system's buffer: Node would
 * close the socket at once, and drop what comes.
 */
class PatientSocket extends Socket {
  #idleTurns: number | undefined;

  override destroy(error?: NodeJS.ErrnoException): this {
    if (this.#idleTurns !== undefined || error?.syscall !== 'write') return super.destroy(error);
    this.#idleTurns = 0;
    this.#waitFor(error);
    return this;
  }

  override push(chunk: Uint8Array | null): boolean {
    if (this.#idleTurns === undefined || chunk === null) return super.push(chunk);
    this.#idleTurns = 0;
    this.emit('data', chunk);
    return true;
  }

  /** The first turn may end before sockets are looked at, the second cannot. */
  #waitFor(error: Error): void {
    setImmediate(() => {
      if (this.destroyed) return;
      this.#idleTurns!++;
      if (this.#idleTurns! < 2) this.#waitFor(error);
      else super.destroy(error);
    });
  }
}
