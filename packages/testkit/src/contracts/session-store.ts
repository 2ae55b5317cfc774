import { ascii, ContractFailure, expectBytes, expectEqual } from './contract-case.ts';

/** What may be there at once, or later. */
type Awaitable<T> = T | Promise<T>;

/** A store of sessions, as its contract calls it: `SessionStore` of `@sealwire/session-cache`. */
export interface TestedSessionStore {
  readonly scope: 'process' | 'fleet';
  get(name: string): Awaitable<Uint8Array | undefined>;
  set(name: string, value: Uint8Array, ttlMs: number): Awaitable<void>;
  add(name: string, value: Uint8Array, ttlMs: number): Awaitable<boolean>;
  delete(name: string): Awaitable<boolean>;
  push(name: string, value: Uint8Array, ttlMs: number, atMost: number): Awaitable<void>;
  pop(name: string): Awaitable<Uint8Array | undefined>;
  keepsAll?(): Awaitable<boolean>;
}

export interface SessionStoreUnderTest {
  /**
   * An empty store. For a store that a fleet shares two that look at the same things, as two processes have them; otherwise
   * the same one twice.
   */
  open(): Promise<readonly [one: TestedSessionStore, other: TestedSessionStore]>;
  /** Lets so much of the store's time pass, in ms, or waits so long. */
  pass(ms: number): Promise<void>;
}

/** One case of `sessionStoreContract`. It rejects with `ContractFailure`. */
export interface SessionStoreCase {
  readonly name: string;
  run(): Promise<void>;
}

