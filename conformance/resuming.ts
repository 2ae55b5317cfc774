import {
  type ClientOptions,
  type Connection,
  createServer,
  serverConfig,
  type ServerOptions,
  type Session,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { client, exchange, nowMs, ofType, serverCredential, verifyPeer } from './ends.ts';

/** Servers that let sessions be resumed, and clients that have some. */

export const text = (value: string) => new TextEncoder().encode(value);

/** Configurations share their ring, as connections of one server do. */
export function serverOf(options: Partial<ServerOptions> = {}): () => Connection {
  const config = serverConfig({
    provider: nodeProvider,
    credentials: [serverCredential],
    ...options,
    answers: { verifyPeer, ...options.answers },
  });
  return () => {
    const connection = createServer(config);
    connection.start(nowMs);
    return connection;
  };
}

/** A full handshake and the sessions that come of it. */
export function sessionsOf(make: () => Connection, options: Partial<ClientOptions> = {}): readonly Session[] {
  const { a } = exchange(client(options), make());
  return ofType(a, 'session').map(({ session }) => session);
}
