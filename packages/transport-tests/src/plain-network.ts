import type { ByteStream, TransportNetwork } from '@sealwire/testkit';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Servers of tests are reachable from this machine alone. */
export const loopback = '127.0.0.1';

/** Connections without TLS, by Node's sockets or what another runtime has of them. */
export const plainNetwork: NonNullable<TransportNetwork['plain']> = {
  async listen(serve) {
    const server = createServer({ allowHalfOpen: true }, (socket) => serve(linkOf(socket)));
    await once(server.listen(0, loopback), 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
  async connect(port) {
    const socket = connect({ port, host: loopback, allowHalfOpen: true });
    await once(socket, 'connect');
    return linkOf(socket);
  },
};

function linkOf(socket: Socket): ByteStream {
  const chunks = socket.iterator({ destroyOnReturn: false });
  socket.on('error', () => {});
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    read: async () => (await chunks.next()).value,
    end: async () => void socket.end(),
    destroy: () => void socket.resetAndDestroy(),
  };
}
