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
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const each = copied((value as Record<string, unknown>)[key], depth + 1);
    // Assigned, this one name would set the prototype.
    if (key === '__proto__') Object.defineProperty(copy, key, { ...plainProperty, value: each });
    else copy[key] = each;
  }
  return copy;
}

const plainProperty = { configurable: true, enumerable: true, writable: true };

/** Deeper than that no plain data of ours goes; a value that contains itself must end somewhere. */
const maxDepth = 32;
