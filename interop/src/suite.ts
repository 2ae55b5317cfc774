import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Cell, cellName } from './cell.ts';
import { fullMatrix, sampleMatrix } from './matrix.ts';
import { randomFrom } from './pairwise.ts';
import type { Peer, World } from './peers/peer.ts';
import { peers } from './peers/index.ts';
import { makePki } from './pki.ts';
import { closeBrowser } from './browser.ts';
import { browserCheck } from './browser-check.ts';
import { bunChecks } from './bun-checks.ts';
import { chromiumChecks } from './chromium-checks.ts';
import { cliChecks } from './cli-checks.ts';
import { delegatedChecks } from './delegated-check.ts';
import { echChecks } from './ech-check.ts';
import { fleetChecks } from './fleet/check.ts';
import { writeLibrariesPage } from './libraries/alone.ts';
import { runLibraries } from './libraries/run.ts';
import { type Check, keylogChecks } from './keylog-check.ts';
import { isInOwnNetwork } from './own-network.ts';
import { type OlderCell, olderCellName, olderMatrix, olderSample } from './older/cells.ts';
import { type OlderPeer, olderPeers } from './older/peers.ts';
import { runOlderCell } from './older/run.ts';
import { quicChecks } from './quic/quic-checks.ts';
import { quicPeers } from './quic/quic-peers.ts';
import { type CellResult, type CheckResult, interopPage, type OlderCellResult } from './report.ts';
import { proxyChecks } from './proxy-checks.ts';
import { runCell } from './run-cell.ts';
import { earlyLine } from './visit.ts';
import { findRuntime } from '../../scripts/runtimes.mjs';
import { webChecks } from './web/web-checks.ts';

/** Runs what the arguments ask for and prints the counts last. True if nothing failed. */
export async function runSuite(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: argumentKinds });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const startedAtMs = Date.now();
  const directory = mkdtempSync(join(tmpdir(), 'interop-'));
  // Also when a signal ends us.
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  try {
    const world = makeWorld(directory);
    const random = randomFrom(seed);
    const share = shareOf(values);
    const isDrawn = () => share === 1 || random() < share;
    console.log(
      values.sample
        ? `${share === 1 ? '' : `${share * 100} % of `}a pairwise sample, --seed ${seed}`
        : 'the whole matrix',
    );
    const skipped: string[] = [];
    const work: Work[] = [];
    const olderWork: Work[] = [];
    const olderCells: OlderCellResult[] = [];
    const cells: CellResult[] = [];
    const versions = new Map<Peer, string>();
    for (const peer of chosenPeers(values)) {
      const found = await peer.find(world.runtimes);
      if ('reason' in found) {
        skipped.push(`${peer.name}: ${found.reason}`);
        continue;
      }
      versions.set(peer, found.version);
      if (peer.server?.listensEverywhere === true && !isInOwnNetwork()) {
        skipped.push(`${peer.name} as server: no network namespace can be made to keep it on this machine`);
      }
      const isChosen = (role: Cell['role'], name: string) =>
        (role === 'server' || peer.server?.listensEverywhere !== true || isInOwnNetwork()) &&
        (values.only?.every((text) => name.includes(text)) ?? true);
      const chosen = (values.sample ? sampleMatrix(peer, random) : fullMatrix(peer)).filter(
        (cell) => isDrawn() && isChosen(cell.role, cellName(cell)),
      );
      const older = olderWorkOf(peer.name, values.sample ? random : undefined).filter(
        ([cell]) => isDrawn() && isChosen(cell.role, olderCellName(cell)),
      );
      console.log(
        `${peer.name}: ${found.version}, ${chosen.length} cells, ${older.length} of TLS 1.2 and older`,
      );
      for (const cell of chosen) {
        const run = () => runCell(cell, peer, world);
        work.push({ name: cellName(cell), run, done: (failure) => cells.push({ cell, ...failure }) });
      }
      for (const [cell, tools] of older) {
        const run = () => runOlderCell(cell, tools, world);
        const done = (failure: Failed) => olderCells.push({ cell, ...failure });
        olderWork.push({ name: olderCellName(cell), run, done });
      }
    }
    await runAll([...work, ...olderWork]);
    const isPartial = values.peer !== undefined || values.only !== undefined;
    const checks =
      isPartial && !values.checks
        ? []
        : await runChecks(
            [
              ...keylogChecks,
              ...echChecks(),
              ...quicChecks(values.sample === true, world.runtimes),
              ...delegatedChecks,
              ...bunChecks,
              ...chromiumChecks,
              ...proxyChecks,
              ...fleetChecks,
              ...cliChecks,
              browserCheck,
              ...webChecks,
            ].filter(({ name }) => values.only?.every((text) => name.includes(text)) ?? true),
            world,
          );
    const libraries = isPartial || values.checks ? undefined : await runLibraries(world);
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    if (values['write-docs']) {
      const command = ['npm run interop --', ...args.filter((each) => each !== '--write-docs')].join(' ');
      mkdirSync(join(root, 'docs'), { recursive: true });
      writeFileSync(
        join(root, 'docs/interop.md'),
        interopPage({ command, seconds, versions, skipped, cells, olderCells, checks }),
      );
      if (libraries !== undefined) writeLibrariesPage(libraries, args);
    }
    const played = libraries?.results ?? [];
    const outcomes = [...cells, ...olderCells, ...checks, ...played];
    const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
    const notRun = [...skipped, ...(libraries?.skipped ?? [])];
    const left = notRun.length + checks.filter((each) => each.skipped !== undefined).length;
    for (const reason of notRun) console.log(`skipped: ${reason}`);
    console.log(`${seconds} s`);
    const passed = outcomes.length - failed - (left - notRun.length);
    console.log(`${passed} passed, ${failed} failed, ${left} skipped`);
    return failed === 0;
  } finally {
    await closeBrowser();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** How much of a sample is run: 1 is all of it. */
function shareOf({ sample, share = '100' }: { readonly sample?: boolean; readonly share?: string }): number {
  const percent = Number(share);
  if (percent > 0 && percent <= 100 && (sample === true || percent === 100)) return percent / 100;
  throw new Error(`expected --share from 1 to 100, with --sample; got ${share}`);
}

/** Brings what the peers need onto this machine, all at once; what cannot be had is said later. */
export async function fetchRuntimes(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: argumentKinds });
  const isPartial = values.peer !== undefined || values.only !== undefined;
  const besides = isPartial && !values.checks ? [] : quicPeers;
  const wanted = besides.filter(
    (peer) => peer.leftOutOfSamples?.(runtimes) === undefined || values.sample !== true,
  );
  await Promise.all([...chosenPeers(values), ...wanted].map((peer) => peer.find(runtimes)));
  // Of the checks.
  for (const name of ['bun', 'deno', 'workerd'] as const) findRuntime(name);
}

