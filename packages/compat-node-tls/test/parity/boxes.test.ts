import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boxes } from './boxes/index.ts';
import { scenarios } from './scenarios/index.ts';

const all = scenarios.map(({ name }) => name);
const found = (wanted: string): readonly string[] =>
  all.filter((name) => (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted));

describe.each(Object.entries(boxes))('%s', (_, pieces) => {
  it.each(pieces)('$piece is played, or tried', ({ scenarios: wanted = [], tests = [] }) => {
    expect(wanted.length + tests.length).toBeGreaterThan(0);
    expect(wanted.filter((name) => found(name).length === 0)).toEqual([]);
    const missing = tests.filter(
      ([file, says]) => !readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').includes(says),
    );
    expect(missing).toEqual([]);
  });
});
