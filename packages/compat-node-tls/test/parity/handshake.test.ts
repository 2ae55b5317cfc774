/**
 * Situations that are played by the builtin `node:tls` and by ours, as client and as server: what an application sees must be the
 * same. The builtin on both sides says what that is. This part is about what connections are agreed on.
 */
import { expect, it } from 'vitest';
import { expectedDifferences } from './expected-differences.ts';
import { playAll } from './play-all.ts';
import { parts, scenarios } from './scenarios/index.ts';

it('has one scenario of a name, and expects differences of those alone', () => {
  const names = scenarios.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  const expected = expectedDifferences.flatMap(({ scenarios: each }) => each);
  expect(expected.filter((name) => !names.includes(name))).toEqual([]);
});

playAll(parts.handshake);
