import { describe, expect, it } from 'vitest';
import { ReadingHalf } from '../src/reading-half.ts';

const nothing = { wanted: () => {}, cancelled: () => {} };
const byte = () => Uint8Array.of(1);

describe('what nobody has read yet', () => {
  it('is bounded by its bytes', () => {
    const half = new ReadingHalf(nothing);
    expect(half.data(new Uint8Array(65_535))).toBe(true);
    expect(half.data(byte())).toBe(false);
  });

  it('is bounded by its pieces', () => {
    const half = new ReadingHalf(nothing);
    const wanted = Array.from({ length: 1_024 }, () => half.data(byte()));
    expect(wanted.indexOf(false)).toBe(1_023);
  });

  it('has no pieces without bytes', async () => {
    const half = new ReadingHalf(nothing);
    for (let count = 0; count < 2_000; count++) expect(half.data(new Uint8Array(0))).toBe(true);
    half.data(byte());
    half.ended();
    expect(new Uint8Array(await new Response(half.stream).arrayBuffer())).toEqual(byte());
  });

  it('is wanted by nobody who has cancelled', async () => {
    const heard: string[] = [];
    const half = new ReadingHalf({ wanted: () => {}, cancelled: () => void heard.push('cancelled') });
    half.data(byte());
    await half.stream.cancel();
    for (let count = 0; count < 2_000; count++) expect(half.data(byte())).toBe(true);
    half.ended(new Error('late'));
    half.failed(new Error('later'));
    expect(heard).toEqual(['cancelled']);
  });
});

describe('the end', () => {
  it('is the first that is told', async () => {
    const half = new ReadingHalf(nothing);
    half.data(byte());
    half.ended();
    half.ended(new Error('another'));
    expect(new Uint8Array(await new Response(half.stream).arrayBuffer())).toEqual(byte());
  });

  it('comes after what came before, also where it is an error', async () => {
    const half = new ReadingHalf(nothing);
    half.data(byte());
    half.ended(new Error('cut'));
    const reader = half.stream.getReader();
    expect((await reader.read()).value).toEqual(byte());
    await expect(reader.read()).rejects.toThrow('cut');
  });

  it('comes at once where it is a failure', async () => {
    const half = new ReadingHalf(nothing);
    half.data(byte());
    half.failed(new Error('broken'));
    half.ended();
    await expect(half.stream.getReader().read()).rejects.toThrow('broken');
  });
});
