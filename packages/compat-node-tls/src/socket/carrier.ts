import { channel } from 'node:diagnostics_channel';
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
  const where = args.filter((arg) => typeof arg !== 'function') as Parameters<Socket['connect']>;
  asItself(socket, carrier, () => carrier.connect(...where));
  socket.connecting = true;
  // Not before: what does not connect yet would count as connected.
  socket._handle?.pump.listen();
  socket._host = (carrier as unknown as { readonly _host: string | null })._host;
  return socket;
}

/** Whoever subscribes to `net.client.socket` is shown the socket that the application has, not the one below it. */
function asItself(socket: TLSSocketFields, carrier: Socket, connect: () => void): void {
  const sockets = channel('net.client.socket');
  if (!sockets.hasSubscribers) {
    connect();
    return;
  }
  const { publish } = sockets;
  const own = Object.getOwnPropertyDescriptor(sockets, 'publish');
  sockets.publish = (message) => {
    const isOurs = (message as { readonly socket?: unknown }).socket === carrier;
    publish.call(sockets, isOurs ? { socket } : message);
  };
  try {
    connect();
  } finally {
    if (own === undefined) Reflect.deleteProperty(sockets, 'publish');
    else Object.defineProperty(sockets, 'publish', own);
  }
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
