import { writeFileSync } from 'node:fs';
import { createServer as listen, type Socket } from 'node:net';
import { join } from 'node:path';
import { createClient, createServer, namedGroups, suites13 } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { capture } from '@sealwire/testkit';
import { type CertificateKind, type GroupName, type SuiteName, suiteNames } from './cell.ts';
import { dial, OwnEnd } from './own-end.ts';
import type { World } from './peers/peer.ts';
import { isInstalled, runTool, Tool } from './processes.ts';

export interface Check {
  readonly name: string;
  /** `skipped` carries its reason. */
  run(world: World): Promise<{ readonly skipped: string } | undefined>;
}

/**
 * Our key log (RFC 9850) in the hands of Wireshark's dissector: with the lines of one end it must decrypt the
 * handshake and the data of both directions, also after key updates, from a recording of what passed.
 */
export const keylogChecks: readonly Check[] = [
  ...suiteNames.map((suite): Check => recorded(suite, 'x25519', 'p256')),
  recorded('TLS_AES_256_GCM_SHA384', 'X25519MLKEM768', 'ed25519'),
  { name: 'key log: tshark captures on the loopback device', run: captured },
];

function recorded(suite: SuiteName, group: GroupName, certificate: CertificateKind): Check {
  return {
    name: `key log: tshark decrypts ${suite} ${group}`,
    async run(world) {
      if (!isInstalled('tshark')) return { skipped: 'tshark is not installed' };
      const { wire, keyLog } = await talk(world, suite, group, certificate);
      const file = join(world.directory, `recorded-${suite}-${group}.pcapng`);
      // The secrets stay out of the file: here tshark is to read them from a key-log file of its own.
      const pieces = wire.map(({ from, bytes }, i) => ({
        from: from === 'us' ? ('client' as const) : ('server' as const),
        bytes,
        atMs: 1_700_000_000_000 + i,
      }));
      writeFileSync(file, capture({ wire: pieces, keyLog: [] }));
      inspect(world, file, keyLog, 443);
      return undefined;
    },
  };
}

async function captured(world: World): Promise<{ readonly skipped: string } | undefined> {
  if (!isInstalled('tshark')) return { skipped: 'tshark is not installed' };
  const file = join(world.directory, 'captured.pcapng');
  const server = await openServer(world, 'TLS_AES_128_GCM_SHA256', 'x25519', 'p256');
  const tshark = new Tool('tshark', ['-i', 'lo', '-f', `tcp port ${server.port}`, '-w', file]);
  try {
    await tshark.until('Capturing on', 0, 10_000);
  } catch {
    server.close();
    await tshark.stop();
    return { skipped: `this user may not capture: ${tshark.output.trim().split('\n').at(-1)}` };
  }
  // "Capturing on" is printed before the device delivers its first packet.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { keyLog } = await talk(world, 'TLS_AES_128_GCM_SHA256', 'x25519', 'p256', server);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await tshark.stop();
  inspect(world, file, keyLog, server.port);
  return undefined;
}

type Listener = Awaited<ReturnType<typeof openServer>>;

async function openServer({ pki }: World, suite: SuiteName, group: GroupName, certificate: CertificateKind) {
  const ends: OwnEnd[] = [];
  const server = listen({ allowHalfOpen: true }, (socket: Socket) => {
    const options = {
      provider: nodeProvider,
      cipherSuites: [suites13[suite]],
      groups: [namedGroups[group]],
      credentials: [pki.servers[certificate].credential(nodeProvider)],
    };
    ends.push(new OwnEnd(createServer(options), socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { ends, port, close: () => server.close() };
}

/** A connection between our own ends: data, a key update of each side, data again, close. */
async function talk(
  world: World,
  suite: SuiteName,
  group: GroupName,
  certificate: CertificateKind,
  open?: Listener,
) {
  const server = open ?? (await openServer(world, suite, group, certificate));
  const connection = createClient({
    provider: nodeProvider,
    serverName: 'localhost',
    cipherSuites: [suites13[suite]],
    groups: [namedGroups[group]],
    answers: { verifyPeer: world.pki.verifier(nodeProvider) },
    keyLog: true,
  });
  const client = new OwnEnd(connection, await dial(server.port), { keepsWire: true });
  try {
    await client.connected();
    const [theirs] = server.ends;
    if (theirs === undefined) throw new Error('we: no server end');
    const say = async (from: OwnEnd, to: OwnEnd, text: string) => {
      await from.send(text);
      await to.until(text, () => to.text.includes(text));
    };
    await theirs.connected();
    await say(client, theirs, words[0]);
    await say(theirs, client, words[1]);
    client.updateKeys();
    await say(client, theirs, words[2]);
    await say(theirs, client, words[3]);
    if (client.connection.facts.keyUpdatesReceived !== 1)
      throw new Error('we: the key update was not answered');
    client.close();
    theirs.close();
    await client.until('end', () => client.ended?.type === 'closed');
    return { wire: client.wire, keyLog: client.keyLog };
  } finally {
    client.destroy();
    for (const end of server.ends) end.destroy();
    server.close();
  }
}

function inspect(world: World, capture: string, keyLog: readonly string[], port: number): void {
  const keys = join(world.directory, `keys-${port}-${keyLog.length}-${Date.now()}.txt`);
  writeFileSync(keys, `${keyLog.join('\n')}\n`);
  const text = runTool('tshark', [
    ...['-r', capture, '-o', `tls.keylog_file:${keys}`, '-d', `tcp.port==${port},tls`],
    ...['-O', 'tls', '-x'],
  ]);
  for (const message of [
    'Encrypted Extensions',
    'Certificate',
    'Certificate Verify',
    'Finished',
    'Key Update',
  ]) {
    if (!text.includes(`Handshake Protocol: ${message}`))
      throw new Error(`tshark shows no ${message}\n${text.slice(-2000)}`);
  }
  if (!text.includes('Close Notify')) throw new Error('tshark shows no close_notify');
  // The hex dump of decrypted data shows 16 characters a line; each word is made to be seen whole in the ASCII column.
  const ascii = [...text.matchAll(/^[0-9a-f]{4} {2}(?:[0-9a-f]{2} ){1,16} *(.*)$/gm)]
    .map(([, column]) => column)
    .join('');
  for (const word of words) {
    if (!ascii.includes(word)) throw new Error(`tshark does not show the data "${word}"`);
  }
}

const words = ['ping-before-update', 'pong-before-update', 'ping-after-update', 'pong-after-update'] as const;
