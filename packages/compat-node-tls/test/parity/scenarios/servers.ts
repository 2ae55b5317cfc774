import { once as onceOf } from 'node:events';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { alone, type Scenario, type Stage } from '../scenario.ts';
import { type Meeting, meetings, once, secured, talk } from './meeting.ts';
import { outcomeOf } from '../recorder.ts';

type Internals = Server & {
  _getServerData(): { ticketKeys: string };
  _setServerData(data: object): void;
  readonly _sharedCreds: object;
  readonly _contexts: unknown[];
  setOptions(options: object): void;
};

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function dial(stage: Stage, server: Server, options: object = {}): TLSSocket {
  const client = stage.client.connect({
    host: '127.0.0.1',
    port: portOf(server),
    ca: stage.pki.root,
    servername: 'localhost',
    ...options,
  });
  stage.cleanUp(() => client.destroy());
  return client;
}

/** The session that a client is left with, whose server ends it. */
async function visit(stage: Stage, server: Server, options: object): Promise<[Buffer, boolean]> {
  const client = dial(stage, server, options);
  let session: Buffer = Buffer.alloc(0);
  client.on('session', (given: Buffer) => (session = given));
  client.resume();
  let isReused = false;
  client.on('secureConnect', () => (isReused = client.isSessionReused()));
  await once(client, 'close');
  return [session, isReused];
}

async function other(stage: Stage, options: object): Promise<Server> {
  const server = stage.server.createServer({ ...stage.pki.server, ...options }, (socket) => socket.end('x'));
  stage.cleanUp(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Two servers have the same keys of tickets, by what is done to the second: it resumes what the first has issued. */
const sharing = (name: string, share: (from: Server, to: Server) => void): Meeting => ({
  name,
  script: async (met, stage) => {
    met.client.destroy();
    met.release();
    const version = met.client.getProtocol() as 'TLSv1.2' | undefined;
    const range = version ? { maxVersion: version } : {};
    const [first, second] = await Promise.all([other(stage, range), other(stage, range)]);
    const [session] = await visit(stage, first, {});
    const [, before] = await visit(stage, second, { session });
    share(first, second);
    const [, after] = await visit(stage, second, { session });
    stage.onServer.note('resumed', before, after);
  },
});

const cases: readonly Meeting[] = [
  {
    name: 'events of a server, in order',
    script: async (met, { onServer }) => {
      const lines: string[] = [];
      for (const event of ['connection', 'secureConnection', 'keylog', 'close', 'drop'] as const)
        met.server.on(event as 'connection', (...args: unknown[]) => {
          if (lines.at(-1) !== event) lines.push(event);
          if (event === 'keylog' && lines.length < 3)
            onServer.note('keylog', Buffer.isBuffer(args[0]), (args[1] as object).constructor.name);
        });
      talk(met);
      await met.closed;
      const closed = once(met.server, 'close');
      onServer.note('close', met.server.close() === met.server);
      await closed;
      onServer.note('order', lines);
    },
  },
  {
    name: 'close while a connection is open',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      met.server.close((error) => onServer.note('closed', error));
      onServer.note('listening', met.server.listening, met.server.address());
      setTimeout(() => socket?.end(), 10);
      await once(met.server, 'close');
    },
  },
  {
    name: 'maxConnections',
    script: async (met, stage) => {
      await secured(met);
      met.server.maxConnections = 1;
      const dropped = once(met.server, 'drop');
      const second = dial(stage, met.server);
      stage.onClient.listen(second, ['connect', 'secureConnect', 'error', 'close'], 'second ');
      const [[about]] = await Promise.all([dropped, once(second, 'close')]);
      stage.onServer.note('drop', Object.keys(about as object).sort());
      met.client.end();
    },
  },
  {
    name: 'addContext while it listens',
    client: () => ({ servername: 'a.example.org' }),
    script: (met, { pki }) => {
      met.server.addContext('*.example.org', pki.named);
      talk(met);
    },
  },
  {
    name: 'ref, unref and address',
    script: async (met, { onServer }) => {
      const { server } = met;
      onServer.note('chained', server.ref() === server, server.unref() === server, server.ref() === server);
      onServer.note('address', Object.keys(server.address() as object));
      await secured(met);
      met.client.end();
    },
  },
  {
    name: 'the listener of an application that throws is not caught',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      onServer.note(
        'thrown',
        outcomeOf(() =>
          met.server
            .once('secureConnection', () => {
              throw new Error('of the listener');
            })
            .emit('secureConnection', socket as TLSSocket),
        ),
      );
      met.client.end();
    },
  },
  {
    name: 'pauseOnConnect, and the connection event',
    server: () => ({ pauseOnConnect: true }),
    script: async (met, { onServer }) => {
      met.server.on('connection', (raw) => onServer.note('raw', raw.isPaused()));
      const socket = await secured(met);
      onServer.note('socket', socket?.isPaused());
      socket?.resume();
      met.client.end();
    },
  },
  {
    name: 'handshakeTimeout is over when it is secure',
    server: () => ({ handshakeTimeout: 60_000 }),
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      onServer.note('timeout', socket?.timeout);
      met.client.end();
    },
  },
  {
    name: 'allowHalfOpen of the server alone',
    server: () => ({ allowHalfOpen: true }),
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      onServer.note('half open', socket?.allowHalfOpen, met.client.allowHalfOpen);
      socket?.on('end', () => socket.end());
      met.client.end();
    },
  },
  sharing('keys of tickets by setTicketKeys', (from, to) => to.setTicketKeys(from.getTicketKeys())),
  sharing('keys of tickets by _setServerData, as workers of a cluster do', (from, to) =>
    (to as Internals)._setServerData((from as Internals)._getServerData()),
  ),
];

