import {
  historyFromText,
  historyToText,
  replay,
  describeDifference,
  rerun,
  TappedEnd,
} from '@sealwire/testkit';
import fc from 'fast-check';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isFull, seed } from '../properties/profile.ts';
import { nodeProvider, withOneCodec } from '../properties/scenarios.ts';
import { beginnings } from './beginnings.ts';
import { walks, type Walk } from './commands.ts';
import { checkOutputs } from './outputs.ts';
import { reached } from './reached.ts';
import { checkReplays } from './replays.ts';
import { sides, World, type WorldSetup } from './world.ts';

/**
 * Random walks over everything that can be done to two connections, by their applications, by a peer and by somebody
 * in between: 300 of them, 10,000 with SEALWIRE_PROFILE=full, SEALWIRE_WALKS for any other number. After each step
 * what must always be true is checked (`end.ts`, `world.ts`). SEALWIRE_SEED repeats a run.
 *
 * What was found once stays: the histories of a failing walk are written to `histories/`, and done again each time.
 */
const runs = Number(process.env['SEALWIRE_WALKS'] ?? (isFull ? 10_000 : 300));
const folder = new URL('./histories/', import.meta.url);

const counts = new Map<string, number>();
const reachedBy = new Map<string, number>();

afterAll(() => {
  const lines = (counted: typeof counts) =>
    [...counted].sort((a, b) => b[1] - a[1]).map(([what, count]) => `  ${count} ${what}`);
  const heading = `random walks, seed ${seed}`;
  console.log([`${heading}: how the two ends ended`, ...lines(counts)].join('\n'));
  console.log([`${heading}: what they came by`, ...lines(reachedBy)].join('\n'));
});

const kinds = [
  ['undisturbed', 'wire', false],
  ['with somebody in between who has no keys', 'wire', true],
  ['with a peer who says anything', 'keys', true],
] as const;

describe.each(kinds)('a walk %s', (_, between, isHostile) => {
  it('never breaks what must always be true', () => {
    const setups = fc.record({
      scenario: fc.constantFrom(...beginnings),
      asksEverything: fc.boolean(),
      between: fc.constant(between),
      isHostile: fc.constant(isHostile),
    });
    const numRuns = Math.ceil(runs / kinds.length);
    const result = fc.check(
      fc.property(setups, walks(between, isHostile), (setup, commands) => walk(setup, commands)),
      { seed, numRuns },
    );
    if (!result.failed) return;
    const [setup, commands] = result.counterexample as [WorldSetup, Iterable<Walk>];
    keep(setup, commands);
    const { scenario, asksEverything } = setup;
    const steps = String(commands);
    throw new Error(
      `SEALWIRE_SEED=${seed}, ${scenario.name}${asksEverything ? ', asking everything' : ''}: ${steps}`,
      { cause: result.errorInstance },
    );
  });
});

describe('histories that broke something once', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

  it('are there', () => expect(files.length).toBeGreaterThan(0));

  it.each(files)('%s', (name) => {
    const history = historyFromText(readFileSync(new URL(name, folder), 'utf8'));
    const again = rerun(history, { provider: nodeProvider });
    for (const thrown of again.results) expect(thrown).not.toBeInstanceOf(TypeError);
    checkOutputs(again.outputs);
    // Who reads along must bear it as well.
    const tap = new TappedEnd(history.role, again.connection, nodeProvider);
    for (const output of again.outputs) tap.note(output);
    expect(tap.outputs).toBe(again.outputs.length);
  });
});

function walk(setup: WorldSetup, commands: Iterable<Walk>): void {
  const world = new World(setup);
  fc.modelRun(() => ({ model: {}, real: world }), commands);
  world.finish();
  if (!world.isDisturbed) world.checkUndisturbed();
  checkReplays(world);
  count(counts, sides.map((side) => ended(world, side)).join(' / '));
  for (const what of reached(world)) count(reachedBy, what);
  for (const side of sides) {
    const history = world.ends[side].history;
    const { difference } = replay(history, { provider: withOneCodec(nodeProvider) });
    if (difference !== undefined)
      throw new Error(`the ${side} does not replay: ${describeDifference(difference)}`);
    checkOutputs(world.ends[side].outputs);
  }
}

function ended(world: World, side: 'client' | 'server'): string {
  const end = world.ends[side].ended!;
  return end.type === 'closed' ? 'closed' : end.error.code;
}

/** Writes down what led to a failure, so that it is done again each time. */
function keep(setup: WorldSetup, commands: Iterable<Walk>): void {
  const world = new World(setup);
  try {
    fc.modelRun(() => ({ model: {}, real: world }), commands);
    world.finish();
  } catch {
    // It is what the history is to show.
  }
  for (const side of sides) {
    const file = fileURLToPath(new URL(`${seed}-${side}.json`, folder));
    writeFileSync(file, historyToText(world.ends[side].history));
    console.log(`written: ${file}`);
  }
}

function count(counted: Map<string, number>, what: string): void {
  counted.set(what, (counted.get(what) ?? 0) + 1);
}
