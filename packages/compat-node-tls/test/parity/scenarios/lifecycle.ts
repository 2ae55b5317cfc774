import { connect as connectPlain } from 'node:net';
import type { AddressInfo } from 'node:net';
import { alone, type Scenario, type Stage } from '../scenario.ts';
import { type Meeting, meetings, once, secured } from './meeting.ts';
import { outcomeOf } from '../recorder.ts';

const controllers = new WeakMap<Stage, AbortController>();

const cases: readonly Meeting[] = [
  {
    name: 'write before secure',
    script: ({ client, accepted }, { onClient }) => {
      onClient.note(
        'write',
        client.write('early', () => onClient.note('written')),
      );
      void accepted.then((socket) => socket.on('data', () => socket.end()));
    },
  },
  {
    name: 'end with data before secure',
    script: ({ client }) => void client.end('early'),
  },
  { name: 'end with nothing before secure', script: ({ client }) => void client.end('') },
  { name: 'end before secure', script: ({ client }) => void client.end() },
  {
    name: 'end when the carrier is connected',
    script: ({ client }) => void client.on('connect', () => client.end()),
  },
  {
    name: 'end in the turn after',
    script: ({ client }) => void client.on('connect', () => setImmediate(() => client.end())),
  },
  {
    name: 'written, then ended when the carrier is connected',
    script: ({ client }, { onClient }) =>
      void client.on('connect', () => {
        client.write('x', () => onClient.note('written'));
        client.end(() => onClient.note('ended'));
      }),
  },
  {
    name: 'destroy before secure',
    script: async ({ client, release }) => {
      client.destroy();
      await once(client, 'close');
      release();
    },
  },
  {
    name: 'destroy with an error before secure',
    script: async ({ client, release }) => {
      client.destroy(new Error('enough'));
      await once(client, 'close');
      release();
    },
  },
  {
    name: 'write after end',
    script: async (met, { onClient }) => {
      await secured(met);
      met.client.end();
      onClient.note(
        'write',
        outcomeOf(() => met.client.write('late', (error) => onClient.note('written', error))),
      );
    },
  },
  {
    name: 'write after destroy',
    script: async (met, { onClient }) => {
      await secured(met);
      met.client.destroy();
      onClient.note(
        'write',
        outcomeOf(() => met.client.write('late', (error) => onClient.note('written', error))),
      );
    },
  },
  {
    name: 'the server destroys',
    script: async (met) => void (await secured(met))?.destroy(),
  },
  {
    name: 'the server destroys with an error',
    script: async (met) => void (await secured(met))?.destroy(new Error('enough')),
  },
  {
    name: 'the server destroys soon',
    script: async (met) => {
      const socket = await secured(met);
      socket?.write('bye');
      (socket as unknown as { destroySoon(): void }).destroySoon();
    },
  },
  {
    name: 'the client destroys',
    script: async (met) => {
      await secured(met);
      met.client.destroy();
    },
  },
  {
    name: 'half open: the server still writes',
    server: () => ({ allowHalfOpen: true }),
    client: () => ({ allowHalfOpen: true }),
    script: async (met) => {
      const socket = await secured(met);
      met.client.end();
      socket?.on('end', () => socket.end('after the end'));
    },
  },
  {
    name: 'half open: the client still writes',
    server: () => ({ allowHalfOpen: true }),
    client: () => ({ allowHalfOpen: true }),
    script: async (met) => {
      const socket = await secured(met);
      socket?.end();
      met.client.on('end', () => met.client.end('after the end'));
    },
  },
  {
    name: 'callbacks of write and end',
    script: async (met, { onClient }) => {
      await secured(met);
      met.client.write('a', () => onClient.note('written'));
      met.client.end('b', () => onClient.note('ended'));
      met.accepted.then((socket) => socket.removeAllListeners('data').resume()).catch(() => {});
    },
  },
  {
    name: 'the idle time of the client',
    script: async (met) => {
      await secured(met);
      met.client.setTimeout(30, () => met.client.setTimeout(0).end());
    },
  },
  {
    name: 'the idle time of the server',
    script: async (met) => {
      const socket = await secured(met);
      socket?.setTimeout(30, () => socket.setTimeout(0).end());
    },
  },
  {
    name: 'the option timeout',
    client: () => ({ timeout: 400 }),
    script: async (met) => {
      met.client.on('timeout', () => met.client.setTimeout(0).end());
      await secured(met);
    },
  },
  {
    name: 'the callback of connect',
    client: () => ({}),
    script: async (met, { onClient }) => {
      met.client.once('secureConnect', () => onClient.note('called'));
      await secured(met);
      met.client.end();
    },
  },
  {
    name: 'a signal that is aborted already',
    client: () => ({ signal: AbortSignal.abort() }),
    script: async ({ client, release }) => {
      await once(client, 'close');
      release();
    },
  },
  {
    name: 'a signal that is aborted later',
    client: (stage) => {
      const controller = new AbortController();
      controllers.set(stage, controller);
      return { signal: controller.signal };
    },
    script: async (met, stage) => {
      await secured(met);
      controllers.get(stage)!.abort();
    },
  },
  {
    name: 'what a listener of the server rejects',
    script: async (met) => {
      const socket = await secured(met);
      const rejected = Symbol.for('nodejs.rejection') as never;
      (met.server[rejected] as (...args: unknown[]) => void)(
        new Error('in the listener'),
        'secureConnection',
        socket,
      );
    },
  },
];