function chosenPeers(values: { readonly peer?: string[]; readonly checks?: boolean }): readonly Peer[] {
  return peers.filter(({ name }) => values.peer?.includes(name) ?? !values.checks);
}

interface Work {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly done: (failure: Failed) => void;
}

/** Empty: passed. */
interface Failed {
  readonly failure?: string;
}

/** The cells of TLS 1.2 and older, for peers whose tools speak it; a sample where there is something to draw from. */
function olderWorkOf(name: string, random: (() => number) | undefined): [OlderCell, OlderPeer][] {
  const peer = olderPeers[name]?.();
  if (peer === undefined) return [];
  return (['client', 'server'] as const).flatMap((role) => {
    const side = role === 'client' ? peer.server : peer.client;
    const cells =
      random === undefined ? olderMatrix(name, role, side) : olderSample(name, role, side, random);
    return cells.map((cell): [OlderCell, OlderPeer] => [cell, peer]);
  });
}

/** Two at a time. */
async function runAll(work: readonly Work[]): Promise<void> {
  let next = 0;
  let count = 0;
  const worker = async () => {
    while (next < work.length) {
      const { name, run, done } = work[next++]!;
      try {
        await run();
        done({});
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        done({ failure });
        console.log(`FAILED ${name}\n${failure.replace(/^/gm, '    ')}`);
      }
      count += 1;
      if (count % 100 === 0 || count === work.length) console.log(`${count} of ${work.length} cells`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

async function runChecks(checks: readonly Check[], world: World): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, run: check } of checks) {
    try {
      const outcome = await check(world);
      results.push(outcome === undefined ? { name } : { name, skipped: `skipped: ${outcome.skipped}` });
      console.log(outcome === undefined ? `passed: ${name}` : `skipped: ${name}: ${outcome.skipped}`);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      results.push({ name, failure });
      console.log(`FAILED ${name}\n${failure.replace(/^/gm, '    ')}`);
    }
  }
  return results;
}

function makeWorld(directory: string): World {
  const pki = makePki(join(directory, 'pki'));
  const line = `${'The quick brown fox jumps over the lazy dog. '.repeat(2)}\n`;
  const lines: string[] = [];
  for (let bytes = 0, i = 0; bytes < bulkBytes; i++) {
    const numbered = `${i} ${line}`;
    lines.push(numbered);
    bytes += numbered.length;
  }
  const bulk = Buffer.from(lines.join(''), 'latin1').subarray(0, bulkBytes);
  bulk[bulk.length - 1] = 0x0a;
  writeFileSync(join(directory, 'bulk.txt'), bulk);
  writeFileSync(join(directory, 'early.txt'), earlyLine);
  return {
    pki,
    bulk,
    bulkSha256: createHash('sha256').update(bulk).digest('hex'),
    directory,
    runtimes,
  };
}

const argumentKinds = {
  sample: { type: 'boolean' },
  full: { type: 'boolean' },
  seed: { type: 'string' },
  share: { type: 'string' },
  peer: { type: 'string', multiple: true },
  only: { type: 'string', multiple: true },
  checks: { type: 'boolean' },
  'write-docs': { type: 'boolean' },
} as const;
const parallel = 2;
const bulkBytes = 20_000_000;
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const runtimes = join(root, '.tmp/runtimes');
