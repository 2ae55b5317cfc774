import { nodeProvider as provider } from '@sealwire/crypto-node';
import {
  type ByteStream,
  type EndOptions,
  type TransportUnderTest,
  transportContract,
} from '@sealwire/testkit';
import { createVerifier } from '@sealwire/x509';
import { Duplex } from 'node:stream';
import { describe, it } from 'vitest';
import { connect, createServer, secure, type TlsStream } from '../src/index.ts';
import { loopback } from './ends.ts';
import { otherRoots, roots, serverIdentity } from './identities.ts';

const nodeTransport: TransportUnderTest = {
  async secure(below, role, options) {
    const transport = duplexOver(below);
    return linkOf(
      await (role === 'client'
        ? secure(transport, { role, ...clientOptions(options) })
        : secure(transport, { role, ...serverIdentity, ...timeLimit(options) })),
    );
  },
  network: {
    async listen(options, { connection, failure }) {
      const server = await createServer(
        { host: loopback, ...serverIdentity, ...timeLimit(options) },
        (stream) => connection(linkOf(stream)),
      );
      server.on('connectionError', failure);
      return server;
    },
    connect: async (port, options) =>
      linkOf(await connect({ host: loopback, port, ...clientOptions(options) })),
  },
};

describe('node transport', () => {
  for (const { name, run } of transportContract(nodeTransport)) {
    it(name, async (context) => {
      const outcome = await run();
      if (outcome === undefined) return;
      console.log(`skipped: ${outcome.skipped}`);
      context.skip(outcome.skipped);
    });
  }
});

function clientOptions(options: EndOptions) {
  const { trust = 'server' } = options;
  const common = { serverName: 'localhost', ...timeLimit(options) };
  if (trust === 'unsaid') return common;
  if (typeof trust === 'string') return { ...common, roots: trust === 'server' ? roots : otherRoots };
  const verify = createVerifier({ provider, roots });
  const no = { ok: false, reason: 'accessDenied', message: 'not today' } as const;
  return {
    ...common,
    decide: { verifyPeer: async (ask: Parameters<typeof verify>[0]) => ((await trust()) ? verify(ask) : no) },
  };
}

function timeLimit({ handshakeTimeoutMs }: EndOptions) {
  return handshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs };
}

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
