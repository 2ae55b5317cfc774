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
