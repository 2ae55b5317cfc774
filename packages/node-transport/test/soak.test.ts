import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { until } from './ends.ts';
import { soak } from './soak/soak.ts';
import { faults } from './soak/relay.ts';

/**
 * For `SEALWIRE_SOAK_SECONDS`, with the full profile 10 minutes; otherwise a few connections, always the same. `SEALWIRE_SEED` draws
 * others.
 */
const isFull = process.env.SEALWIRE_PROFILE === 'full';
const seconds = Number(process.env.SEALWIRE_SOAK_SECONDS ?? (isFull ? 600 : 0));
const seed = Number(process.env.SEALWIRE_SEED ?? (seconds > 0 ? Math.floor(Math.random() * 1_000_000) : 1));

it('loses nothing and lets nothing wrong pass, whatever happens on the way', async () => {
  let unhandled = 0;
  const count = () => unhandled++;
  process.on('unhandledRejection', count);
  // What is compiled on the way comes with the first thousands of connections.
  await soak(seed, (done) => done < (seconds > 0 ? 3_000 : 8), seconds > 0 ? 12 : 4);
  const base = await used();
  const handles = process.getActiveResourcesInfo().length;
  const untilMs = Date.now() + seconds * 1_000;
  const outcome = await soak(
    seed,
    seconds > 0 ? () => Date.now() < untilMs : (done) => done < 28,
    seconds > 0 ? 12 : 7,
  );
  console.log(`seed ${seed}:`, JSON.stringify(outcome));
  expect(outcome.whole).toBeGreaterThan(0);
  expect(outcome.resumed).toBeGreaterThan(0);
  const harmful = faults.slice(3);
  expect(Object.keys(outcome.happened).sort()).toEqual([...harmful].sort());
  await until(() => process.getActiveResourcesInfo().length <= handles);
  if (seconds > 0) expect(await used()).toBeLessThan(base * 1.05);
  expect(unhandled).toBe(0);
  process.off('unhandledRejection', count);
});

/** Bytes on the heap, when nothing is given back any more. */
async function used(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let least = Number.POSITIVE_INFINITY;
  for (let same = 0; same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 500 * Math.sign(seconds) + 1));
    collect();
    const { heapUsed } = process.memoryUsage();
    same = heapUsed < least * 0.999 ? 0 : same + 1;
    least = Math.min(least, heapUsed);
  }
  return least;
}
