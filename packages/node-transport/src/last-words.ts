import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Lets a socket whose write fails be read to its end before Node destroys it. A peer that ends a connection says why by an
 * alert and closes; what we write then is answered by a reset, and the next write fails, maybe before that alert was read. The system
 * has kept it for us; Node would close the socket and report EPIPE or ECONNRESET alone.
 *
 * Only what is there already is read, for a reader who takes it: there is nothing to wait for.
 */
export function hearLastWords(transport: Duplex): void {
  if (!(transport instanceof Socket)) return;
  const destroy = transport.destroy.bind(transport);
  let isOver = false;
  const hearing = (error?: Error): Socket => {
    // Not deleted: an object that loses a property is slow in all that it does from then on.
    if (transport.destroy === hearing) transport.destroy = destroy;
    if (isOver || transport.destroyed || !isFailedWrite(error)) return destroy(error);
    isOver = true;
    readOut(transport, error);
    return transport;
  };
  transport.destroy = hearing;
}

/** A failed write makes the reading side drop what comes, so that it is handed on from here. */
function readOut(transport: Socket, error: Error): void {
  let idleTurns = 0;
  transport.push = (chunk: Uint8Array | null): boolean => {
    if (chunk === null) return false;
    idleTurns = 0;
    transport.emit('data', chunk);
    return !transport.isPaused();
  };
  const turn = (): void => {
    idleTurns++;
    if (!transport.destroyed && idleTurns < enoughTurns) {
      setImmediate(turn);
      return;
    }
    delete (transport as Partial<Socket>).push;
    transport.destroy(error);
  };
  setImmediate(turn);
}

function isFailedWrite(error: Error | undefined): error is Error {
  const { syscall, code } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall === 'write' && (code === 'EPIPE' || code === 'ECONNRESET');
}

/** The first may come before sockets are looked at, the second cannot. */
const enoughTurns = 2;