/** Everything that a store of sessions promises, as cases that any runner can run. Each opens a store of its own. */
export function sessionStoreContract({ open, pass }: SessionStoreUnderTest): SessionStoreCase[] {
  const test = (
    name: string,
    run: (one: TestedSessionStore, other: TestedSessionStore) => Promise<void>,
  ): SessionStoreCase => ({ name, run: async () => run(...(await open())) });
  return [
    test('has nothing at first', async (one) => {
      expectEqual(await one.get('a'), undefined, 'get');
      expectEqual(await one.pop('a'), undefined, 'pop');
      expectEqual(await one.delete('a'), false, 'delete');
    }),

    test('gives back what was set, to everybody, as often as they ask', async (one, other) => {
      await one.set('a', bytes('first'), longMs);
      await one.set('b', bytes('another'), longMs);
      for (const store of [one, other, one]) expectBytes(await store.get('a'), bytes('first'), 'get');
      expectBytes(await other.get('b'), bytes('another'), 'get of another name');
      await other.set('a', bytes('second'), longMs);
      expectBytes(await one.get('a'), bytes('second'), 'get after it was replaced');
    }),

    test('keeps bytes as they are, whatever they are, and whichever name they have', async (one, other) => {
      const all = Uint8Array.from({ length: 256 }, (_, i) => i);
      const large = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
      const name = `long-name:${'~!"#$%&()*+,-./0;<=>?@A[]^_`{|}'.repeat(6)}`;
      for (const value of [all, large, new Uint8Array(1), all.subarray(3, 5)]) {
        await one.set(name, value, longMs);
        const got = await other.get(name);
        expectBytes(got, value, `${value.length} bytes`);
        if (Object.getPrototypeOf(got) !== Uint8Array.prototype)
          throw new ContractFailure('get: not a plain Uint8Array');
      }
    }),

    test('has copies of its own', async (one, other) => {
      const value = bytes('value');
      await one.set('a', value, longMs);
      await one.push('a', value, longMs, 4);
      value.fill(0);
      const got = await other.get('a');
      got?.fill(0);
      expectBytes(await other.get('a'), bytes('value'), 'get, after both ends were overwritten');
      expectBytes(await other.pop('a'), bytes('value'), 'pop, after what was pushed was overwritten');
    }),

    test('deletes for one of many that ask at once', async (one, other) => {
      await one.set('a', bytes('value'), longMs);
      const asked = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : other).delete('a'));
      expectEqual((await Promise.all(asked)).filter((isMine) => isMine).length, 1, 'how many deleted it');
      expectEqual(await one.get('a'), undefined, 'get afterwards');
    }),

    test('adds for one of many that ask at once, and leaves what is there', async (one, other) => {
      const asked = Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? one : other).add('a', bytes(String(i)), longMs),
      );
      const mine = (await Promise.all(asked)).flatMap((isMine, i) => (isMine ? [i] : []));
      expectEqual(mine.length, 1, 'how many added it');
      expectBytes(await other.get('a'), bytes(String(mine[0])), 'what is there');
      await one.set('b', bytes('set'), longMs);
      expectEqual(await other.add('b', bytes('added'), longMs), false, 'add where something was set');
      await one.delete('b');
      expectEqual(await other.add('b', bytes('added'), longMs), true, 'add where something was deleted');
    }),

    test('has lists, from which each value is taken once, the newest first', async (one, other) => {
      for (const value of ['1', '2', '3']) await one.push('a', bytes(value), longMs, 8);
      expectBytes(await other.pop('a'), bytes('3'), 'the newest');
      await other.push('a', bytes('4'), longMs, 8);
      for (const value of ['4', '2', '1']) expectBytes(await one.pop('a'), bytes(value), `value ${value}`);
      expectEqual(await other.pop('a'), undefined, 'pop of an empty list');
    }),

    test('gives no value of a list to two that ask at once', async (one, other) => {
      for (let i = 0; i < 10; i++) await one.push('a', bytes(String(i)), longMs, 16);
      const asked = Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? one : other).pop('a'));
      const got = (await Promise.all(asked)).flatMap((value) => (value === undefined ? [] : [String(value)]));
      expectEqual(new Set(got).size, 10, 'different values');
      expectEqual(got.length, 10, 'values');
    }),

    test('drops the oldest of a list that is full', async (one, other) => {
      for (const value of ['1', '2', '3', '4']) await one.push('a', bytes(value), longMs, 2);
      for (const value of ['4', '3']) expectBytes(await other.pop('a'), bytes(value), `value ${value}`);
      expectEqual(await one.pop('a'), undefined, 'what was dropped');
    }),

    test('has lists under other names than values', async (one) => {
      await one.push('a', bytes('pushed'), longMs, 2);
      expectEqual(await one.get('a'), undefined, 'get of a list');
      await one.set('a', bytes('set'), longMs);
      expectEqual(await one.delete('a'), true, 'delete of the value');
      expectBytes(await one.pop('a'), bytes('pushed'), 'pop after the delete');
    }),

    test('forgets when the time is over', async (one, other) => {
      await one.set('a', bytes('value'), shortMs);
      await one.add('b', bytes('value'), shortMs);
      await one.push('c', bytes('value'), shortMs, 2);
      await one.set('d', bytes('value'), longMs);
      await one.set('e', bytes('value'), shortMs);
      await one.set('e', bytes('longer'), longMs);
      await pass(shortMs + slackMs);
      for (const name of ['a', 'b']) expectEqual(await other.get(name), undefined, `get of ${name}`);
      expectEqual(await other.pop('c'), undefined, 'pop');
      expectEqual(await other.delete('a'), false, 'delete');
      expectEqual(await one.add('b', bytes('again'), longMs), true, 'add');
      expectBytes(await one.get('d'), bytes('value'), 'what has time left');
      expectBytes(await one.get('e'), bytes('longer'), 'what was given more time');
    }),

    test('says whether it keeps all, if it says so at all', async (one) => {
      const said = one.keepsAll === undefined ? false : await one.keepsAll();
      expectEqual(typeof said, 'boolean', 'keepsAll');
    }),
  ];
}

const bytes = ascii;
const longMs = 60_000;
const shortMs = 40;
/** Clocks of different processes do not tick at once. */
const slackMs = 20;
