import { connect, createServer, type TlsServer, type TlsStream } from '@sealwire/node-transport';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificatesDer } from '@sealwire/x509';
import { type Check, type ScenarioFacts, scenarioFacts } from './facts.ts';
import { entropyFor, type Identities } from './identities.ts';
import { Inbox } from './inbox.ts';
import { Observer } from './observer.ts';
import { Program, versionOf, withFiles } from './program.ts';

export interface Setting {
  readonly identities: Identities;
  readonly seed: string | undefined;
}

/** One pair of ends that talk to each other over TCP: handshake, data both ways, key update, orderly close. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The program at the other end with its version; `undefined` if it is not installed. */
  peer(): string | undefined;
  run(setting: Setting): Promise<ScenarioFacts>;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'openssl-server',
    title: 'our client, openssl s_server',
    peer: () => versionOf('openssl', 'version'),
    run: ({ identities, seed }) =>
      withFiles(
        { 'server.pem': identities.certificate, 'server.key': identities.privateKey },
        async (folder) => {
          const peer = new Program('openssl', [
            ...['s_server', '-accept', `${loopback}:0`, '-naccept', '1', '-alpn', alpn],
            ...['-cert', `${folder}/server.pem`, '-key', `${folder}/server.key`],
          ]);
          try {
            const [, port] = await peer.says(/ACCEPT \S*:(\d+)/);
            const client = await observedClient(Number(port), identities, seed);
            const { connection, inbox } = client;
            connection.write('hello from Sealwire\n');
            await peer.says(/hello from Sealwire/);
            peer.type('hello from OpenSSL');
            await inbox.receives('hello from OpenSSL');
            connection.updateKeys({ requestPeer: true });
            connection.write('under new keys\n');
            await peer.says(/under new keys/);
            peer.type('K'); // s_server: update the keys and ask the peer to do so
            await keyUpdated(connection);
            peer.type('under new keys, too');
            await inbox.receives('under new keys, too');
            connection.write('and answered\n'); // our own KeyUpdate goes before it
            await peer.says(/and answered/);
            await connection.close();
            return client.facts([
              { what: 'the peer updated its keys', holds: connection.facts.keyUpdatesReceived > 0 },
            ]);
          } finally {
            peer.stop();
          }
        },
      ),
  },
  {
    name: 'openssl-client',
    title: 'openssl s_client, our server',
    peer: () => versionOf('openssl', 'version'),
    run: ({ identities, seed }) =>
      withFiles({ 'root.pem': identities.root }, (folder) =>
        withObservedServer(identities, seed, async (server, accepted) => {
          const peer = new Program('openssl', [
            ...[
              's_client',
              '-connect',
              `${loopback}:${server.port}`,
              '-servername',
              'localhost',
              '-alpn',
              alpn,
            ],
            ...['-CAfile', `${folder}/root.pem`, '-verify_return_error', '-verify_hostname', 'localhost'],
          ]);
          try {
            const served = await accepted;
            const { connection, inbox } = served;
            await peer.says(/Verification: OK/);
            peer.type('hello from OpenSSL');
            await inbox.receives('hello from OpenSSL');
            connection.write('hello from Sealwire\n');
            await peer.says(/hello from Sealwire/);
            connection.updateKeys({ requestPeer: true });
            connection.write('under new keys\n');
            await peer.says(/under new keys/);
            peer.type('K'); // s_client: update the keys and ask the peer to do so
            await keyUpdated(connection);
            peer.type('under new keys, too');
            await inbox.receives('under new keys, too');
            connection.write('and answered\n'); // our own KeyUpdate goes before it
            await peer.says(/and answered/);
            peer.type('Q'); // s_client: close
            await inbox.ended;
            await connection.close();
            return served.facts([
              { what: 'the peer updated its keys', holds: connection.facts.keyUpdatesReceived > 0 },
            ]);
          } finally {
            peer.stop();
          }
        }),
      ),
  },
  {
    name: 'openssl-server-tls12',
    title: 'our client, openssl s_server with TLS 1.2 alone',
    peer: () => versionOf('openssl', 'version'),
    run: ({ identities, seed }) =>
      withFiles(
        { 'server.pem': identities.certificate, 'server.key': identities.privateKey },
        async (folder) => {
          const peer = new Program('openssl', [
            ...['s_server', '-accept', `${loopback}:0`, '-naccept', '1', '-alpn', alpn, '-tls1_2'],
            ...['-cert', `${folder}/server.pem`, '-key', `${folder}/server.key`],
          ]);
          try {
            const [, port] = await peer.says(/ACCEPT \S*:(\d+)/);
            const client = await observedClient(Number(port), identities, seed);
            const { connection, inbox } = client;
            connection.write('hello from Sealwire\n');
            await peer.says(/hello from Sealwire/);
            peer.type('hello from OpenSSL');
            await inbox.receives('hello from OpenSSL');
            await connection.close();
            return client.facts([older(connection)]);
          } finally {
            peer.stop();
          }
        },
      ),
  },
  {
    name: 'openssl-client-tls12',
    title: 'openssl s_client with TLS 1.2 alone, our server',
    peer: () => versionOf('openssl', 'version'),
    run: ({ identities, seed }) =>
      withFiles({ 'root.pem': identities.root }, (folder) =>
        withObservedServer(identities, seed, async (server, accepted) => {
          const peer = new Program('openssl', [
            ...['s_client', '-connect', `${loopback}:${server.port}`, '-tls1_2', '-alpn', alpn],
            ...['-servername', 'localhost', '-verify_hostname', 'localhost'],
            ...['-CAfile', `${folder}/root.pem`, '-verify_return_error'],
          ]);
          try {
            const served = await accepted;
            const { connection, inbox } = served;
            await peer.says(/Verification: OK/);
            peer.type('hello from OpenSSL');
            await inbox.receives('hello from OpenSSL');
            connection.write('hello from Sealwire\n');
            await peer.says(/hello from Sealwire/);
            peer.type('Q'); // s_client: close
            await inbox.ended;
            await connection.close();
            return served.facts([older(connection)]);
          } finally {
            peer.stop();
          }
        }),
      ),
  },
  {
    name: 'curl',
    title: 'curl, our server',
    peer: () => versionOf('curl', '--version'),
    run: ({ identities, seed }) =>
      withFiles({ 'root.pem': identities.root }, (folder) =>
        withObservedServer(identities, seed, async (server, accepted) => {
          const peer = new Program('curl', [
            ...['--silent', '--show-error', '--http1.1', '--cacert', `${folder}/root.pem`, '--noproxy', '*'],
            ...['--resolve', `localhost:${server.port}:${loopback}`, `https://localhost:${server.port}/`],
          ]);
          try {
            const served = await accepted;
            const { connection, inbox } = served;
            await inbox.receives('\r\n\r\n');
            const body = 'hello from Sealwire, under new keys\n';
            connection.write(
              `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
            );
            connection.updateKeys({ requestPeer: true });
            connection.write(body);
            await peer.says(/under new keys/);
            await inbox.ended;
            await connection.close();
            return served.facts([{ what: 'curl is content', holds: (await peer.exited) === 0 }]);
          } finally {
            peer.stop();
          }
        }),
      ),
  },
  {
    name: 'self',
    title: 'our client, our server',
    peer: () => 'in one process',
    run: ({ identities, seed }) =>
      withObservedServer(identities, seed, async (server, accepted) => {
        const client = await observedClient(server.port, identities, seed);
        const served = await accepted;
        const [here, there] = [client.connection, served.connection];
        here.write('hello from the client\n');
        await served.inbox.receives('hello from the client');
        there.write('hello from the server\n');
        await client.inbox.receives('hello from the server');
        here.updateKeys({ requestPeer: true });
        here.write('under new keys\n');
        await served.inbox.receives('under new keys');
        there.write('under new keys, too\n');
        await client.inbox.receives('under new keys, too');
        const [ours, theirs] = [here, there].map((end) =>
          Buffer.from(end.exportKeyingMaterial('EXPORTER-sealwire-demo', new Uint8Array(0), 32)),
        );
        await Promise.all([here.close(), there.close()]);
        return client.facts([
          { what: 'same exported keying material', holds: ours!.equals(theirs!) },
          { what: 'the peer updated its keys', holds: here.facts.keyUpdatesReceived > 0 },
        ]);
      }),
  },
];

/** One end of ours, with what is needed to tell about it. */
interface Observed {
  readonly connection: TlsStream;
  readonly inbox: Inbox;
  facts(checks: readonly Check[]): ScenarioFacts;
}

async function observedClient(
  port: number,
  identities: Identities,
  seed: string | undefined,
): Promise<Observed> {
  const observer = new Observer();
  const connection = await connect({
    host: loopback,
    serverName: 'localhost',
    port,
    roots: identities.root,
    alpnProtocols: [alpn],
    onTrace: observer.see,
    ...entropyFor(seed, 'client'),
  });
  return observed(connection, observer, undefined);
}

async function withObservedServer<T>(
  identities: Identities,
  seed: string | undefined,
  use: (server: TlsServer, accepted: Promise<Observed>) => Promise<T>,
): Promise<T> {
  let observer: Observer | undefined;
  const server = await createServer({
    host: loopback,
    certificate: identities.certificate,
    privateKey: identities.privateKey,
    alpnProtocols: [alpn, 'http/1.1'],
    onTrace: (event) => {
      observer ??= new Observer();
      observer.see(event);
    },
    ...entropyFor(seed, 'server'),
  });
  const chain = certificatesDer([identities.certificate, identities.root]);
  const accepted = new Promise<Observed>((resolve, reject) => {
    server.once('connection', (connection) => resolve(observed(connection, observer!, chain)));
    server.once('connectionError', reject);
  });
  accepted.catch(() => {});
  try {
    return await use(server, accepted);
  } finally {
    await server.close({ timeoutMs: 500 });
  }
}

function observed(
  connection: TlsStream,
  observer: Observer,
  chain: readonly Uint8Array[] | undefined,
): Observed {
  observer.connected();
  const handshakeMs = observer.elapsedMs;
  return {
    connection,
    inbox: new Inbox(connection),
    facts: (checks) => scenarioFacts(connection, observer, handshakeMs, chain, checks),
  };
}

/** We have offered TLS 1.3 as well, or would have taken it. */
function older({ facts }: TlsStream): Check {
  return { what: 'agreed on TLS 1.2', holds: facts.version === 0x0303 };
}

/** Resolves when the peer has updated its keys: its next command must not come together with this one. */
async function keyUpdated(connection: TlsStream): Promise<void> {
  for (let waitedMs = 0; connection.facts.keyUpdatesReceived === 0; waitedMs += 2) {
    if (waitedMs > 5_000) throw new Error('the peer did not update its keys');
    await sleep(2);
  }
}

const loopback = '127.0.0.1';

const alpn = 'sealwire-demo';
