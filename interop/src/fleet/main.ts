import { constants } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import compat from '@sealwire/compat-node-tls';
import { tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { createServer, type CreateServerOptions, type TlsStream } from '@sealwire/node-transport';
import { keepNodeSessions, ServerSessions, SharedTicketRing } from '@sealwire/session-cache';
import { redisStore } from '@sealwire/session-cache/redis';
import type { FleetOptions, FleetPorts } from './fleet.ts';

/**
 * One server of a fleet, as a process: told by its argument, as JSON, it listens once for each way to keep sessions, says its
 * ports as a line of JSON, and then which 0-RTT data it was asked to take.
 */
const { name, url, secret, certificate, privateKey, quickMs } = JSON.parse(process.argv[2]!) as FleetOptions;
const store = redisStore({ url, secret: Buffer.from(secret, 'hex'), restMs: 200, maxRestMs: 1_000 });
const identity: CreateServerOptions = {
  host: '127.0.0.1',
  certificate: readFileSync(certificate, 'utf8'),
  privateKey: readFileSync(privateKey, 'utf8'),
};
const ring = await SharedTicketRing.open({ store, provider });
const quick = await SharedTicketRing.open({
  store,
  provider,
  sealForMs: quickMs,
  openForMs: 4 * quickMs,
  refreshMs: Math.floor(quickMs / 5),
});
const early = new ServerSessions({ store, ring }).for({
  ...identity,
  versions: [tls13],
  earlyData: { maxBytes: 1_000, windowMs: 1_000 },
} satisfies CreateServerOptions) as CreateServerOptions;

const ports: FleetPorts = {
  ids12: await listen({ versions: [tls12], tickets: false }),
  tickets12: await listen({ versions: [tls12] }),
  ring12: await listen({ versions: [tls12] }, ring),
  tickets13: await listen({ versions: [tls13] }),
  ring13: await listen({ versions: [tls13] }, ring),
  quick13: await listen({ versions: [tls13] }, quick),
  node12: await listenAsNode(tls),
  compat12: await listenAsNode(compat as unknown as typeof tls),
  // Replayed handshakes never end well.
  early13: await serve('replayed', {
    ...early,
    decide: {
      ...early.decide,
      async acceptEarlyData(ask, context) {
        const reply = await early.decide!.acceptEarlyData!(ask, context);
        console.log(`early data ${reply.ok && reply.accept ? 'taken' : 'refused'}`);
        return reply;
      },
    },
  }),
};
console.log(JSON.stringify(ports));

function listen(own: Partial<CreateServerOptions>, keeper?: SharedTicketRing): Promise<number> {
  const sessions = new ServerSessions({ store, ...(keeper === undefined ? {} : { ring: keeper }) });
  return serve('failed', sessions.for<CreateServerOptions>({ ...identity, ...own }));
}

async function listenAsNode({ createServer: make }: typeof tls): Promise<number> {
  const server = make(
    {
      cert: readFileSync(certificate),
      key: readFileSync(privateKey),
      maxVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET,
      sessionIdContext: 'fleet',
    },
    (socket) => {
      socket.on('error', (error) => console.log(`failed: ${error.message}`));
      socket.write(`server ${name} resumed ${socket.isSessionReused()}\n`);
      socket.pipe(socket);
    },
  );
  keepNodeSessions(server, { store });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function serve(said: 'failed' | 'replayed', options: CreateServerOptions): Promise<number> {
  const server = await createServer(options, greet);
  server.on('connectionError', (error) => console.log(`${said}: ${error.message}`));
  return server.port;
}

/** Says who it is, and echoes until the client has said all. */
async function greet(connection: TlsStream): Promise<void> {
  connection.write(`server ${name} resumed ${connection.facts.resumed}\n`);
  for await (const chunk of connection) await connection.send(chunk);
  connection.end();
}
