import { expect, it } from 'vitest';
import { sessionStoreContract, type TestedSessionStore } from './session-store.ts';

/** The least that keeps the contract. */
function honest(clock: { nowMs: number }): TestedSessionStore {
  const values = new Map<string, { value: Uint8Array; untilMs: number }>();
  const lists = new Map<string, { value: Uint8Array; untilMs: number }[]>();
  const live = (name: string) => {
    const found = values.get(name);
    return found !== undefined && found.untilMs > clock.nowMs ? found.value : undefined;
  };
  const kept = (value: Uint8Array, ttlMs: number) => ({
    value: new Uint8Array(value),
    untilMs: clock.nowMs + ttlMs,
  });
  const store: TestedSessionStore = {
    scope: 'process',
    get(name) {
      const value = live(name);
      return value && new Uint8Array(value);
    },
    set: (name, value, ttlMs) => void values.set(name, kept(value, ttlMs)),
    add(name, value, ttlMs) {
      if (live(name) !== undefined) return false;
      values.set(name, kept(value, ttlMs));
      return true;
    },
    delete: (name) => live(name) !== undefined && values.delete(name),
    push(name, value, ttlMs, atMost) {
      lists.set(name, [...(lists.get(name) ?? []), kept(value, ttlMs)].slice(-atMost));
    },
    pop: (name) =>
      lists
        .get(name)
        ?.filter(({ untilMs }) => untilMs > clock.nowMs)
        .at(-1) && lists.get(name)!.pop()!.value,
  };
  return store;
}

async function failures(
  change: (store: TestedSessionStore) => Partial<TestedSessionStore>,
): Promise<string[]> {
  const clock = { nowMs: 0 };
  const cases = sessionStoreContract({
    async open() {
      const store = honest(clock);
      const changed = { ...store, ...change(store) };
      return [changed, changed];
    },
    pass: async (ms) => void (clock.nowMs += ms),
  });
  const failed: string[] = [];
  for (const { name, run } of cases) await run().catch(() => failed.push(name));
  return failed;
}

it('is kept by the least that can', async () => {
  expect(await failures(() => ({}))).toEqual([]);
});

it.each<[string, (store: TestedSessionStore) => Partial<TestedSessionStore>, RegExp]>([
  [
    'gives twice what was taken',
    ({ get }) => ({ delete: async (name) => (await get(name)) !== undefined }),
    /deletes for one/,
  ],
  [
    'adds where something is',
    ({ set }) => ({
      add: async (...args) => {
        await set(...args);
        return true;
      },
    }),
    /adds for one/,
  ],
  ['never forgets', (store) => ({ set: (name, value) => store.set(name, value, 1e9) }), /forgets when/],
  [
    'takes the oldest first',
    ({ push }) => ({ push: (name, value, ttlMs, atMost) => push(name, value, ttlMs, atMost + 1) }),
    /list that is full/,
  ],
  [
    'keeps what is the caller’s',
    ({ get }) => {
      let last: Uint8Array | undefined;
      return { get: async (name) => (last ??= await get(name)) };
    },
    /gives back|copies/,
  ],
  ['loses', () => ({ get: () => undefined }), /gives back/],
])('finds a store that %s', async (_, change, found) => {
  expect((await failures(change)).some((name) => found.test(name))).toBe(true);
});
