import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainRecord } from '../../test/harness/peer.ts';
import { concat, copyOf } from '../wire/bytes.ts';
import {
  Deframer,
  maxCiphertextBytes,
  maxOlderCiphertextBytes,
  maxPlaintextBytes,
  type WireRecord,
} from './deframer.ts';

const recordArbitrary = fc.record({
  type: fc.integer({ min: 20, max: 23 }),
  fragment: fc.uint8Array({ maxLength: 60 }),
});

describe('Deframer', () => {
  it('finds the same records however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(recordArbitrary, { maxLength: 8 }),
        fc.array(fc.nat(90), { maxLength: 40 }),
        (records, cuts) => {
          const stream = concat(records.map(({ type, fragment }) => plainRecord(type, fragment)));
          const deframer = new Deframer();
          const found: { type: number; fragment: Uint8Array }[] = [];
          for (const chunk of chunksOf(stream, cuts)) {
            deframer.offer(chunk);
            found.push(...all(deframer));
            deframer.keepRest();
            // Nothing of the caller's chunk is kept.
            chunk.fill(0xff);
          }
          expect(found).toEqual(records.map(({ type, fragment }) => ({ type, fragment: copyOf(fragment) })));
        },
      ),
    );
  });

  it('gives views of the chunk for records that are whole in it', () => {
    const chunk = plainRecord(22, new Uint8Array([1, 2, 3]));
    const deframer = new Deframer();
    deframer.offer(chunk);
    const record = deframer.next(maxPlaintextBytes)!;
    expect(record.bytes.buffer).toBe(chunk.buffer);
    expect(record.fragment).toEqual(new Uint8Array([1, 2, 3]));
    expect(deframer.unreadBytes).toBe(0);
  });

  it('reads what was held before what comes later', () => {
    const deframer = new Deframer();
    deframer.hold(plainRecord(22, new Uint8Array([1])).subarray(0, 3));
    deframer.hold(plainRecord(22, new Uint8Array([1])).subarray(3));
    expect(deframer.heldBytes).toBe(6);
    deframer.offer(plainRecord(21, new Uint8Array([2])));
    expect(all(deframer)).toEqual([
      { type: 22, fragment: new Uint8Array([1]) },
      { type: 21, fragment: new Uint8Array([2]) },
    ]);
    expect(deframer.heldBytes).toBe(0);
  });

  it('counts the rest of a chunk as held once it is kept', () => {
    const deframer = new Deframer();
    deframer.offer(concat([plainRecord(22, new Uint8Array(1)), plainRecord(22, new Uint8Array(2))]));
    deframer.next(maxPlaintextBytes);
    expect(deframer.unreadBytes).toBe(7);
    deframer.keepRest();
    expect([deframer.unreadBytes, deframer.heldBytes]).toEqual([0, 7]);
    expect(all(deframer)).toHaveLength(1);
  });

  it('forgets everything on clear', () => {
    const deframer = new Deframer();
    deframer.offer(plainRecord(22, new Uint8Array(9)).subarray(0, 8));
    expect(deframer.next(maxPlaintextBytes)).toBeUndefined();
    deframer.clear();
    deframer.offer(plainRecord(21, new Uint8Array(2)));
    expect(all(deframer)).toHaveLength(1);
  });

  it.each([
    [maxPlaintextBytes, 'RFC 9846 §5.1'],
    [maxCiphertextBytes, 'RFC 9846 §5.2'],
    [maxOlderCiphertextBytes, 'RFC 5246 §6.2.3'],
  ])('refuses a length above %i by the header, in one piece or byte by byte', (limit, section) => {
    const header = plainRecord(23, new Uint8Array(limit + 1)).subarray(0, 5);
    const whole = new Deframer();
    whole.offer(header);
    expect(() => whole.next(limit)).toThrow(
      expect.objectContaining({ code: 'peer.recordTooLarge', section }),
    );
    const slow = new Deframer();
    expect(() => {
      for (const byte of header) {
        slow.offer(new Uint8Array([byte]));
        slow.next(limit);
      }
    }).toThrow(expect.objectContaining({ code: 'peer.recordTooLarge' }));
  });

  it.each([
    [[19, 3, 3, 0, 0], 'peer.unknownRecordType'],
    [[24, 3, 3, 0, 0], 'peer.unknownRecordType'],
    [[22, 2, 3, 0, 0], 'peer.badRecordVersion'],
    [[22, 4, 3, 0, 0], 'peer.badRecordVersion'],
  ])('refuses the header %j', (header, code) => {
    const deframer = new Deframer();
    deframer.offer(new Uint8Array(header));
    expect(() => deframer.next(maxPlaintextBytes)).toThrow(expect.objectContaining({ code }));
  });
});

function all(deframer: Deframer): { type: number; fragment: Uint8Array }[] {
  const found = [];
  for (let next: WireRecord | undefined = deframer.next(maxPlaintextBytes); next !== undefined; ) {
    found.push({ type: next.type, fragment: copyOf(next.fragment) });
    next = deframer.next(maxPlaintextBytes);
  }
  return found;
}

function* chunksOf(stream: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield stream.slice(at, at + size);
    at += size;
  }
  yield stream.slice(at);
}
