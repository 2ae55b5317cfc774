import { connect, createServer, type TlsStream } from '@sealwire/node-transport';
import type { RequestListener } from 'node:http';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { httpService, type Patience } from '../src/commands/serve/service.ts';
import { pki } from './run.ts';

const never = 3_600_000;

it('ends, in order, a connection of which no whole request comes', async () => {
  const server = await serving(hello, { requestMs: 200 });
  const client = await server.client();
  client.write('GET / HTTP/1.1\r\nx: ');
  // However often a byte comes.
  const dripping = setInterval(() => client.write('x'), 20);
  expect(await textOf(client)).toBe('');
  clearInterval(dripping);
  await server.close();
});

it('answers what is no request, and ends the connection in order', async () => {
  const server = await serving(hello, { requestMs: 2_000 });
  const client = await server.client();
  client.write('hello\r\n\r\n');
  expect(await textOf(client)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  await server.close();
});

it('cuts what is no request off in the middle of an answer, and puts no other answer into it', async () => {
  const begun: RequestListener = (_, response) => void response.write('begun');
  const server = await serving(begun, {});
  const client = await server.client();
  client.write(get);
  let text = '';
  client.on('data', (chunk: Buffer) => (text += String(chunk)));
  await once(client, 'data');
  client.write('hello\r\n\r\n');
  await once(client, 'error');
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*begun/);
  expect(text).not.toContain('400');
  await server.close();
});

it('ends a connection on which no other request comes, and answers those that do', async () => {
  const server = await serving(hello, { nextRequestMs: 1_000 });
  const client = await server.client();
  for (let i = 0; i < 2; i++) {
    client.write(get);
    await once(client, 'data');
  }
  expect(await textOf(client)).toBe('');
  await server.close();
});

it('waits for an answer for as long as it takes, also of several', async () => {
  const late: RequestListener = (_, response) => setTimeout(() => response.end('late'), 1_500);
  const server = await serving(late, { requestMs: 1_000, nextRequestMs: 1_000, stalledMs: 30_000 });
  const client = await server.client();
  client.write(get + get);
  expect((await textOf(client)).match(/late/g)).toEqual(['late', 'late']);
  await server.close();
});

it('ends a connection on which an answer is asked for and not read', async () => {
  const endless: RequestListener = (_, response) => {
    const fill = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', fill);
    fill();
  };
  const server = await serving(endless, { stalledMs: 300 });
  const client = await server.client();
  client.write(get);
  await once(client, 'readable');
  // Nobody reads; but the connection is gone all the same.
  await server.over;
  client.destroy();
  await server.close();
});

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const hello: RequestListener = (_, response) => void response.end('hello');

async function serving(listener: RequestListener, patience: Partial<Patience>) {
  const service = httpService(() => listener, {
    requestMs: never,
    nextRequestMs: never,
    stalledMs: never,
    ...patience,
  });
  let gone = () => {};
  const over = new Promise<void>((resolve) => (gone = resolve));
  const server = await createServer({ ...pki.server }, (stream) => service(stream).finally(gone));
  return {
    over,
    client: () => connect({ host: 'localhost', port: server.port, roots: pki.root }),
    close: () => server.close(),
  };
}

/** To the end, which must be one in order. */
async function textOf(stream: TlsStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
