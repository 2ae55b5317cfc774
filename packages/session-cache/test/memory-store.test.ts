import { sessionStoreContract } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { MemoryStore } from '../src/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const hour = 3_600_000;
const clock = { nowMs: 1_700_000_000_000 };
const now = () => clock.nowMs;

describe('MemoryStore', () => {
  const cases = sessionStoreContract({
    async open() {
      const store = new MemoryStore({ now });
      return [store, store];
    },
    pass: async (ms) => void (clock.nowMs += ms),
  });
  it.each(cases)('$name', ({ run }) => run());

  it('makes room for new names by what nobody has used for the longest time', () => {
    const store = new MemoryStore({ maxEntries: 3 });
    for (const name of ['a', 'b', 'c']) store.set(name, bytes(name), hour);
    store.get('a');
    store.push('list', bytes('l'), hour, 4);
    expect(['a', 'b', 'c'].filter((name) => store.get(name) !== undefined)).toEqual(['a', 'c']);
    expect([store.size, String(store.pop('list'))]).toEqual([3, String(bytes('l'))]);
  });

  it('is bounded in bytes, of values and names', () => {
    const store = new MemoryStore({ maxBytes: 10_000 });
    for (let i = 0; i < 1_000; i++) store.set(`name ${i}`, new Uint8Array(400), hour);
    for (let i = 0; i < 1_000; i++) store.push('list', new Uint8Array(400), hour, 1_000);
    expect(store.bytes).toBeLessThanOrEqual(10_000);
    // What is larger than all of it is not kept, and takes nothing else away but what had its name.
    store.set('b', bytes('small'), hour);
    store.set('a', new Uint8Array(10_001), hour);
    expect([store.get('a'), store.get('b')]).toEqual([undefined, bytes('small')]);
  });

  it('keeps nothing for more than 7 days, nor than it is told', () => {
    for (const [maxAgeMs, leftMs] of [
      [undefined, 604_800_000],
      [hour, hour],
    ] as const) {
      const store = new MemoryStore({ now, ...(maxAgeMs === undefined ? {} : { maxAgeMs }) });
      store.set('a', bytes('a'), 10 * 604_800_000);
      clock.nowMs += leftMs - 1;
      expect(store.get('a')).toBeDefined();
      clock.nowMs += 1;
      expect(store.get('a')).toBeUndefined();
    }
  });

  it('shows nothing of what is in it', () => {
    const store = new MemoryStore();
    store.set('some name', bytes('some secret'), hour);
    store.push('some list', bytes('some secret'), hour, 2);
    for (const shown of [
      inspect(store, { depth: 9, showHidden: true }),
      JSON.stringify(store),
      String(store),
    ])
      expect(shown).not.toMatch(/some|115/);
    store.clear();
    expect([store.size, store.bytes]).toEqual([0, 0]);
  });

  it.each([
    [{ maxEntries: 0 }, 'maxEntries must be an integer of at least 1, got 0'],
    [{ maxBytes: 1.5 }, 'maxBytes must be an integer of at least 1, got 1.5'],
    [{ maxAgeMs: 604_800_001 }, 'maxAgeMs must be at most 604800000 (7 days), got 604800001'],
    [{ now: 5 as never }, 'now must be a function that gives milliseconds'],
  ])('refuses options that cannot work: %j', (options, message) => {
    expect(() => new MemoryStore(options)).toThrow(message);
  });
});
