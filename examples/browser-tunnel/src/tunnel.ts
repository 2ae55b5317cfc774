import type { Server } from 'node:http';
import { connect } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface TunnelOptions {
  /** Where each path leads, `/shop` for `shop`. Whoever reaches the tunnel reaches these, and nothing else. */
  readonly destinations: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  /** Pages that may use it, as browsers name where they come from: `https://shop.example`. Default: all. */
  readonly origins?: readonly string[];
  /** Told of everything that passes; the bytes are valid during the call. */
  readonly onBytes?: (destination: string, direction: Direction, bytes: Uint8Array) => void;
}

export type Direction = 'to the server' | 'to the page';

/**
 * A tunnel: what comes in binary messages of a WebSocket goes to a TCP connection, and back. The borders of messages mean nothing. It
 * knows nothing of TLS, and has no keys. Neither side can make it keep more than a few messages: who does not read makes
 * the other wait.
 */
export function tunnelOver(http: Server, { destinations, origins, onBytes }: TunnelOptions): WebSocketServer {
  const tunnel = new WebSocketServer({
    server: http,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false, // ciphertext cannot be compressed
    verifyClient: ({ origin, req }: { origin: string | undefined; req: { url?: string | undefined } }) =>
      Object.hasOwn(destinations, nameOf(req.url)) &&
      (origins === undefined || origin === undefined || origins.includes(origin)),
  });
  tunnel.on('connection', (socket, request) => {
    const name = nameOf(request.url);
    join(socket, destinations[name]!, (direction, bytes) => onBytes?.(name, direction, bytes));
  });
  return tunnel;
}

function nameOf(path = ''): string {
  return path.slice(1);
}

function join(
  socket: WebSocket,
  destination: { readonly host: string; readonly port: number },
  onBytes: (direction: Direction, bytes: Uint8Array) => void,
): void {
  const server = connect({ ...destination, noDelay: true });
  socket.on('message', (message: Buffer, isBinary) => {
    if (!isBinary) return socket.close(onlyBinary);
    onBytes('to the server', message);
    if (!server.write(message)) socket.pause();
  });
  server.on('drain', () => socket.resume());
  server.on('data', (bytes: Buffer) => {
    onBytes('to the page', bytes);
    server.pause();
    socket.send(bytes, () => server.resume());
  });
  socket.on('close', () => server.end());
  server.on('close', () => socket.close());
  for (const each of [socket, server]) each.on('error', () => {});
}

const maxMessageBytes = 1 << 20;
/** RFC 6455 §7.4.1: data that cannot be accepted. */
const onlyBinary = 1003;
