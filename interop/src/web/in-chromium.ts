import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectOnlyRecords, setStage, tunnelOver } from '@sealwire/browser-tunnel';
import { BrowserPage } from '../browser.ts';
import type { World } from '../peers/peer.ts';
import { type Contract, expect, expectContract, expectGreeting, type Greeting, greeting } from './outcome.ts';
import { withServers } from './servers.ts';
import { bundle, patienceMs, taskOf } from './task.ts';

export async function inChromium(world: World, hasNetwork: boolean): Promise<void> {
  await withServers(world, async (servers, upgrading) => {
    const script = readFileSync(await bundle('page.ts', world), 'utf8');
    const task = JSON.stringify({ ...taskOf(world, servers, upgrading), hasNetwork });
    const html = `<!doctype html><title>web-transport</title><script>globalThis.task = ${task};</script>
<script type="module" src="/bundle.js"></script>`;
    const tunnel = await openTunnel(servers, html, script);
    const opened = await BrowserPage.open(world);
    try {
      await opened.page.goto(`http://localhost:${tunnel.port}/`);
      const outcome = await opened.outcome(patienceMs);
      if (!outcome.startsWith('{')) throw new Error(`the page says ${outcome}`);
      const { greetings, dataChannel, messagePort, contract } = JSON.parse(outcome) as PageOutcome;
      expectContract('Chromium', contract);
      for (const name of Object.keys(servers)) expectGreeting(`Chromium and ${name}`, greetings[name]);
      for (const [name, each] of Object.entries({ dataChannel, messagePort })) {
        if (each === 'no network')
          console.log(`  ${name} not run: there is no network but the loopback device`);
        else expect(`what came through ${name}`, each.heard ?? each, 'l'.repeat(500_000));
      }
      for (const [name, { toServer, toPage }] of tunnel.seen) {
        expectOnlyRecords(`from the page to ${name}`, Buffer.concat(toServer), greeting.trim());
        expectOnlyRecords(`from ${name} to the page`, Buffer.concat(toPage), greeting.trim());
      }
      expect('tunnels', tunnel.seen.size, Object.keys(servers).length);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${opened.describe()}`);
    } finally {
      await opened.stop();
      tunnel.close();
    }
  });
}

/** The example's own page and stage. */
export async function examplePage(world: World): Promise<void> {
  const seen: Record<string, Uint8Array[]> = { 'to the server': [], 'to the page': [] };
  const stage = await setStage((_name, direction, bytes) => seen[direction]?.push(Uint8Array.from(bytes)));
  const opened = await BrowserPage.open(world);
  try {
    await opened.page.goto(stage.page);
    await opened.page.fill('input', greeting.trim());
    await opened.page.click('button');
    const outcome = await opened.outcome(patienceMs);
    if (!outcome.startsWith('{')) throw new Error(`the page says ${outcome}`);
    expect('the answer', (JSON.parse(outcome) as { text: string }).text, `You said: ${greeting.trim()}`);
    for (const [direction, pieces] of Object.entries(seen))
      expectOnlyRecords(direction, Buffer.concat(pieces), greeting.trim());
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${opened.describe()}`);
  } finally {
    await opened.stop();
    stage.close();
  }
}

interface Traffic {
  readonly toServer: Uint8Array[];
  readonly toPage: Uint8Array[];
}

/** The tunnel of the example, to each server by its name, and all that passes; and the page from the same server. */
async function openTunnel(servers: Readonly<Record<string, number>>, html: string, script: string) {
  const seen = new Map<string, Traffic>();
  const http = createHttpServer((request, response) => {
    const isPage = request.url === '/';
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
    response.end(isPage ? html : script);
  });
  const destinations = Object.fromEntries(
    Object.entries(servers).map(([name, port]) => [name, { host: '127.0.0.1', port }]),
  );
  const tunnel = tunnelOver(http, {
    destinations,
    onBytes(name, direction, bytes) {
      const traffic = seen.get(name) ?? { toServer: [], toPage: [] };
      seen.set(name, traffic);
      traffic[direction === 'to the server' ? 'toServer' : 'toPage'].push(Uint8Array.from(bytes));
    },
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const close = () => {
    tunnel.close();
    http.close();
    http.closeAllConnections();
  };
  return { seen, port: (http.address() as AddressInfo).port, close };
}

interface PageOutcome {
  readonly greetings: Readonly<Record<string, Greeting>>;
  readonly dataChannel: Greeting | 'no network';
  readonly messagePort: Greeting;
  readonly contract: Contract;
}