/** Of a server that nobody visits. */
const lonely: Readonly<Record<string, (server: Internals, stage: Stage) => unknown>> = {
  'getTicketKeys gives 48 bytes, each time the same': (server) => [
    server.getTicketKeys().length,
    server.getTicketKeys().equals(server.getTicketKeys()),
  ],
  'setTicketKeys of 47 bytes': (server) => server.setTicketKeys(Buffer.alloc(47)),
  'setTicketKeys, and getTicketKeys': (server) => {
    server.setTicketKeys(Buffer.alloc(48, 3));
    return server.getTicketKeys().toString('hex');
  },
  _getServerData: (server) =>
    Object.entries(server._getServerData()).map(([name, { length }]) => [name, length]),
  '_setServerData of hexadecimal keys': (server) => {
    server._setServerData({ ticketKeys: '07'.repeat(48) });
    return server.getTicketKeys().toString('hex');
  },
  '_sharedCreds and _contexts': (server) => [server._sharedCreds.constructor.name, server._contexts],
  'addContext: what it keeps': (server, { pki }) => {
    server.addContext('*.a.test', pki.server);
    const [[pattern] = []] = server._contexts as [RegExp, unknown][];
    return String(pattern);
  },
  'close before it listens': (server) => server.close() === server,
  'listeners that are counted': (server) =>
    ['connection', 'secureConnection', 'tlsClientError'].map((name) => server.listenerCount(name)),
  'a listener of secureConnection by hand': (server) => {
    server.emit('secureConnection', 'anything' as never);
    return server.listenerCount('secureConnection');
  },
  'the sessionIdContext of a process': (server) =>
    (server as unknown as { sessionIdContext: string }).sessionIdContext,
};

/** What is plain TCP comes to the server's own listener first. */
const raws: readonly { readonly name: string; readonly play: (stage: Stage) => Promise<void> }[] = [
  {
    name: 'connection comes before a handshake, with a plain socket',
    play: async (stage) => {
      const server = await other(stage, {});
      stage.onServer.listen(server, ['tlsClientError']);
      const told = onceOf(server, 'connection');
      const raw = connectPlain(portOf(server), '127.0.0.1');
      raw.on('error', () => {});
      const [socket] = (await told) as [object];
      stage.onServer.note('connection', socket.constructor.name, 'encrypted' in socket);
      const failed = once(server, 'tlsClientError');
      raw.end('junk\r\n');
      await failed;
    },
  },
];

export const serverScenarios: readonly Scenario[] = [
  ...meetings('servers', cases),
  ...alone(
    'servers',
    Object.entries(lonely).map(([name, ask]) => ({ name, ask })),
    (stage, { ask }) =>
      stage.onServer.note(
        'is',
        outcomeOf(() => ask(stage.server.createServer(stage.pki.server) as Internals, stage)),
      ),
  ),
  ...alone('servers', raws, (stage, { play }) => play(stage)),
];
