import { ApiMisuseError } from '@sealwire/core';
import { LRUCache } from 'lru-cache';
import { copyOf } from './bytes.ts';
import type { SessionStore } from './store.ts';
import { ownOptions } from './own-options.ts';

export interface MemoryStoreOptions {
  /** How many names; those that nobody has used for the longest time make room for new ones. Default 10,000. */
  readonly maxEntries?: number;
  /** How many bytes of values, all together. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Nothing is kept longer than that, in ms. Default and most 7 days, the longest that a ticket is good for (RFC 9846 §4.7.1). */
  readonly maxAgeMs?: number;
  /** The clock, in ms; only differences count. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Sessions in the memory of this process, bounded by count, bytes and age; what was used last stays longest. All answers come
 * at once. What is dropped is wiped.
 */
export class MemoryStore implements SessionStore {
  readonly scope = 'process';
  readonly #entries: LRUCache<string, Entry>;
  readonly #maxAgeMs: number;
  readonly #now: () => number;

  constructor(given: MemoryStoreOptions = {}) {
    const options = ownOptions('MemoryStore', given, {
      maxEntries: true,
      maxBytes: true,
      maxAgeMs: true,
      now: true,
    });
    const { maxEntries = 10_000, maxBytes = 16 * 2 ** 20, maxAgeMs = weekMs, now = Date.now } = options;
    for (const [name, value] of Object.entries({ maxEntries, maxBytes, maxAgeMs })) {
      if (!Number.isSafeInteger(value) || value < 1)
        throw new ApiMisuseError(`${name} must be an integer of at least 1, got ${String(value)}`);
    }
    if (maxAgeMs > weekMs)
      throw new ApiMisuseError(`maxAgeMs must be at most ${weekMs} (7 days), got ${maxAgeMs}`);
    if (typeof now !== 'function') throw new ApiMisuseError('now must be a function that gives milliseconds');
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
    this.#entries = new LRUCache<string, Entry>({
      max: maxEntries,
      maxSize: maxBytes,
      sizeCalculation: ({ values }, name) =>
        values.reduce((sum, { bytes }) => sum + bytes.length, name.length),
      dispose: ({ values }) => {
        for (const { bytes } of values) bytes.fill(0);
      },
    });
  }

  /** How many names there are. Those whose time is over count until somebody asks for them or they make room. */
  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of values and names. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  get(name: string): Uint8Array | undefined {
    const value = this.#live(`v${name}`)?.values[0];
    return value === undefined ? undefined : copyOf(value.bytes);
  }

  set(name: string, value: Uint8Array, ttlMs: number): void {
    this.#entries.set(`v${name}`, { values: [this.#timed(value, ttlMs)] });
  }

  add(name: string, value: Uint8Array, ttlMs: number): boolean {
    if (this.#live(`v${name}`) !== undefined) return false;
    this.set(name, value, ttlMs);
    return true;
  }

  delete(name: string): boolean {
    const isThere = this.#live(`v${name}`) !== undefined;
    this.#entries.delete(`v${name}`);
    return isThere;
  }

  push(name: string, value: Uint8Array, ttlMs: number, atMost: number): void {
    const before = this.#live(`l${name}`)?.values ?? [];
    const all = [...before, this.#timed(value, ttlMs)];
    for (const { bytes } of all.slice(0, -atMost)) bytes.fill(0);
    this.#replaceList(`l${name}`, all.slice(-atMost));
  }

  pop(name: string): Uint8Array | undefined {
    const values = this.#live(`l${name}`)?.values;
    const newest = values?.at(-1);
    if (values === undefined || newest === undefined) return undefined;
    const bytes = copyOf(newest.bytes);
    newest.bytes.fill(0);
    this.#replaceList(`l${name}`, values.slice(0, -1));
    return bytes;
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
  }

  /** What is to stay must not be wiped with the entry that it was in. */
  #replaceList(name: string, values: readonly Timed[]): void {
    const entry = this.#entries.peek(name);
    if (entry !== undefined) entry.values = [];
    if (values.length === 0) this.#entries.delete(name);
    else this.#entries.set(name, { values });
  }

  /** An entry with what is left of it. */
  #live(name: string): Entry | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const nowMs = this.#now();
    const isOver = ({ expiresAtMs }: Timed) => expiresAtMs <= nowMs;
    if (!entry.values.some(isOver)) return entry;
    const live = entry.values.filter((value) => !isOver(value));
    for (const value of entry.values) if (isOver(value)) value.bytes.fill(0);
    this.#replaceList(name, live);
    return live.length === 0 ? undefined : this.#entries.get(name);
  }

  #timed(value: Uint8Array, ttlMs: number): Timed {
    return { bytes: copyOf(value), expiresAtMs: this.#now() + Math.min(ttlMs, this.#maxAgeMs) };
  }
}

/** One value, or a list of them, the newest last. */
interface Entry {
  values: readonly Timed[];
}

interface Timed {
  readonly bytes: Uint8Array;
  readonly expiresAtMs: number;
}

const weekMs = 604_800_000;
