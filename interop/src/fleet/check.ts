import { connect as connectTcp } from 'node:net';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '@sealwire/core';
import { connect } from '@sealwire/node-transport';
import type { Check } from '../keylog-check.ts';
import type { World } from '../peers/peer.ts';
import { isInstalled } from '../processes.ts';
import { Fleet, type FleetPorts, ways } from './fleet.ts';
import { Load } from './load.ts';
import { ownClient, reconnected, visitors } from './visitors.ts';

/**
 * Two processes of ours behind one port, with sessions and ticket keys in Redis (`@sealwire/session-cache`): what one has
 * begun the other resumes, with clients of ours and of others; keys change and Redis goes away while connections are made.
 */
export const fleetChecks: readonly Check[] = [
  ...['ours', 'node:tls', 'openssl s_client'].map((name) =>
    ofFleet(`${name} resumes at the other server`, resumes(name)),
  ),
  ofFleet('openssl s_client -reconnect resumes at both servers', reconnects),
  ofFleet('0-RTT data is taken once', takesEarlyDataOnce),
  ofFleet('keys of tickets change under load', changesKeys),
  ofFleet('Redis goes, freezes and comes back empty under load', outlivesRedis, true),
];

let running: Promise<Fleet> | undefined;

function ofFleet(name: string, run: (fleet: Fleet, world: World) => Promise<void>, isLast = false): Check {
  return {
    name: `sessions in Redis: ${name}`,
    async run(world) {
      for (const command of ['redis-server', 'openssl'])
        if (!isInstalled(command)) return { skipped: `${command} is not installed` };
      const fleet = await (running ??= Fleet.start(world));
      try {
        await run(fleet, world);
        for (const { output } of fleet.servers)
          if (output.includes('failed:')) throw new Error('a server had connections that failed');
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${fleet.describe()}`, { cause: error });
      } finally {
        if (isLast) await fleet.stop();
      }
      return undefined;
    },
  };
}

function resumes(name: string) {
  return async (fleet: Fleet, world: World): Promise<void> => {
    for (const way of ways) {
      const visitor = visitors(world).find((each) => each.name === name)!;
      const { port } = await fleet.split(way);
      const [first, second] = [await visitor.visit(port), await visitor.visit(port)];
      expect(`${way}, the first time`, first.resumed, false);
      expect(`${way}, the second time`, second.resumed, true);
      expect(`${way}, at the other server`, first.server === second.server, false);
    }
  };
}

/** TLS 1.3 lets it get no tickets before it connects again. */
async function reconnects(fleet: Fleet, world: World): Promise<void> {
  for (const way of ['ids12', 'tickets12', 'ring12'] as const) {
    const { port, seen } = await fleet.split(way);
    expect(`${way}, of five`, await reconnected(world, port), 5);
    expect(`${way}, connections`, seen.length, 6);
  }
}

/** A recorded first flight is sent again to the other server. The store has to know for some seconds that it remembers. */
async function takesEarlyDataOnce(fleet: Fleet, world: World): Promise<void> {
  const { port, seen } = await fleet.split('early13');
  const options = {
    host: '127.0.0.1',
    serverName: 'localhost',
    port,
    roots: readFileSync(world.pki.rootFile, 'utf8'),
  };
  for (let tries = 0; ; tries++) {
    const sessions: Session[] = [];
    const first = await connect({ ...options, onSession: (session) => sessions.push(session) });
    await sleep(50);
    first.end();
    await first.close();
    const sendEarlyData = Buffer.from('GET /');
    const second = await connect({ ...options, sessions: sessions.slice(-1), sendEarlyData });
    const taken = second.earlyDataTaken;
    second.end();
    await second.close();
    if (taken === sendEarlyData.length) break;
    if (tries > 100) throw new Error('0-RTT data was never taken');
    await sleep(200);
  }
  const hello = Buffer.concat(seen.at(-1)!);
  const decisions = () =>
    fleet.servers.flatMap(({ output }) => output.match(/early data (taken|refused)/g) ?? []);
  const before = decisions();
  for (const ports of [...fleet.own, ...fleet.own]) {
    const socket = connectTcp(ports.early13, '127.0.0.1').on('error', () => {});
    socket.write(hello);
    await sleep(100);
    socket.destroy();
  }
  const after = decisions();
  expect('replays that were judged', after.length - before.length, 4);
  const count = (all: readonly string[]) => all.filter((each) => each.endsWith('taken')).length;
  expect('replays that were taken', count(after) - count(before), 0);
}

async function changesKeys(fleet: Fleet, world: World): Promise<void> {
  const load = await startLoad(fleet, world, 'quick13');
  await sleep(5_000);
  const { visits } = await load.stop();
  const resumed = visits.slice(20).filter((visit) => visit.resumed);
  const servers = new Set(visits.map(({ server }) => server));
  console.log(
    `    ${visits.length} connections, ${resumed.length} of the last ${visits.length - 20} resumed`,
  );
  expect('servers that were visited', servers.size, 2);
  expect('nine of ten connections are resumed', resumed.length >= (visits.length - 20) * 0.9, true);
  expect('at least four keys sealed tickets', load.keyNames.size >= 4, true);
}

async function outlivesRedis(fleet: Fleet, world: World): Promise<void> {
  const stored = await startLoad(fleet, world, 'tickets13');
  const ring = await startLoad(fleet, world, 'ring13');
  const resumes = async (what: string) => {
    for (let waitedMs = 0; waitedMs < 15_000; waitedMs += 200) {
      stored.forget();
      await sleep(200);
      if (stored.visits.length > 2 && stored.visits.every(({ resumed }) => resumed)) return;
    }
    throw new Error(`${what}: nothing is resumed`);
  };
  await resumes('at first');
  ring.forget();
  await fleet.killRedis();
  await sleep(500);
  stored.forget();
  await sleep(1_500);
  expect('what is resumed without Redis', stored.visits.filter(({ resumed }) => resumed).length, 0);
  expect('connections without Redis', stored.visits.length > 5, true);
  await fleet.startRedis();
  await resumes('after it came back empty');
  fleet.freezeRedis();
  await sleep(1_500);
  fleet.thawRedis();
  await resumes('after it was frozen');
  await stored.stop();
  const { visits } = await ring.stop();
  expect(
    'connections with keys of the ring, all resumed',
    visits.every(({ resumed }) => resumed),
    true,
  );
  console.log(`    ${stored.total} and ${ring.total} connections, none failed`);
}

async function startLoad(fleet: Fleet, world: World, way: keyof FleetPorts): Promise<Load> {
  const { port } = await fleet.split(way);
  const load = new Load();
  load.start((onSession) => ownClient(world, { onSession }), port);
  return load;
}

function expect(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: expected ${String(wanted)}, got ${String(got)}`);
}
