import type { Mutation } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { sampled } from '../properties/profile.ts';
import { flights, mutableScenarios, mutationOfNumber, originalOf, requireSame } from './cases.ts';
import { converseAgainAs, converseAs } from './subjects.ts';

/** Most mutations are tried on what is remembered of conversations before; it must be what connections say. */
describe.each(sampled(mutableScenarios, 4))('conversations that are remembered: $name', (scenario) => {
  it.each(flights)('go as if each were the first, with mutations of: %s', (flight) => {
    const original = originalOf(scenario);
    const seen = new Set<string>();
    for (let number = 0; number < 8; number++) {
      const { middle, name } = mutationOfNumber(original, scenario, flight, 1, number);
      seen.add(name);
      requireSame(converseAgainAs(scenario, middle), converseAs(scenario, middle));
    }
    expect(seen.size).toBeGreaterThan(3);
  });
});

/** A mutation that was drawn before is not tried again: what it was drawn by must say all of it. */
describe.each(sampled(mutableScenarios, 4))('mutations that are drawn alike: $name', (scenario) => {
  it.each(flights)('are the same: %s', (flight) => {
    const original = originalOf(scenario);
    const first = new Map<string, Mutation>();
    let alike = 0;
    for (let number = 0; number < 3_000 && alike < 12; number++) {
      const { drawn, ...mutation } = mutationOfNumber(original, scenario, flight, 1, number);
      const known = first.get(drawn);
      if (known === undefined) first.set(drawn, mutation);
      else {
        alike++;
        expect([mutation.name, mutation.benign]).toEqual([known.name, known.benign]);
        requireSame(converseAgainAs(scenario, mutation.middle), converseAs(scenario, known.middle));
      }
    }
    expect(alike).toBe(12);
  });
});
