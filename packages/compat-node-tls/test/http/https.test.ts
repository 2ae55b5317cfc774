import { execFile } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import builtin from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import ours from '../../src/https/index.ts';
import tls from '../../src/index.ts';
import { serverIdentity, trusted } from './identity.ts';

type Https = typeof builtin;

const implementations: Record<string, Https> = { builtin, ours: ours as unknown as Https };
const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const action of cleanUps.splice(0)) action();
});

/** Answers with what the request was, and over what it came. */
async function served(https: Https, options: object = {}): Promise<number> {
  const server = https.createServer({ ...serverIdentity, ...options }, (request, response) => {
    const socket = request.socket as import('node:tls').TLSSocket;
    text(request).then((body) => {
      const { method } = request;
      response.end(
        JSON.stringify({ method, body, isEncrypted: socket.encrypted, resumes: socket.isSessionReused() }),
      );
    }, response.destroy);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  cleanUps.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

interface Told {
  readonly status: number | undefined;
  readonly method: string;
  readonly body: string;
  readonly isEncrypted: boolean;
  readonly resumes: boolean;
}

async function asked(
  https: Https,
  options: import('node:https').RequestOptions,
  body?: string,
): Promise<Told> {
  const response = await new Promise<IncomingMessage>((done, failed) => {
    https
      .request({ ...trusted, host: 'localhost', ...options }, done)
      .on('error', failed)
      .end(body);
  });
  return { status: response.statusCode, ...(JSON.parse(await text(response)) as Omit<Told, 'status'>) };
}

function agentOf(https: Https, options: import('node:https').AgentOptions = {}): import('node:https').Agent {
  const agent = new https.Agent(options);
  cleanUps.push(() => agent.destroy());
  return agent;
}

describe.each([
  ['builtin', 'ours'],
  ['ours', 'builtin'],
  ['ours', 'ours'],
])('with https of %s as server and of %s as client', (server, client) => {
  const [serverSide, clientSide] = [implementations[server]!, implementations[client]!];

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('asks and answers over %s', async (maxVersion) => {
    const port = await served(serverSide, { maxVersion });
    const body = 'x'.repeat(100_000);
    const told = await asked(clientSide, { port, method: 'POST', agent: agentOf(clientSide) }, body);
    expect(told).toEqual({ status: 200, method: 'POST', body, isEncrypted: true, resumes: false });
  });

  it('uses a connection again that its agent keeps', async () => {
    const port = await served(serverSide);
    const agent = agentOf(clientSide, { keepAlive: true });
    await asked(clientSide, { port, agent });
    const [kept] = await freeSockets(agent);
    const request = clientSide.get({ ...trusted, host: 'localhost', port, agent });
    const response = await new Promise<IncomingMessage>((done) => void request.on('response', done));
    response.resume();
    expect(request.reusedSocket).toBe(true);
    expect(request.socket).toBe(kept);
  });

  it('resumes a session that its agent has cached', async () => {
    const port = await served(serverSide);
    const agent = agentOf(clientSide, { keepAlive: true });
    expect((await asked(clientSide, { port, agent })).resumes).toBe(false);
    const [kept] = await freeSockets(agent);
    kept!.destroy();
    expect((await asked(clientSide, { port, agent })).resumes).toBe(true);
  });

  it('caches no session where none are wanted', async () => {
    const port = await served(serverSide);
    const agent = agentOf(clientSide, { maxCachedSessions: 0 });
    await asked(clientSide, { port, agent });
    expect((await asked(clientSide, { port, agent })).resumes).toBe(false);
  });

  it('tells a client that trusts nobody here', async () => {
    const port = await served(serverSide);
    await expect(asked(clientSide, { port, ca: [], agent: agentOf(clientSide) })).rejects.toMatchObject({
      code: expect.stringMatching(/^(UNABLE_TO_|SELF_SIGNED_)/) as string,
    });
  });
});

/** Sockets that the agent keeps for later, once there are any. */
async function freeSockets(agent: import('node:https').Agent): Promise<import('node:net').Socket[]> {
  for (;;) {
    const free = Object.values(agent.freeSockets).flatMap((list) => list ?? []);
    if (free.length > 0) return free;
    await new Promise((done) => setImmediate(done));
  }
}

describe('https of ours', () => {
  it('is served to curl', async () => {
    const port = await served(implementations['ours']!);
    const { stdout } = await promisify(execFile)('curl', [
      '-sk',
      '-d',
      'of curl',
      `https://127.0.0.1:${port}/`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'POST', body: 'of curl', isEncrypted: true });
  });

  it('names agents’ connections as Node does', () => {
    const options = {
      host: 'a.example',
      port: 443,
      ca: 'CA',
      rejectUnauthorized: false,
      servername: 'b.example',
      maxVersion: 'TLSv1.2',
      honorCipherOrder: false,
      secureOptions: 0,
      sigalgs: 'ed25519',
    };
    for (const each of [options, {}, { host: 'a.example', servername: 'a.example', key: 'K', cert: 'C' }])
      expect(new ours.Agent().getName(each as never)).toBe(new builtin.Agent().getName(each as never));
  });

  it('does not use a connection for other objects `sealwire` than its own', () => {
    const agent = new ours.Agent();
    const [one, other] = [{ verify: () => true }, { verify: () => true }];
    const name = (sealwire?: object) => agent.getName({ host: 'a.example', sealwire } as never);
    expect(name(one)).toBe(name(one));
    expect(new Set([name(one), name(other), name()]).size).toBe(3);
  });

  it('is what builtin https speaks over, by its option createConnection', async () => {
    const port = await served(builtin);
    const connect = (tls as unknown as typeof import('node:tls')).connect;
    const told = await asked(builtin, {
      port,
      agent: false,
      createConnection: () => connect({ ...trusted, host: 'localhost', port }),
    } as never);
    expect(told).toMatchObject({ status: 200, isEncrypted: true });
  });

  it('tells of clients that speak no TLS by clientError', async () => {
    const { connect } = await import('node:net');
    const server = ours.createServer(serverIdentity);
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    cleanUps.push(() => void server.close());
    const told = new Promise<Error>((done) => {
      (server as unknown as import('node:events').EventEmitter).on('clientError', (error, socket) => {
        socket.destroy();
        done(error);
      });
    });
    const raw = connect((server.address() as AddressInfo).port, '127.0.0.1', () =>
      raw.write('GET / HTTP/1.1\r\n\r\n'),
    );
    raw.on('error', () => {});
    expect(await told).toBeInstanceOf(Error);
  });
});
