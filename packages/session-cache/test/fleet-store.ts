import { MemoryStore, type SessionStore } from '../src/index.ts';

/** A store as a fleet shares it: answers come later, sometimes none do, and everything can be lost. */
export class FleetStore implements SessionStore {
  readonly scope = 'fleet';
  readonly #now: () => number;
  #store: MemoryStore;
  isDown = false;
  evicts = false;
  /** How often it was asked. */
  asked = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#store = new MemoryStore({ now });
  }

  /** As Redis does that keeps nothing on its disk. */
  restart(): void {
    this.#store = new MemoryStore({ now: this.#now });
  }

  get = (name: string) => this.#later(() => this.#store.get(name));
  set = (name: string, value: Uint8Array, ttlMs: number) =>
    this.#later(() => this.#store.set(name, value, ttlMs));
  add = (name: string, value: Uint8Array, ttlMs: number) =>
    this.#later(() => this.#store.add(name, value, ttlMs));
  delete = (name: string) => this.#later(() => this.#store.delete(name));
  push = (name: string, value: Uint8Array, ttlMs: number, atMost: number) =>
    this.#later(() => this.#store.push(name, value, ttlMs, atMost));
  pop = (name: string) => this.#later(() => this.#store.pop(name));
  keepsAll = () => this.#later(() => !this.evicts);

  async #later<T>(run: () => T): Promise<T> {
    this.asked += 1;
    await Promise.resolve();
    if (this.isDown) throw new Error('the store is down');
    return run();
  }
}
