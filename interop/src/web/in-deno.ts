import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@sealwire/node-transport';
import type { World } from '../peers/peer.ts';
import { Tool } from '../processes.ts';
import {
  type Contract,
  expect,
  expectContract,
  expectGreeting,
  expectUpgrade,
  type Greeting,
  greeting,
  type Upgrade,
  type UpgradeWord,
  upgradeWords,
} from './outcome.ts';
import { withServers } from './servers.ts';
import { bundle, file, patienceMs, taskOf } from './task.ts';

export async function inDeno(world: World, path: string): Promise<void> {
  await withServers(world, async (servers, upgrading) => {
    const script = await bundle('deno.ts', world);
    const task = file(world, 'deno.json', JSON.stringify(taskOf(world, servers, upgrading)));
    const flags = ['--no-prompt', '--v8-flags=--expose-gc', '--allow-net=127.0.0.1', `--allow-read=${task}`];
    const env = { ...process.env, DENO_DIR: join(world.directory, 'deno'), DENO_NO_UPDATE_CHECK: '1' };
    const tool = new Tool(path, ['run', ...flags, script, task], { env });
    try {
      await tool.until('"listening"', 0, patienceMs);
      const lines = tool.output.split('\n').filter((line) => line.startsWith('{'));
      const said: Outcome & { readonly listening?: number; readonly mail?: number } = Object.assign(
        {},
        ...lines.map((line) => JSON.parse(line)),
      );
      expectContract('Deno', said.contract);
      for (const name of Object.keys(servers)) expectGreeting(`Deno and ${name}`, said[name]);
      for (const word of upgradeWords) expectUpgrade(`Deno after ${word}`, word, said[word]);
      await visitDeno(world, said.listening ?? 0);
      await visitByOpenssl(world, said.mail ?? 0, ['-starttls', 'smtp']);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tool.describe()}`);
    } finally {
      await tool.stop();
    }
  });
}

/** Our echo server in Deno, visited by Node and by OpenSSL. */
async function visitDeno(world: World, port: number): Promise<void> {
  const roots = readFileSync(world.pki.rootFile, 'utf8');
  const connection = await connect({ host: '127.0.0.1', port, serverName: 'localhost', roots });
  connection.end(greeting);
  let heard = '';
  for await (const chunk of connection) heard += String(chunk);
  expect('what Node heard of Deno', heard, greeting);
  await visitByOpenssl(world, port, []);
}

async function visitByOpenssl({ pki }: World, port: number, options: readonly string[]): Promise<void> {
  const trust = ['-CAfile', pki.rootFile, '-verify_return_error', '-servername', 'localhost'];
  const openssl = new Tool('openssl', [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-quiet',
    ...trust,
    ...options,
  ]);
  try {
    await openssl.write(greeting);
    await openssl.until(greeting);
  } finally {
    await openssl.stop();
  }
}

type Outcome = { readonly contract?: Contract } & { readonly [server: string]: Greeting } & {
  readonly [word in UpgradeWord]?: Upgrade;
};
