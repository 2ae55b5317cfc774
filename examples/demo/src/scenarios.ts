import { loopback, observedClient, withObservedServer } from './observed.ts';
import { opensslClient, opensslServer } from './openssl.ts';
import { Program, versionOf, withFiles } from './program.ts';
import type { Scenario } from './scenario.ts';
import { trusted } from './trusted.ts';

export const scenarios: readonly Scenario[] = [
  opensslServer('1.3'),
  opensslClient('1.3'),
  opensslServer('1.2'),
  opensslClient('1.2'),
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
  trusted,
];
