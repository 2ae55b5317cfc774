import { describe, expect, it } from 'vitest';
import { selectGroup } from './group.ts';

describe('selectGroup', () => {
  it.each([
    ['the most wanted with a share', [1, 2, 3], [3, 2, 1], [3, 2], { group: 2, needsRetry: false }],
    ['a share before a group more wanted without one', [1, 2], [1, 2], [2], { group: 2, needsRetry: false }],
    ['a retry without a share of ours', [1, 2], [9, 2, 1], [9], { group: 1, needsRetry: true }],
    ['a retry without any share', [1, 2], [2], [], { group: 2, needsRetry: true }],
    ['no share that is not listed', [1, 2], [2], [1], { group: 2, needsRetry: true }],
    ['nothing without overlap', [1, 2], [3], [3], undefined],
    ['nothing from empty lists', [], [], [], undefined],
  ])('RFC 9846 §4.2.1: takes %s', (_, ours, listed, shared, choice) => {
    expect(selectGroup(ours, listed, shared)).toEqual(choice);
  });
});
