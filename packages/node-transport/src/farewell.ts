import { farewellTimer } from '@sealwire/transport';
import { Socket } from 'node:net';
import { type Duplex, finished } from 'node:stream';

/**
 * Lets the last bytes of a connection, mostly an alert, reach the peer: ends our side, and reads to the peer's
 * end before the transport is destroyed. Destroying at once would lose them: a socket that is closed with unread
 * input resets the connection, and a reset overtakes what was sent.
 */
export function sayFarewell(transport: Duplex): void {
  if (transport.destroyed) return;
  if (isConnecting(transport)) {
    transport.destroy();
    return;
  }
  const stop = farewellTimer(() => transport.destroy());
  // A socket destroys itself when both sides have ended; of any other stream it takes a dozen listeners to know.
  if (transport instanceof Socket) transport.once('close', stop);
  else {
    const cleanUp = finished(transport, () => {
      stop();
      cleanUp();
      transport.destroy();
    });
  }
  if (!transport.writableEnded) transport.end();
  transport.resume();
}

/** Ends our side and waits for the peer's, reading on for nobody if there is no reader; after `timeoutMs` cuts it. */
export async function endInOrder(stream: Duplex, timeoutMs: number): Promise<void> {
  const isClosed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  const timer = setTimeout(() => stream.destroy(), timeoutMs);
  if (!stream.writableEnded) stream.end();
  if (stream.listenerCount('data') + stream.listenerCount('readable') === 0) stream.resume();
  await isClosed;
  clearTimeout(timer);
}

/** A transport reports errors even after we have done with it; nobody is left whom they concern. */
export function ignoreErrors(transport: Duplex): void {
  transport.on('error', ignore);
}

/** Whether this is a socket without a connection as yet. */
export function isConnecting(transport: Duplex): boolean {
  return (transport as { readonly connecting?: boolean }).connecting === true;
}

function ignore(): void {}
