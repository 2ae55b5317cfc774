import { copyOf } from './bytes.ts';

/**
 * A deep copy of plain data: byte arrays, arrays and plain objects are new, everything else (functions, instances of
 * classes) is the same. What an application has been given it may change, and what it gave it may go on using.
 */
export function owned<T>(value: T): T {
  return copied(value, 0) as T;
}

function copied(value: unknown, depth: number): unknown {
  if (value instanceof Uint8Array) return copyOf(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map((each) => copied(each, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  // Whole, and not name by name: then it has the shape at once, and a name such as `__proto__` is a property of its own already.
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) {
    const each = copy[key];
    if (typeof each === 'object' && each !== null) copy[key] = copied(each, depth + 1);
  }
  return copy;
}

/** Deeper than that no plain data of ours goes; a value that contains itself must end somewhere. */
const maxDepth = 32;
