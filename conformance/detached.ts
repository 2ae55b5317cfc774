import type { Connection, VersionModule } from '@sealwire/core';
import { once } from 'node:events';
import { type AddressInfo, connect as netConnect, createServer as netServer, type Socket } from 'node:net';
import tls from 'node:tls';
import { bytesOf, client, drain, nowMs, ofType, pem, server } from './ends.ts';
import { Offloader } from './offloader.ts';

/** Detached connections whose other end is the builtin TLS of Node. */

const open: (() => void)[] = [];

/** Closes whatever a test has opened. */
export function closeOpen(): void {
  for (const close of open.splice(0)) close();
}

/** What our end is told, and the builtin one. */
export interface TestedOptions {
  readonly own: { readonly versions?: readonly VersionModule[] };
  readonly peer: tls.SecureContextOptions;
}

const newest: TestedOptions = { own: {}, peer: { minVersion: 'TLSv1.3' } };

/** Our client over a socket, detached as soon as it may be, with a server of Node. */
export async function detachedClient(suite: number, options: TestedOptions = newest) {
  const { own, peer: theirs } = options;
  const credentials = { cert: pem.serverChain, key: pem.serverKey };
  const listener = tls.createServer({ ...credentials, ...theirs, allowHalfOpen: true });
  const accepted = once(listener, 'secureConnection');
  const socket = netConnect({ port: await listening(listener), host: '127.0.0.1', allowHalfOpen: true });
  const connection = client({ allowDetach: true, cipherSuites: [suite as never], ...own });
  const [offloader, [peer]] = await Promise.all([detachedOver(socket, connection), accepted]);
  return { peer: peer as tls.TLSSocket, offloader };
}

/** Our server over a socket, with a client of Node. */
export async function detachedServer(suite: number, { own, peer: theirs }: TestedOptions = newest) {
  const listener = netServer({ allowHalfOpen: true });
  const accepted = once(listener, 'connection');
  const port = await listening(listener);
  const socketOfPeer = netConnect({ port, host: '127.0.0.1', allowHalfOpen: true });
  // Its judgement of our certificate, which is of another time, is not what is tested.
  const peer = tls.connect({
    socket: socketOfPeer,
    servername: 'localhost',
    rejectUnauthorized: false,
    ...theirs,
  });
  const [socket] = (await accepted) as [Socket];
  const connection = server({ allowDetach: true, cipherSuites: [suite as never], ...own });
  const offloader = await detachedOver(socket, connection);
  return { peer, offloader };
}

async function listening(listener: ReturnType<typeof netServer>): Promise<number> {
  open.push(() => listener.close());
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

/** Pumps the handshake, and detaches when it is complete. */
function detachedOver(socket: Socket, connection: Connection): Promise<Offloader> {
  open.push(() => socket.destroy());
  socket.on('error', () => {});
  return new Promise((resolve, reject) => {
    let offloader: Offloader | undefined;
    const pump = () => {
      const outputs = drain(connection);
      socket.write(bytesOf(outputs));
      const [failed] = ofType(outputs, 'failed');
      if (failed !== undefined) reject(failed.error);
      if (ofType(outputs, 'connected').length === 0) return;
      offloader = new Offloader(connection.detach(), (record) => socket.write(record));
      resolve(offloader);
    };
    socket.on('data', (chunk) => {
      if (offloader !== undefined) {
        offloader.receive(chunk);
        return;
      }
      connection.receive(chunk, nowMs);
      pump();
    });
    socket.on('end', () => {
      offloader?.control.receiveEnd(nowMs);
      offloader?.drain();
    });
    pump();
  });
}
