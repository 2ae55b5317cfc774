import type { Connection } from '@sealwire/core';
import { expect, it } from 'vitest';
import { WritingHalf } from '../src/writing-half.ts';

/** Takes all that it is given. */
const taking = {
  send: (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0),
} as unknown as Connection;

const room = { hasRoom: () => true, end: () => {} };

it('closes when a write is done during which the end was asked for', () => {
  const half = new WritingHalf(room, taking, queueMicrotask);
  half.isOpen = true;
  half.write([new Uint8Array(3)], () => {});
  half.end(() => {});
  expect([half.next(true), half.next(true)]).toEqual(['sent', 'close']);
});

it('waits with that while it may not close', () => {
  const half = new WritingHalf(room, taking, queueMicrotask);
  half.isOpen = true;
  half.write([new Uint8Array(3)], () => {});
  half.end(() => {});
  expect([half.next(false), half.next(false), half.next(true)]).toEqual(['sent', 'waits', 'close']);
});
