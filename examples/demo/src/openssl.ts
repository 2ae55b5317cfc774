import type { TlsStream } from '@sealwire/node-transport';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from './facts.ts';
import { alpn, loopback, type Observed, observedClient, withObservedServer } from './observed.ts';
import { Program, versionOf, withFiles } from './program.ts';
import type { Scenario } from './scenario.ts';

/** What the program is told to speak; we have offered both, or would have taken them. */
type Version = '1.3' | '1.2';

export function opensslServer(version: Version): Scenario {
  return {
    name: `openssl-server${version === '1.2' ? '-tls12' : ''}`,
    title: `our client, openssl s_server${alone(version)}`,
    peer: () => versionOf('openssl', 'version'),
    run: ({ identities, seed }) =>
      withFiles(
        { 'server.pem': identities.certificate, 'server.key': identities.privateKey },
        async (folder) => {
          const peer = new Program('openssl', [
            ...['s_server', '-accept', `${loopback}:0`, '-naccept', '1', '-alpn', alpn, ...flags(version)],
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
            if (version === '1.3') await updateKeys(client, peer);
            await connection.close();
            return client.facts([spoken(connection, version)]);
          } finally {
            peer.stop();
          }
        },
      ),
  };
}

export function opensslClient(version: Version): Scenario {
  return {
    name: `openssl-client${version === '1.2' ? '-tls12' : ''}`,
    title: `openssl s_client${alone(version)}, our server`,
    peer: () => versionOf('openssl', 'version'),
    run: ({ identities, seed }) =>
      withFiles({ 'root.pem': identities.root }, (folder) =>
        withObservedServer(identities, seed, async (server, accepted) => {
          const peer = new Program('openssl', [
            ...['s_client', '-connect', `${loopback}:${server.port}`, '-alpn', alpn, ...flags(version)],
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
            if (version === '1.3') await updateKeys(served, peer);
            peer.type('Q'); // s_client: close
            await inbox.ended;
            await connection.close();
            return served.facts([spoken(connection, version)]);
          } finally {
            peer.stop();
          }
        }),
      ),
  };
}

const alone = (version: Version) => (version === '1.2' ? ' with TLS 1.2 alone' : '');
const flags = (version: Version) => (version === '1.2' ? ['-tls1_2'] : []);

/** Both sides take new keys, each at its own and at its peer's request, and talk under them (RFC 8446 §4.6.3). */
async function updateKeys({ connection, inbox }: Observed, peer: Program): Promise<void> {
  connection.updateKeys({ requestPeer: true });
  connection.write('under new keys\n');
  await peer.says(/under new keys/);
  peer.type('K'); // s_server and s_client: update the keys and ask the peer to do so
  await keyUpdated(connection);
  peer.type('under new keys, too');
  await inbox.receives('under new keys, too');
  connection.write('and answered\n'); // our own KeyUpdate goes before it
  await peer.says(/and answered/);
}

/** That it was this version; of TLS 1.3, that the peer has updated its keys. */
function spoken({ facts }: TlsStream, version: Version): Check {
  return version === '1.2'
    ? { what: 'agreed on TLS 1.2', holds: facts.version === 0x0303 }
    : { what: 'the peer updated its keys', holds: facts.keyUpdatesReceived > 0 };
}

/** Resolves when the peer has updated its keys: its next command must not come together with this one. */
async function keyUpdated(connection: TlsStream): Promise<void> {
  for (let waitedMs = 0; connection.facts.keyUpdatesReceived === 0; waitedMs += 2) {
    if (waitedMs > 5_000) throw new Error('the peer did not update its keys');
    await sleep(2);
  }
}
