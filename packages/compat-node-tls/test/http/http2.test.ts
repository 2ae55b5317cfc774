import { execFile } from 'node:child_process';
import builtin, {
  type ClientHttp2Session,
  type Http2SecureServer,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import ours from '../../src/http2/index.ts';
import { TLSSocket as OurSocket } from '../../src/index.ts';
import { serverIdentity, trusted } from './identity.ts';

type Http2 = typeof builtin;

const implementations: Record<string, Http2> = { builtin, ours: ours as unknown as Http2 };
const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const action of cleanUps.splice(0).reverse()) action();
});

/** Gives back what it is sent. */
async function served(http2: Http2): Promise<Http2SecureServer> {
  const server = http2.createSecureServer({
    ...serverIdentity,
    allowHTTP1: true,
    origins: ['https://another.example'],
  });
  server.on('request', (request, response) => void request.pipe(response));
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  cleanUps.push(() => void server.close());
  return server;
}

function sessionTo(http2: Http2, server: Http2SecureServer): ClientHttp2Session {
  const { port } = server.address() as AddressInfo;
  const session = http2.connect(`https://localhost:${port}`, trusted);
  cleanUps.push(() => session.destroy());
  return session;
}

async function echoed(session: ClientHttp2Session, body: string): Promise<string> {
  const stream = session.request({ ':method': 'POST' });
  const closed = new Promise((done) => void stream.once('close', done));
  stream.end(body);
  const answer = await text(stream);
  await closed;
  return answer;
}

describe.each([
  ['builtin', 'ours'],
  ['ours', 'builtin'],
  ['ours', 'ours'],
])('with http2 of %s as server and of %s as client', (server, client) => {
  const [serverSide, clientSide] = [implementations[server]!, implementations[client]!];

  it('knows on both sides that and how a session is encrypted', async () => {
    const listening = await served(serverSide);
    const accepted = new Promise<ServerHttp2Session>((done) => void listening.once('session', done));
    const session = sessionTo(clientSide, listening);
    await new Promise((done) => void session.once('origin', done));
    const { port } = listening.address() as AddressInfo;
    for (const each of [session, await accepted])
      expect(each).toMatchObject({ encrypted: true, alpnProtocol: 'h2' });
    expect(session.originSet).toEqual([`https://localhost:${port}`, 'https://another.example']);
    const socket = session.socket as TLSSocket;
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerCertificate().subjectaltname).toContain('DNS:localhost');
    expect(socket.remotePort).toBe(port);
    expect(socket instanceof OurSocket).toBe(client === 'ours');
  });

  it('is not connected before the handshake is complete', async () => {
    const session = sessionTo(clientSide, await served(serverSide));
    expect(session.connecting).toBe(true);
    const socket = await new Promise<TLSSocket>((done) =>
      session.once('connect', (_, given) => done(given as TLSSocket)),
    );
    expect(socket.getProtocol()).toBe('TLSv1.3');
  });

  it('carries much at once, both ways', async () => {
    const session = sessionTo(clientSide, await served(serverSide));
    const bodies = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(700_000));
    expect(await Promise.all(bodies.map((body) => echoed(session, body)))).toEqual(bodies);
  });

  it('ends when either side closes its session', async () => {
    const listening = await served(serverSide);
    const accepted = new Promise<ServerHttp2Session>((done) => void listening.once('session', done));
    const first = sessionTo(clientSide, listening);
    await echoed(first, 'x');
    const isGone = new Promise(
      (done) => void accepted.then((other) => other.once('close', () => done(true))),
    );
    first.close();
    expect(await isGone).toBe(true);
    const next = new Promise<ServerHttp2Session>((done) => void listening.once('session', done));
    const second = sessionTo(clientSide, listening);
    await echoed(second, 'y');
    const isClosed = new Promise((done) => void second.once('close', () => done(true)));
    (await next).destroy();
    expect(await isClosed).toBe(true);
  });

  it('ends with its socket', async () => {
    const session = sessionTo(clientSide, await served(serverSide));
    await echoed(session, 'x');
    const stream = session.request({ ':method': 'POST' });
    const ended = new Promise((done) => void stream.once('close', () => done(true)));
    stream.on('error', () => {});
    session.on('error', () => {});
    session.destroy(new Error('enough'));
    expect(await ended).toBe(true);
    expect(session.destroyed).toBe(true);
  });
});

describe('http2 of ours', () => {
  it.each([
    ['--http2', '2'],
    ['--http1.1', '1.1'],
  ])('is served to curl %s', async (option, version) => {
    const { port } = (await served(implementations['ours']!)).address() as AddressInfo;
    const url = `https://127.0.0.1:${port}/`;
    const { stdout } = await promisify(execFile)('curl', [
      '-sk',
      option,
      '-d',
      'of curl',
      '-w',
      ' %{http_version}',
      url,
    ]);
    expect(stdout).toBe(`of curl ${version}`);
  });

  it('leaves the class of Node’s servers as it was', async () => {
    const parent: unknown = Object.getPrototypeOf(builtin.createSecureServer().constructor);
    await served(implementations['ours']!);
    expect(Object.getPrototypeOf(builtin.createSecureServer().constructor)).toBe(parent);
  });
});
