import type { CryptoProvider, Session } from '@sealwire/core';
import { connect, createServer, type TlsStream } from '@sealwire/node-transport';
import { type Flavour, sharedOf, suites } from './flavour.ts';
import type { Duplex } from 'node:stream';
import type { Stack } from './stack.ts';

/** Our own transport for sockets of Node, with one provider or the other. */
export function sealwire(flavour: Flavour, name: string, provider: CryptoProvider): Stack<Duplex> {
  const { root, chain, key } = flavour.identity();
  const common = { ...sharedOf(flavour), provider, host: '127.0.0.1' };
  const own = { ...common, serverName: 'localhost', roots: root };
  const checked = async (connecting: Promise<TlsStream>) => {
    const connection = await connecting;
    const { cipherSuite } = connection.facts;
    if (cipherSuite !== suites[flavour.suite])
      throw new Error(`${name} speaks ${cipherSuite}, expected ${flavour.suite}`);
    return connection;
  };
  return {
    name,
    async listen(onConnection) {
      const server = await createServer(
        { ...common, certificate: chain, privateKey: key, port: 0 },
        onConnection,
      );
      return { port: server.port, close: () => server.close() };
    },
    connect: (port) => checked(connect({ port, ...own })),
    resuming() {
      let session: Session | undefined;
      const onSession = (latest: Session) => (session = latest);
      return async (port) => {
        const sessions = session === undefined ? [] : [session];
        const connection = await checked(connect({ port, sessions, onSession, ...own }));
        if (sessions.length > 0 && connection.facts.resumed !== true) throw new Error('not resumed');
        return connection;
      };
    },
  };
}
