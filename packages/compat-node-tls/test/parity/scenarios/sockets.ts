import { setImmediate as nextTurn } from 'node:timers/promises';
import { BlockList } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { alone, type Scenario, type Stage, type Tls } from '../scenario.ts';
import { outcomeOf } from '../recorder.ts';
import { type Meeting, meetings, once, secured, talk, watch } from './meeting.ts';

type Internals = TLSSocket & {
  readonly ssl: object | null;
  readonly _handle: object | null;
  readonly server: unknown;
  readonly secureConnecting: boolean;
  setServername(name: unknown): void;
  setSession(session: unknown): void;
  setKeyCert(context: unknown): void;
};

const inner = (socket: TLSSocket | undefined): Internals => socket as Internals;

/** All that happens to a socket, each event once as long as no other comes between. */
function order(socket: TLSSocket, events: readonly string[]): string[] {
  const lines: string[] = [];
  for (const event of events)
    socket.on(event, () => {
      if (lines.at(-1) !== event) lines.push(event);
    });
  return lines;
}

const clientEvents = [
  ...['lookup', 'connectionAttempt', 'connect', 'ready', 'keylog', 'secure', 'secureConnect', 'session'],
  ...['data', 'end', 'finish', 'close', 'error', 'OCSPResponse', '_tlsError'],
];

const cases: readonly Meeting[] = [
  {
    name: 'events of a client, in order',
    client: () => ({ host: 'localhost', family: 4 }),
    script: async (met, { onClient }) => {
      const lines = order(met.client, clientEvents);
      const socket = await secured(met);
      socket?.write('x');
      await once(met.client, 'data');
      met.client.end();
      await met.closed;
      onClient.note('order', lines);
    },
  },
  {
    name: 'events of a client that refuses the server, in order',
    server: ({ pki }) => pki.stranger,
    script: async (met, { onClient }) => {
      const lines = order(met.client, clientEvents);
      await once(met.client, 'close');
      onClient.note('order', lines);
    },
  },
  {
    name: 'ssl is the handle, and goes with it',
    script: async (met, { onClient, onServer }) => {
      const socket = await secured(met);
      const gone: Promise<void>[] = [];
      for (const [each, recorder] of [
        [inner(met.client), onClient],
        [inner(socket), onServer],
      ] as const) {
        recorder.note('ssl', each.ssl !== null && each.ssl === each._handle);
        recorder.note('server', each.server === met.server, each.server === undefined);
        gone.push(
          once(each, 'close').then(async () => {
            // It goes in a turn of its own after `close`.
            for (let turns = 0; turns < 3; turns++) await nextTurn();
            recorder.note('gone', each.ssl === null, each._handle);
          }),
        );
      }
      met.client.end();
      await Promise.all(gone);
    },
  },
  {
    name: 'addresses and ports of both',
    script: async (met, { onClient }) => {
      const socket = await secured(met);
      const { client } = met;
      onClient.note(
        'ports',
        client.localPort === socket?.remotePort,
        client.remotePort === socket?.localPort,
      );
      onClient.note(
        'addresses',
        client.localAddress,
        client.remoteAddress,
        client.localFamily,
        client.remoteFamily,
      );
      onClient.note('address', Object.keys(client.address()), Object.keys(socket!.address()));
      client.end();
    },
  },
  { name: 'localAddress and localPort', client: () => ({ localAddress: '127.0.0.1', localPort: 0 }) },
  { name: 'family', client: () => ({ family: 4, host: 'localhost' }) },
  {
    name: 'lookup of the application',
    client: ({ onClient }) => ({
      host: 'somewhere.test',
      lookup: (name: string, options: object, done: (...args: unknown[]) => void) => {
        onClient.note('lookup', name, Object.keys(options).sort());
        const { all } = options as { all?: boolean };
        const found = { address: '127.0.0.1', family: 4 };
        if (all) done(null, [found]);
        else done(null, found.address, found.family);
      },
    }),
  },
  {
    name: 'autoSelectFamily',
    client: () => ({ host: 'localhost', autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 300 }),
    script: async (met, { onClient }) => {
      await secured(met);
      const { autoSelectFamilyAttemptedAddresses: attempted } = met.client;
      onClient.note(
        'attempted',
        attempted?.map((each) => each.replace(/\d+$/, '')),
      );
      met.client.end();
    },
  },
  {
    name: 'keepAlive and noDelay',
    server: () => ({ keepAlive: true, keepAliveInitialDelay: 1000, noDelay: true }),
    client: () => ({ keepAlive: true, keepAliveInitialDelay: 1000, noDelay: true }),
  },
  {
    name: 'blockList that lets it through',
    client: () => ({ blockList: new BlockList() }),
  },
  {
    name: 'resetAndDestroy',
    script: async (met, { onClient }) => {
      await secured(met);
      onClient.note(
        'reset',
        outcomeOf(() => (met.client as TLSSocket & { resetAndDestroy(): void }).resetAndDestroy()),
      );
      met.client.destroy();
    },
  },
  {
    name: 'exportKeyingMaterial before it is secure',
    script: async (met, { onClient }) => {
      onClient.note(
        'early',
        outcomeOf(() => met.client.exportKeyingMaterial(10, 'a', Buffer.alloc(0))),
      );
      await secured(met);
      met.client.end();
    },
  },
  {
    name: 'requestOCSP of a server without an answer',
    client: () => ({ requestOCSP: true }),
    script: talk,
  },
  {
    name: 'the secure context of a callback that has another certificate',
    client: () => ({ servername: 'b.example.org' }),
    server: ({ pki, server }) => ({
      SNICallback: (_: string, done: (error: null, context: unknown) => void) =>
        done(null, server.createSecureContext(pki.named)),
    }),
    script: async (met, { onClient }) => {
      await secured(met);
      onClient.note('names', met.client.getPeerCertificate().subjectaltname);
      met.client.end();
    },
  },
  {
    name: 'setKeyCert in a callback of ALPN',
    client: () => ({ ALPNProtocols: ['a'], servername: 'b.example.org' }),
    server: ({ pki, server }) => ({
      ALPNCallback(this: Internals) {
        this.setKeyCert(server.createSecureContext(pki.named));
        return 'a';
      },
    }),
    script: async (met, { onClient }) => {
      await secured(met);
      onClient.note('names', met.client.getPeerCertificate()?.subjectaltname);
      met.client.end();
    },
  },
  {
    name: '_tlsError comes before the error of the server',
    server: ({ pki }) => ({ requestCert: true, ca: pki.root }),
    script: (met, { onServer }) => {
      met.server.on('connection', () => {});
      met.server.prependListener('tlsClientError', (_, socket) =>
        onServer.note('state', socket.authorized, inner(socket).secureConnecting),
      );
      watch();
    },
  },
];

