import type { ByteStream, TransportUnderTest } from '@sealwire/testkit';
import { clientOptions, loopback, plainNetwork, serverOptions } from '@sealwire/transport-tests';
import { Duplex } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect, createServer, secure, type TlsStream } from '../src/index.ts';

/** This transport as its contract drives it. */
export const nodeTransport: TransportUnderTest = {
  async secure(below, role, options) {
    const transport = duplexOver(below);
    const initial = options.alreadyRead === undefined ? {} : { initial: options.alreadyRead };
    return linkOf(
      await (role === 'client'
        ? secure(transport, { role, ...clientOptions(options), ...initial })
        : secure(transport, { role, ...serverOptions(options), ...initial })),
    );
  },
  network: {
    async listen(options, { connection, failure }) {
      const server = await createServer({ host: loopback, ...serverOptions(options) }, (stream) =>
        connection(linkOf(stream)),
      );
      server.on('connectionError', failure);
      return server;
    },
    connect: async (port, options) =>
      linkOf(await connect({ host: loopback, port, ...clientOptions(options) })),
    plain: plainNetwork,
  },
  memoryBytes() {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  },
  openHandles: () => process.getActiveResourcesInfo().length,
  unhandledRejections: () => unhandled,
};

// Not by an option of the command line: the test runner's processes have none of ours.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
let unhandled = 0;
process.on('unhandledRejection', () => unhandled++);

function duplexOver(below: ByteStream): Duplex {
  const duplex: Duplex = new Duplex({
    read: () => void below.read().then((bytes) => duplex.push(bytes ?? null), duplex.destroy.bind(duplex)),
    write: (bytes: Buffer, _encoding, done) => void below.write(bytes).then(() => done(), done),
    final: (done) => void below.end().then(() => done(), done),
    destroy(error, done) {
      below.destroy();
      done(error);
    },
  });
  return duplex;
}

function linkOf(stream: TlsStream): ByteStream {
  const chunks = stream[Symbol.asyncIterator]();
  return {
    write: (bytes) => stream.send(bytes),
    read: async () => (await chunks.next()).value,
    end: async () => void stream.end(),
    destroy: () => void stream.destroy(),
  };
}
