import { get, type IncomingMessage } from 'node:http';
import type { World } from '../peers/peer.ts';
import { Tool } from '../processes.ts';
import {
  type Contract,
  expectContract,
  expectGreeting,
  expectUpgrade,
  type Greeting,
  type Upgrade,
  upgradeWords,
} from './outcome.ts';
import { withServers } from './servers.ts';
import { bundle, file, taskOf } from './task.ts';

export async function inWorkerd(world: World, path: string): Promise<void> {
  await withServers(world, async (servers, upgrading) => {
    await bundle('worker.ts', world);
    file(world, 'task.json', JSON.stringify(taskOf(world, servers, upgrading)));
    const config = file(world, 'worker.capnp', workerdConfig);
    const tool = new Tool(path, ['serve', '--control-fd=1', config]);
    try {
      await tool.until(/"port":\d+/);
      const [, port] = /"port":(\d+)/.exec(tool.output) ?? [];
      const ask = (what: string) => jsonOf(`http://127.0.0.1:${port}/${what}`);
      for (const name of Object.keys(servers))
        expectGreeting(`workerd and ${name}`, (await ask(`greet/${name}`)) as Greeting);
      for (const word of upgradeWords)
        expectUpgrade(`workerd after ${word}`, word, (await ask(`upgrade/${word}`)) as Upgrade);
      expectContract('workerd', (await ask('contract')) as Contract);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tool.describe()}`);
    } finally {
      await tool.stop();
    }
  });
}

/** `fetch` gives up after some minutes, which are not enough for the contract's full profile. */
async function jsonOf(url: string): Promise<unknown> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    get(url, resolve).on('error', reject),
  );
  let said = '';
  for await (const chunk of answer.setEncoding('utf8')) said += chunk;
  if (answer.statusCode !== 200) throw new Error(`peer: ${url}: ${answer.statusCode} ${said}`);
  return JSON.parse(said);
}

const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-11-01",
  bindings = [(name = "TASK", json = embed "task.json")],
);
`;
