import type { TappedEnd } from '@sealwire/testkit';

/**
 * How to copy an end of a conversation, connection and all. What belongs to it is what another end, made in the same
 * way, does not have: all else is common to both and stays so in copies. `undefined` where something cannot be copied.
 *
 * Works in a program that `scripts/unsealed.mjs` has prepared, and nowhere else.
 */
export function copierOf(end: TappedEnd, same: TappedEnd): (() => TappedEnd) | undefined {
  if (Object.keys(end.connection).length === 0) throw new Error('the fields of a connection are private');
  const common = reachable(same);
  const own = [...reachable(end)].filter((each) => !common.has(each) && !isConstant(each, common));
  const { ownedFunctions } = globalThis as unknown as Unsealed;
  const isOwned = (each: object) => ownedFunctions.has(each);
  if (own.some((each) => !isOwned(each) && !isCopied(each) && !isShared(each))) return undefined;
  const objects = own.filter(isCopied);
  const owned = own.filter(isOwned);
  const functions = owned.map((each) => ownedFunctions.get(each)!);
  const indexes = new Map([...objects, ...owned].map((each, i) => [each, i]));
  const parts = objects.map((each) => partOf(each, indexes));
  return () => {
    const made: object[] = parts.map((part) => part.make());
    for (const { owner, make } of functions) made.push(make(made[indexes.get(owner)!]!));
    for (const [i, part] of parts.entries()) part.fill(made[i]!, made);
    return made[0] as TappedEnd;
  };
}

/** What `scripts/unsealed.mjs` leaves behind: the functions that know a `this`, and how the same is made for another. */
interface Unsealed {
  readonly ownedFunctions: WeakMap<object, { readonly owner: object; make(owner: object): object }>;
}

/** Other functions know constants of a connection at most: its configuration, keys and secrets. */
const isShared = (each: object): boolean => typeof each === 'function' && !/\bthis\b/.test(`${each}`);

const isCopied = (each: object): boolean =>
  each instanceof Uint8Array ||
  (typeof each !== 'function' &&
    !ArrayBuffer.isView(each) &&
    Object.values(Object.getOwnPropertyDescriptors(each)).every((field) => 'value' in field));

/** An object to copy: first alone, then with the copies of the others that it holds. */
interface Part {
  make(): object;
  fill(copy: object, made: readonly object[]): void;
}

function partOf(source: object, indexes: ReadonlyMap<object, number>): Part {
  const copyIn = (value: unknown, made: readonly object[]): unknown => {
    const index = indexes.get(value as object);
    return index === undefined ? value : made[index];
  };
  if (source instanceof Uint8Array) return new BytesPart(source);
  if (source instanceof WeakSet) return { make: () => new WeakSet(), fill: () => {} };
  if (source instanceof Map) {
    const entries = [...source];
    return {
      make: () => new Map(),
      fill(copy, made) {
        for (const [key, value] of entries)
          (copy as Map<unknown, unknown>).set(copyIn(key, made), copyIn(value, made));
      },
    };
  }
  if (source instanceof Set) {
    const values = [...source];
    return {
      make: () => new Set(),
      fill(copy, made) {
        for (const value of values) (copy as Set<unknown>).add(copyIn(value, made));
      },
    };
  }
  if (Array.isArray(source)) {
    return {
      make: () => source.slice(),
      fill(copy, made) {
        const list = copy as unknown[];
        for (let i = 0; i < list.length; i++) list[i] = copyIn(list[i], made);
      },
    };
  }
  return new FieldsPart(source, indexes);
}

class BytesPart implements Part {
  readonly #source: Uint8Array;

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  make(): object {
    return Uint8Array.prototype.slice.call(this.#source); // of a Buffer, slice copies nothing
  }

  fill(): void {}
}

/** An object by its fields. There are many of these, kept for long: small, with names that they have in common. */
class FieldsPart implements Part {
  readonly #source: Record<PropertyKey, unknown>;
  readonly #prototype: object | null;
  readonly #keys: readonly PropertyKey[];
  /** Pairs: where a copy is referred to in `#keys`, and which. */
  readonly #references: readonly number[];
  readonly #isFrozen: boolean;

  constructor(source: object, indexes: ReadonlyMap<object, number>) {
    this.#source = source as Record<PropertyKey, unknown>;
    this.#prototype = Object.getPrototypeOf(source) as object | null;
    this.#keys = sharedKeys(Reflect.ownKeys(source));
    this.#isFrozen = Object.isFrozen(source);
    this.#references = this.#keys.flatMap((key, i) => {
      const index = indexes.get(this.#source[key] as object);
      return index === undefined ? [] : [i, index];
    });
  }

  make(): object {
    const copy: Record<PropertyKey, unknown> = Object.create(this.#prototype);
    for (const key of this.#keys) copy[key] = this.#source[key];
    return copy;
  }

  fill(copy: object, made: readonly object[]): void {
    const references = this.#references;
    for (let i = 0; i < references.length; i += 2) {
      (copy as Record<PropertyKey, unknown>)[this.#keys[references[i]!]!] = made[references[i + 1]!];
    }
    if (this.#isFrozen) Object.freeze(copy);
  }
}

function sharedKeys(keys: readonly PropertyKey[]): readonly PropertyKey[] {
  const name = keys.map(String).join();
  const known = keysByName.get(name);
  if (known?.every((key, i) => key === keys[i]) === true) return known;
  keysByName.set(name, keys);
  return keys;
}

const keysByName = new Map<string, readonly PropertyKey[]>();

/** All objects that one leads to, itself first. */
function reachable(root: object): Set<object> {
  const found = new Set([root]);
  for (const each of found) {
    for (const value of valuesOf(each)) {
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') found.add(value);
    }
  }
  return found;
}

function valuesOf(object: object): Iterable<unknown> {
  if (typeof object === 'function' || object instanceof Uint8Array) return [];
  if (object instanceof Map) return [...object].flat();
  if (object instanceof Set) return object;
  return Reflect.ownKeys(object).map((key) => object[key as keyof typeof object]);
}

/** Whether it is frozen, and all in it is common. */
function isConstant(object: object, common: ReadonlySet<object>): boolean {
  return (
    Object.isFrozen(object) &&
    typeof object === 'object' &&
    [...valuesOf(object)].every((value) => Object(value) !== value || common.has(value as object))
  );
}
