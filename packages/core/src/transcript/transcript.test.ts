import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { concat } from '../wire/bytes.ts';
import { Transcript } from './transcript.ts';

const sha256 = testProvider.hashes.sha256!;
const sha384 = testProvider.hashes.sha384!;
const a = new Uint8Array([1, 2, 3]);
const b = new Uint8Array([4, 5]);
const c = new Uint8Array([6]);

describe('Transcript', () => {
  it('hashes the messages in order, and nothing at first', () => {
    expect(Transcript.empty.digest(sha256)).toEqual(sha256.digest([]));
    expect(Transcript.empty.append(a).append(b).digest(sha256)).toEqual(sha256.digest([a, b]));
  });

  it('gives the same hash again, and none of another function', () => {
    const transcript = Transcript.empty.append(a).append(b);
    expect(transcript.digest(sha256)).toEqual(transcript.digest(sha256));
    expect(() => transcript.digest(sha384)).toThrow(InternalError);
    expect(transcript.append(c).digest(sha256)).toEqual(sha256.digest([a, b, c]));
  });

  it('begins for every hash function with the same empty transcript', () => {
    expect(Transcript.empty.digestWith(sha256, a)).toEqual(sha256.digest([a]));
    expect(Transcript.empty.digestWith(sha384, a)).toEqual(sha384.digest([a]));
    expect(Transcript.empty.append(b).digest(sha384)).toEqual(sha384.digest([b]));
  });

  it('is never changed by appending, before and after a hash was asked for', () => {
    const first = Transcript.empty.append(a);
    const early = first.append(b);
    expect(first.digest(sha256)).toEqual(sha256.digest([a]));
    const late = first.append(c);
    expect(late.digest(sha256)).toEqual(sha256.digest([a, c]));
    expect(early.digest(sha256)).toEqual(sha256.digest([a, b]));
    expect(first.digest(sha256)).toEqual(sha256.digest([a]));
    expect(early.append(c).digest(sha256)).toEqual(sha256.digest([a, b, c]));
  });

  it('lets branches that share a beginning take any order of questions', () => {
    const root = Transcript.empty.append(a).append(b);
    const left = root.append(a);
    const right = root.append(c);
    expect(right.digest(sha256)).toEqual(sha256.digest([a, b, c]));
    expect(root.digest(sha256)).toEqual(sha256.digest([a, b]));
    expect(left.digest(sha256)).toEqual(sha256.digest([a, b, a]));
  });

  it('hashes extra bytes without keeping them', () => {
    const transcript = Transcript.empty.append(a);
    expect(transcript.digestWith(sha256, b)).toEqual(sha256.digest([a, b]));
    expect(transcript.digest(sha256)).toEqual(sha256.digest([a]));
  });

  it.each([sha256, sha384])(
    'replaces the first hello by message_hash, with $name (RFC 9846 §4.1)',
    (hash) => {
      const replaced = Transcript.empty.append(a).replacedByMessageHash(hash);
      const message = concat([new Uint8Array([254, 0, 0, hash.outputBytes]), hash.digest([a])]);
      expect(replaced.digest(hash)).toEqual(hash.digest([message]));
      expect(replaced.append(b).digest(hash)).toEqual(hash.digest([message, b]));
    },
  );

  it('refuses a second hash function', () => {
    const transcript = Transcript.empty.append(a);
    transcript.digest(sha256);
    expect(() => transcript.digest(sha384)).toThrow(InternalError);
    expect(() => transcript.append(b).digest(sha384)).toThrow(InternalError);
  });

  it('keeps its bytes where it began as readable, also when its hash was asked for', () => {
    const readable = Transcript.readable.append(a);
    expect(readable.digest(sha256)).toEqual(sha256.digest([a]));
    const longer = readable.append(b).append(c);
    expect(longer.digestWith(sha256, a)).toEqual(sha256.digest([a, b, c, a]));
    expect([readable.bytes, longer.bytes, Transcript.readable.bytes]).toEqual([
      a,
      concat([a, b, c]),
      new Uint8Array(0),
    ]);
    expect(() => Transcript.empty.append(a).bytes).toThrow(InternalError);
  });

  it('lets its bytes go where only the hash is wanted', () => {
    const longer = Transcript.readable.append(a).append(b);
    const hashed = longer.hashedOnly(sha256);
    expect(hashed.append(c).digest(sha256)).toEqual(sha256.digest([a, b, c]));
    expect(longer.append(c).bytes).toEqual(concat([a, b, c]));
    expect(() => hashed.bytes).toThrow(InternalError);
  });
});
