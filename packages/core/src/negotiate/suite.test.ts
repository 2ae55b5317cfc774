import { expect, it } from 'vitest';
import { selectSuite } from './suite.ts';

it.each([
  ['server', [1, 2], [2, 1], 1],
  ['client', [1, 2], [2, 1], 2],
  ['server', [1, 2], [0x6a6a, 2], 2],
  ['client', [1, 2], [0x6a6a, 2], 2],
  ['server', [1], [2], undefined],
  ['client', [], [2], undefined],
] as const)(
  'in the order of the %s: of ours %j and theirs %j takes %s',
  (preference, ours, offered, choice) => {
    expect(selectSuite(ours, offered, preference)).toBe(choice);
  },
);
