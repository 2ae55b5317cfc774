import { Socket, type SocketConstructorOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocketFields } from './fields.ts';

/**
 * The stream that a TLS connection is carried by. When the peer ends its side, ours must stay open until all is sealed
 * that was written: whether that ends the connection is decided above.
 */
export function carrierOf(given: Duplex | undefined, options: SocketConstructorOpts): Duplex {
  const carrier = given ?? new Socket({ ...options, allowHalfOpen: true });
  carrier.allowHalfOpen = true;
  return carrier;
}

/** `socket.connect`: connects the socket below, and tells of it in the order in which Node does. */
export function connectCarrier(socket: TLSSocketFields, args: readonly unknown[]): TLSSocketFields {
  const callback = args.find((arg) => typeof arg === 'function');
  if (callback !== undefined) socket.once('connect', callback as () => void);
  if (socket._parent?.connecting) return socket;
  const carrier = socket._handle?.carrier;
  if (!(carrier instanceof Socket)) return socket;
  follow(carrier, socket);
  socket._unrefTimer();
  carrier.connect(...(args.filter((arg) => typeof arg !== 'function') as Parameters<Socket['connect']>));
  socket.connecting = true;
  // Not before: what does not connect yet would count as connected.
  socket._handle?.pump.listen();
  socket._host = (carrier as unknown as { readonly _host: string | null })._host;
  return socket;
}

function follow(carrier: Socket, socket: TLSSocketFields): void {
  for (const event of connectingEvents) {
    carrier.on(event, (...args: unknown[]) => {
      const run = (): void => void socket.emit(event, ...args);
      if (socket._handle) socket._handle.run(run);
      else run();
    });
  }
}

/** The carrier's are told when the handle has heard of them. */
const connectingEvents = [
  'lookup',
  'connectionAttempt',
  'connectionAttemptFailed',
  'connectionAttemptTimeout',
] as const;
