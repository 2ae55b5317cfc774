import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ask } from '../src/page.ts';
import { expectOnlyRecords } from '../src/records.ts';
import { bundle, setStage, type Stage } from '../src/stage.ts';
import { tunnelOver } from '../src/tunnel.ts';

let stage: Stage;
const seen: Record<string, Uint8Array[]> = {};

afterEach(() => stage?.close());

async function onStage(): Promise<Stage> {
  for (const name of Object.keys(seen)) delete seen[name];
  return setStage((_destination, direction, bytes) => {
    (seen[direction] ??= []).push(Uint8Array.from(bytes));
  });
}

const text = 'what nobody between us may read';

it('carries a request of the page, and sees ciphertext alone', async () => {
  stage = await onStage();
  const { serverName, roots, tunnel } = stage;
  const answer = await ask(new WebSocket(tunnel) as never, { serverName, roots, text });
  expect(answer).toMatchObject({ status: 'HTTP/1.1 200 OK', text: `You said: ${text}` });
  for (const direction of ['to the server', 'to the page'])
    expectOnlyRecords(direction, Buffer.concat(seen[direction] ?? []), text);
});

it('says nothing to a server of another name', async () => {
  stage = await onStage();
  const { roots, tunnel } = stage;
  const asked = ask(new WebSocket(tunnel) as never, { serverName: 'bank.example', roots, text });
  await expect(asked).rejects.toMatchObject({ code: 'local.nameMismatch' });
});

it('has a page without anything of Node, and without a provider but noble', async () => {
  const script = await bundle();
  expect(script).not.toMatch(/from ?"node:|require\("node:/);
  expect(script.length).toBeLessThan(1_000_000);
});

it('lets only its pages in, to its destinations, with binary messages', async () => {
  stage = await onStage();
  const refusal = async (url: string, origin: string) => {
    const [error] = (await once(new WebSocket(url, { origin }), 'error')) as [Error];
    return error.message;
  };
  const own = new URL(stage.page).origin;
  expect(await refusal(stage.tunnel, 'http://elsewhere.example')).toContain('401');
  expect(await refusal(stage.tunnel.replace('shop', 'constructor'), own)).toContain('401');
  const socket = new WebSocket(stage.tunnel, { origin: own });
  await once(socket, 'open');
  socket.send('text');
  const [code] = await once(socket, 'close');
  expect(code).toBe(1003);
});

it('makes a page wait for a server that does not read', async () => {
  const silent = createTcpServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const http = createHttpServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  let carried = 0;
  const destinations = { silent: { host: '127.0.0.1', port } };
  const tunnel = tunnelOver(http, { destinations, onBytes: (_, _way, bytes) => (carried += bytes.length) });
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as { port: number }).port}/silent`);
  await once(socket, 'open');
  const block = new Uint8Array(1 << 20);
  for (let i = 0; i < 64; i++) socket.send(block);
  let before = -1;
  while (carried !== before) {
    before = carried;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(carried).toBeGreaterThan(0);
  expect(carried).toBeLessThan(32 << 20);
  socket.terminate();
  tunnel.close();
  http.close();
  silent.close();
  http.closeAllConnections();
});