/** What Node refuses since 25, before anything connects. */
const older: readonly Meeting[] = [
  {
    name: 'a server name that is an address',
    client: () => ({ servername: '127.0.0.1', checkServerIdentity: () => undefined }),
    script: talk,
  },
];

/** Sockets that are connected to nothing. */
const unconnected: Readonly<Record<string, (tls: Tls, stage: Stage) => unknown>> = {
  'names with an underscore': ({ TLSSocket }) =>
    Object.getOwnPropertyNames(TLSSocket.prototype)
      .filter((name) => name.startsWith('_') && !ownOnly.has(name))
      .sort(),
  'setServername of a server': (tls) =>
    inner(new tls.TLSSocket(null as never, { isServer: true })).setServername('a'),
  'setServername of no text': (tls) => inner(new tls.TLSSocket(null as never)).setServername(1),
  'setSession of text and of bytes': (tls) => {
    const socket = inner(new tls.TLSSocket(null as never));
    return [outcomeOf(() => socket.setSession('abc')), outcomeOf(() => socket.setSession(Buffer.alloc(0)))];
  },
  'getSession, getTLSTicket and isSessionReused of none': (tls) => {
    const socket = new tls.TLSSocket(null as never);
    return [socket.getSession(), socket.getTLSTicket(), socket.isSessionReused()];
  },
  'what a socket has before it is connected': (tls) => {
    const socket = inner(new tls.TLSSocket(null as never));
    const { authorized, authorizationError, alpnProtocol, encrypted, secureConnecting } = socket;
    return [authorized, authorizationError, alpnProtocol, encrypted, secureConnecting, socket.server];
  },
  'encrypted is an own property': (tls) =>
    Object.getOwnPropertyDescriptor(new tls.TLSSocket(null as never), 'encrypted'),
  'disableRenegotiation, and getProtocol of none': (tls) => {
    const socket = new tls.TLSSocket(null as never);
    return [socket.disableRenegotiation(), socket.getProtocol()];
  },
  'a handshakeTimeout of a socket': (tls) => {
    const socket = new tls.TLSSocket(null as never, { isServer: true, handshakeTimeout: 1000 } as never);
    const { timeout } = socket;
    socket.destroy();
    return timeout;
  },
};

/** Methods of a stream that ours has where Node has them further up. */
const ownOnly: ReadonlySet<string> = new Set(['_write', '_writev', '_final']);

export const socketScenarios: readonly Scenario[] = [
  ...meetings('sockets', cases),
  ...meetings('sockets', older).map((each) => ({ ...each, until: 24 })),
  ...alone(
    'sockets',
    Object.entries(unconnected).map(([name, ask]) => ({ name, ask })),
    (stage, { ask }) =>
      stage.onClient.note(
        'is',
        outcomeOf(() => ask(stage.client, stage)),
      ),
  ),
];
