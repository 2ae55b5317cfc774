import type { AddressInfo } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { type Scenario, type Stage, variants } from '../scenario.ts';
import { both, type Meeting, meetings, once, secured, type Version } from './meeting.ts';
import { together } from './together.ts';

/** The last session that a client is given by the time it is closed. */
async function sessionOf(
  stage: Stage,
  version: Version,
  server: object,
  client: object = {},
): Promise<{
  session: Buffer | undefined;
  server: Server;
}> {
  const met = await together(stage, { minVersion: version, maxVersion: version, ...server }, { ...client });
  let session: Buffer | undefined;
  let count = 0;
  met.client.on('session', (given: Buffer) => {
    session = given;
    count++;
  });
  met.client.on('secureConnect', () => met.client.write('x'));
  void met.accepted.then((socket) => socket.on('data', () => socket.end()));
  await met.closed;
  stage.onClient.note('sessions', count, Buffer.isBuffer(session));
  return { session, server: met.server };
}

/** Connects once more to the same server. */
async function again(
  stage: Stage,
  server: Server,
  options: { readonly session?: Buffer | undefined },
  look: (client: TLSSocket) => void = () => {},
): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const client: TLSSocket = stage.client.connect({
    host: '127.0.0.1',
    port,
    ca: stage.pki.root,
    servername: 'localhost',
    ...options,
  });
  stage.cleanUp(() => client.destroy());
  stage.onClient.listen(client, ['error', 'close', 'end'], 'again ');
  const accepted = new Promise<void>((resolve) =>
    server.once('secureConnection', (socket: TLSSocket) => {
      stage.onServer.note('again', socket.isSessionReused(), socket.authorized);
      socket.on('data', () => socket.end());
      socket.on('close', () => resolve());
    }),
  );
  client.on('secureConnect', () => {
    stage.onClient.note('again', client.isSessionReused(), client.authorized, client.authorizationError);
    stage.onClient.note('chain', Object.keys(client.getPeerCertificate()).length > 0);
    look(client);
    client.write('x');
  });
  await Promise.all([once(client, 'close'), accepted]);
}

interface Case {
  readonly name: string;
  readonly server?: (stage: Stage) => object;
  readonly client?: (stage: Stage) => object;
  readonly second?: (stage: Stage) => object;
}

const cases: readonly Case[] = [
  { name: 'a ticket' },
  { name: 'without tickets, by session identifiers', server: () => ({ secureOptions: 0x4000 }) },
  { name: 'another name', second: () => ({ servername: '', checkServerIdentity: () => undefined }) },
  {
    name: 'not verified in the beginning',
    client: () => ({ ca: [], rejectUnauthorized: false }),
    second: () => ({ ca: [], rejectUnauthorized: false }),
  },
  {
    name: 'with a certificate of the client',
    server: ({ pki }) => ({ requestCert: true, ca: pki.root }),
    client: ({ pki }) => pki.client,
    second: ({ pki }) => pki.client,
  },
  {
    name: 'with a new context for a name each time',
    server: ({ server, pki }) => ({
      SNICallback: (_: string, callback: (error: null, context: unknown) => void) =>
        callback(null, server.createSecureContext(pki.named)),
    }),
    client: () => ({ servername: 'a.example.org' }),
    second: () => ({ servername: 'a.example.org' }),
  },
  {
    name: 'with a callback for names that is noted',
    server: (stage) => ({
      SNICallback: (name: string, callback: (error: null) => void) => {
        stage.onServer.note('SNICallback', name);
        callback(null);
      },
    }),
    client: () => ({ servername: 'localhost' }),
    second: () => ({ servername: 'localhost' }),
  },
  {
    name: 'with ticket keys',
    server: () => ({ ticketKeys: Buffer.alloc(48, 7) }),
  },
];

const resumptions: readonly Scenario[] = both.flatMap((version) =>
  variants(
    cases,
    ({ name }) => `sessions, ${version}: ${name}`,
    async (stage, { server, client, second }) => {
      const first = await sessionOf(stage, version, server?.(stage) ?? {}, client?.(stage));
      const { session } = first;
      await again(stage, first.server, { session, ...second?.(stage) }, (client) =>
        stage.onClient.note('same', session && client.getSession()?.equals(session)),
      );
    },
  ),
);

