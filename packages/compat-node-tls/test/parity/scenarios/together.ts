import type { AddressInfo } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import type { Stage } from '../scenario.ts';

/** What is told of every socket, beside what a scenario adds. */
const events = [
  'secureConnect',
  'secure',
  'data',
  'end',
  'error',
  'close',
  'timeout',
  'OCSPResponse',
] as const;

export interface Together {
  readonly server: Server;
  readonly client: TLSSocket;
  /** The server's socket, once the handshake is complete on its side. */
  readonly accepted: Promise<TLSSocket>;
  /** Both ends are closed, or there never was more than one. */
  readonly closed: Promise<unknown>;
  /** Ends `closed` where the server never sees a connection. */
  readonly release: () => void;
}

/** A server that listens on the loopback, and a client that connects to it; what both tell is recorded. */
export async function together(
  stage: Stage,
  serverOptions: object = {},
  clientOptions: object = {},
): Promise<Together> {
  const { onServer, onClient, pki, cleanUp } = stage;
  const server = stage.server.createServer({ ...pki.server, ...serverOptions });
  cleanUp(() => server.close());
  onServer.listen(server, ['tlsClientError']);
  const accepted = new Promise<TLSSocket>((resolve) => {
    server.on('secureConnection', (socket) => {
      onServer.note('secureConnection', ...describe(socket));
      onServer.listen(socket, events);
      resolve(socket);
    });
  });
  let release = (): void => {};
  const ended = new Promise<void>((resolve) => {
    release = resolve;
    server.on('tlsClientError', () => resolve());
    void accepted.then((socket) => socket.on('close', () => resolve()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = stage.client.connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ca: pki.root,
    servername: 'localhost',
    ...clientOptions,
  });
  cleanUp(() => client.destroy());
  onClient.listen(client, ['connect', 'ready', ...events]);
  client.on('secureConnect', () => onClient.note('is', ...describe(client)));
  const gone = new Promise<void>((resolve) => client.on('close', () => resolve()));
  return { server, client, accepted, closed: Promise.all([gone, ended]), release };
}

/** What an application asks of a connection first. */
export function describe(socket: TLSSocket): unknown[] {
  return [
    socket.getProtocol(),
    socket.authorized,
    socket.authorizationError,
    socket.alpnProtocol,
    (socket as { servername?: unknown }).servername,
    socket.encrypted,
    socket.isSessionReused(),
  ];
}
