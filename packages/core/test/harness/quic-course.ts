import { expect } from 'vitest';
import type { QuicOutput } from '../../src/quic.ts';
import { hex } from '../../src/wire/bytes.ts';
import type { QuicEnds, Side } from './quic-ends.ts';

/** What a side of QUIC says, without what is in it. */
export function course(outputs: readonly QuicOutput[]): string[] {
  return outputs.flatMap((each) => {
    switch (each.type) {
      case 'crypto':
        return [`crypto ${each.level}`];
      case 'keys':
        return [`${each.direction} ${each.level}`];
      case 'discard':
        return [`discard ${each.level}`];
      case 'fact':
        return [];
      default:
        return [each.type];
    }
  });
}

/** The secrets that a side has of one direction, each with its level and suite. */
export const keysOf = (ends: QuicEnds, side: Side, direction: 'read' | 'write') =>
  ends
    .of(side, 'keys')
    .flatMap((each) =>
      each.direction === direction ? [`${each.level} ${each.cipherSuite} ${hex(each.secret)}`] : [],
    );

export function expectSameKeys(ends: QuicEnds): void {
  expect(keysOf(ends, 'client', 'write')).toEqual(keysOf(ends, 'server', 'read'));
  expect(keysOf(ends, 'client', 'read')).toEqual(keysOf(ends, 'server', 'write'));
}
