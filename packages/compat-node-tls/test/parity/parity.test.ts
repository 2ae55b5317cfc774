/**
 * Situations that are played by the builtin `node:tls` and by ours, as client and as server: what an application sees must be the
 * same. The builtin on both sides says what that is.
 */
import { describe, expect, it } from 'vitest';
import { pairings, played, reference } from './pairings.ts';
import { scenarios } from './scenarios/index.ts';

describe.each(scenarios)('$name', (scenario) => {
  const expected = played(scenario, reference);
  expected.catch(() => {});

  it.each(pairings)('with $server as server and $client as client', async (pairing) => {
    expect(await played(scenario, pairing)).toEqual(await expected);
  });
});
