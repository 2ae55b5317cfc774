import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../limits.ts';
import { encodeHandshake, type HandshakeEnvelope } from '../messages/envelope.ts';
import { handshakeTypes, type HandshakeType } from '../registry/handshake-types.ts';
import { concat } from '../wire/bytes.ts';
import { HandshakeJoiner } from './handshake-joiner.ts';

describe('HandshakeJoiner', () => {
  it('finds the same messages however they are cut, and leaves those it has given out alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 50 })), {
          maxLength: 8,
        }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }),
        (messages, cuts) => {
          const whole = messages.map(([type, body]) => encodeHandshake(type as HandshakeType, body));
          const joiner = new HandshakeJoiner(defaultLimits);
          const found: HandshakeEnvelope[] = [];
          const stream = concat(whole);
          let at = 0;
          for (const size of [...cuts, stream.length]) {
            const fragment = stream.slice(at, at + size);
            at += size;
            if (fragment.length === 0) continue;
            joiner.push(fragment);
            fragment.fill(0xee);
            for (let next = joiner.next(); next !== undefined; next = joiner.next()) found.push(next);
          }
          expect(found.map(({ raw }) => raw)).toEqual(whole);
          expect(found.map(({ body }) => body)).toEqual(messages.map(([, body]) => new Uint8Array(body)));
          expect(joiner.isEmpty).toBe(true);
        },
      ),
    );
  });

  it('gives the proof for a key change only where nothing is pending', () => {
    const joiner = new HandshakeJoiner(defaultLimits);
    expect(() => joiner.boundary()).not.toThrow();
    joiner.push(new Uint8Array([20, 0, 0, 0, 8]));
    joiner.next();
    expect(() => joiner.boundary()).toThrow(expect.objectContaining({ code: 'peer.keyChangeInsideRecord' }));
    joiner.clear();
    expect(() => joiner.boundary()).not.toThrow();
  });

  it.each([
    ['client_hello', defaultLimits.handshakeMessageBytes],
    ['certificate', defaultLimits.certificateMessageBytes],
    ['compressed_certificate', defaultLimits.certificateMessageBytes],
  ] as const)('refuses a %s above its limit as soon as its header is whole', (name, limit) => {
    const header = (length: number) => [
      handshakeTypes[name],
      length >>> 16,
      (length >>> 8) & 0xff,
      length & 0xff,
    ];
    const joiner = new HandshakeJoiner(defaultLimits);
    joiner.push(new Uint8Array(header(limit)));
    expect(joiner.next()).toBeUndefined();
    const strict = new HandshakeJoiner(defaultLimits);
    strict.push(new Uint8Array(header(limit + 1).slice(0, 3)));
    const last = new Uint8Array(header(limit + 1).slice(3));
    expect(() => strict.push(last)).toThrow(expect.objectContaining({ code: 'peer.messageTooLarge' }));
  });

  it('copies a number of bytes that is linear in the number of fragments', () => {
    const size = 2 ** 18;
    const joiner = new HandshakeJoiner({ ...defaultLimits, handshakeMessageBytes: 0xff_ffff });
    joiner.push(new Uint8Array([1, size >>> 16, (size >>> 8) & 0xff, size & 0xff]));
    const { set } = Uint8Array.prototype;
    let copied = 0;
    Uint8Array.prototype.set = function (this: Uint8Array, source, at) {
      copied += source.length;
      set.call(this, source, at);
    };
    try {
      for (let i = 0; i < size; i += 16) joiner.push(new Uint8Array(16));
    } finally {
      Uint8Array.prototype.set = set;
    }
    expect(joiner.next()?.body).toHaveLength(size);
    // Each byte once, and what is pending whenever the room has to be doubled; that would be some 2^31 if each fragment moved it.
    expect(copied).toBeGreaterThanOrEqual(size);
    expect(copied).toBeLessThan(3 * size);
  });
});