/** Servers that a client without TLS visits, and the other way about. */
const lonely: readonly { readonly name: string; readonly play: (stage: Stage) => Promise<void> }[] = [
  {
    name: 'handshakeTimeout, and a client that says nothing',
    play: async (stage) => {
      const server = stage.server.createServer({ ...stage.pki.server, handshakeTimeout: 40 });
      await listening(stage, server);
      const raw = connectPlain((server.address() as AddressInfo).port, '127.0.0.1');
      stage.cleanUp(() => raw.destroy());
      raw.on('error', () => {});
      const [error, socket] = await once(server, 'tlsClientError');
      stage.onServer.note('tlsClientError', error, socket);
      (socket as { destroy(): void }).destroy();
    },
  },
  {
    name: 'nobody listens',
    play: async (stage) => {
      const server = stage.server.createServer();
      await listening(stage, server);
      const { port } = server.address() as AddressInfo;
      await new Promise<void>((resolve) => server.close(() => resolve()));
      const client = stage.client.connect({ port, host: '127.0.0.1' });
      stage.onClient.listen(client, ['connect', 'secureConnect', 'error', 'close']);
      await once(client, 'close');
    },
  },
  {
    name: 'a name that does not exist',
    play: async (stage) => {
      const lookup = (_: string, __: object, done: (error: Error) => void): void =>
        process.nextTick(done, Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
      const client = stage.client.connect({ port: 1, host: 'nowhere.test', lookup: lookup as never });
      stage.onClient.listen(client, ['lookup', 'connect', 'error', 'close']);
      await once(client, 'close');
    },
  },
  {
    name: 'the server closes before anybody comes',
    play: async (stage) => {
      const server = stage.server.createServer(stage.pki.server);
      stage.onServer.listen(server, ['listening', 'close', 'error']);
      await listening(stage, server);
      server.close();
      await once(server, 'close');
    },
  },
  {
    name: 'close of a server that does not listen',
    play: (stage) =>
      new Promise((resolve) => {
        stage.server.createServer().close((error) => {
          stage.onServer.note('close', error);
          resolve();
        });
      }),
  },
];

function listening(stage: Stage, server: ReturnType<Stage['server']['createServer']>): Promise<void> {
  stage.cleanUp(() => server.close());
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export const lifecycleScenarios: readonly Scenario[] = [
  ...meetings('life', cases),
  ...alone('life', lonely, (stage, { play }) => play(stage)),
];