const store: Meeting = {
  name: 'a store of the application',
  server: () => ({ secureOptions: 0x4000 }),
  script: async ({ server, client, accepted, closed }, stage) => {
    const sessions = new Map<string, Buffer>();
    server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
      stage.onServer.note('newSession', Buffer.isBuffer(id), Buffer.isBuffer(data));
      sessions.set(id.toString('hex'), data);
      setImmediate(done);
    });
    server.on('resumeSession', (id: Buffer, done: (error: Error | null, data: Buffer | null) => void) => {
      const found = sessions.get(id.toString('hex')) ?? null;
      stage.onServer.note('resumeSession', found !== null);
      setImmediate(() => done(null, found));
    });
    let session: Buffer | undefined;
    client.on('session', (given: Buffer) => (session = given));
    client.on('secureConnect', () => client.write('x'));
    const socket = await accepted;
    socket.on('data', () => socket.end());
    await closed;
    await again(stage, server, { session });
  },
};

/** What the server writes waits until the application has kept the session, and what it reads does not. */
const slow: Meeting = {
  name: 'a store that takes its time',
  script: async ({ server, client, accepted }, { onServer, onClient }) => {
    const waiting: (() => void)[] = [];
    server.on('newSession', (_id: Buffer, _data: Buffer, done: () => void) => {
      onServer.note('newSession');
      waiting.push(done);
    });
    client.on('secureConnect', () => client.write('x'));
    const socket = await accepted;
    socket.on('data', () => {
      onServer.note('kept');
      for (const done of waiting) done();
    });
    socket.write('late');
    client.on('data', () => {
      onClient.note('heard');
      client.end();
    });
  },
};

const forgetful: Meeting = {
  name: 'a store that answers once',
  script: ({ server, client, accepted }) => {
    let isFirst = true;
    server.on('newSession', (_id: Buffer, _data: Buffer, done: () => void) => {
      if (isFirst) setImmediate(done);
      isFirst = false;
    });
    void accepted.then((socket) => socket.write('late'));
    client.on('data', () => client.end());
  },
};

const silent: Meeting = {
  name: 'a store that never answers, and a client that goes',
  script: async (met, { onServer }) => {
    met.server.on('newSession', () => onServer.note('newSession'));
    await secured(met);
    met.client.end();
  },
};

const failing: Meeting = {
  name: 'a store that fails',
  server: () => ({ secureOptions: 0x4000 }),
  script: async ({ server, client, accepted, closed }, stage) => {
    let session: Buffer | undefined;
    client.on('session', (given: Buffer) => (session = given));
    client.on('secureConnect', () => client.write('x'));
    (await accepted).on('data', function (this: TLSSocket) {
      this.end();
    });
    await closed;
    server.on('resumeSession', (_: Buffer, done: (error: Error | null) => void) =>
      done(new Error('no store')),
    );
    const { port } = server.address() as AddressInfo;
    const next = stage.client.connect({
      host: '127.0.0.1',
      port,
      ca: stage.pki.root,
      servername: 'localhost',
      session: session!,
    });
    stage.cleanUp(() => next.destroy());
    const failed = once(server, 'tlsClientError');
    stage.onClient.listen(next, ['error', 'close'], 'again ');
    await Promise.all([once(next, 'close'), failed]);
  },
};

const views: readonly Meeting[] = [
  {
    name: 'getSession and getTLSTicket',
    script: async (met, { onServer, onClient }) => {
      const socket = await secured(met);
      onClient.note('session', typeof met.client.getSession());
      onServer.note('session', typeof socket!.getSession(), typeof socket!.getTLSTicket());
      met.client.end();
    },
  },
  {
    name: 'how many sessions are told, and when',
    script: (met, { onClient }) => {
      let count = 0;
      met.client.on('session', (session: Buffer) => {
        onClient.note('session', session.length > 100);
        if (++count === (met.client.getProtocol() === 'TLSv1.3' ? 2 : 1)) met.client.end();
      });
    },
  },
  {
    name: 'no session of a server that is refused',
    server: ({ pki }) => pki.stranger,
    script: (met, { onClient }) => void onClient.listen(met.client, ['session']),
  },
];

export const sessionScenarios: readonly Scenario[] = [
  ...resumptions,
  ...meetings('sessions', [store, failing, ...views]),
  ...meetings('sessions', [slow, forgetful, silent], ['TLSv1.3']),
];
