import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import builtin, { type TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { normalised } from '../parity/normalise.ts';

/** What comes in place of a server's flight. */
const answers = {
  'no TLS at all': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'a fatal alert': Buffer.from('15030300020228', 'hex'),
};

/** What an application does before the handshake is over. */
const deeds: Readonly<Record<string, (client: TLSSocket, told: unknown[]) => void>> = {
  'writes nothing': () => {},
  'writes once': (client, told) => void client.write('word', (error) => told.push(['written', shown(error)])),
  'writes twice': (client, told) => {
    for (const name of ['first', 'second']) client.write(name, (error) => told.push([name, shown(error)]));
  },
  'writes and ends': (client) => void client.end('word'),
  ends: (client) => void client.end(),
};

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

describe.each(Object.entries(answers))('a client that is answered by %s', (_, answer) => {
  it.each(Object.entries(deeds))('and %s', async (_, act) => {
    expect(await toldBy(ours as unknown as typeof builtin, answer, act)).toEqual(
      await toldBy(builtin, answer, act),
    );
  });
});

async function toldBy(
  { connect }: typeof builtin,
  answer: Buffer,
  act: (typeof deeds)[string],
): Promise<unknown[]> {
  const server = createServer((carrier) => {
    carrier.on('error', () => {});
    carrier.once('data', () => carrier.end(answer));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const told: unknown[] = [];
  act(client, told);
  client.on('error', (error) => void told.push(['error', shown(error)]));
  client.on('end', () => void told.push('end')).resume();
  const [hadError] = await new Promise<unknown[]>((done) => void client.on('close', (...all) => done(all)));
  return [...told, hadError];
}

function shown(error: Error | null | undefined): unknown {
  if (!error) return error;
  return { ...error, name: error.name, message: normalised(error.message) };
}
