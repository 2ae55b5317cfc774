import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer, secure } from '@sealwire/node-transport';
import type { World } from '../peers/peer.ts';
import { freePort, Tool } from '../processes.ts';

/**
 * Two that send back what they get: ours on Node, and OpenSSL's, which turns lines around. `upgrading`: the port of another one on Node, whose
 * TLS begins after a dialogue in clear.
 */
export async function withServers(
  { pki }: World,
  run: (servers: Readonly<Record<string, number>>, upgrading: number) => Promise<void>,
): Promise<void> {
  const { chain, key } = pki.servers.p256.files;
  const node = await createServer(
    {
      host: '127.0.0.1',
      certificate: readFileSync(chain, 'utf8'),
      privateKey: readFileSync(key, 'utf8'),
    },
    async (connection) => {
      for await (const chunk of connection) await connection.send(chunk);
      connection.end();
    },
  );
  const upgrading = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    upgraded(socket, pki).catch(() => socket.destroy());
  });
  await once(upgrading.listen(0, '127.0.0.1'), 'listening');
  const port = await freePort();
  const identity = ['-cert', pki.servers.p256.files.certificate, '-key', key, '-cert_chain', chain];
  const openssl = new Tool('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-rev', ...identity]);
  try {
    await openssl.until('ACCEPT');
    await run({ node: node.port, openssl: port }, (upgrading.address() as AddressInfo).port);
  } finally {
    await openssl.stop();
    upgrading.close();
    await node.close({ timeoutMs: 100 });
  }
}

/** Lines in clear, then TLS on either side, as `test/runtimes/starttls.ts` asks for it, and an echo. */
async function upgraded(socket: Socket, pki: World['pki']): Promise<void> {
  socket.write('220 ready\r\n');
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  const end = chunk.indexOf('\r\n') + 2;
  const { chain, key } = pki.servers.p256.files;
  const initial = chunk.subarray(end);
  // The answer and our own hello, where we are the client, are one segment.
  socket.cork();
  socket.write('220 go ahead\r\n');
  const securing =
    chunk.toString('latin1', 0, end) === 'STARTTLS\r\n'
      ? secure(socket, {
          role: 'server',
          certificate: readFileSync(chain, 'utf8'),
          privateKey: readFileSync(key, 'utf8'),
          initial,
        })
      : secure(socket, {
          role: 'client',
          serverName: 'localhost',
          roots: readFileSync(pki.rootFile, 'utf8'),
          initial,
        });
  socket.uncork();
  const connection = await securing;
  for await (const bytes of connection) await connection.send(bytes);
  connection.end();
}
