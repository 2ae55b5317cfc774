import { ApiMisuseError } from '../errors/tls-error.ts';
import { decode, encode, opaque24, struct, vector24 } from '../wire/codec.ts';
import { ascii, latin1, sameBytes } from '../wire/bytes.ts';

/**
 * Plain data as bytes: what JSON knows, and byte arrays. Byte arrays stand in a table of their own, each once, since a
 * verdict tends to hold the same certificates as the evidence it is about.
 */
export function encodePlain(value: unknown): Uint8Array {
  const blobs: Uint8Array[] = [];
  const text = JSON.stringify(asJson(value, blobs, 0));
  return encode(plain, { text: ascii(escaped(text)), blobs });
}

/** Throws `TlsError`, `SyntaxError` or `ApiMisuseError` for bytes that `encodePlain` did not make. */
export function decodePlain(bytes: Uint8Array): unknown {
  const { text, blobs } = decode(plain, bytes, 'plain value');
  return fromJson(JSON.parse(latin1(text)), blobs, 0);
}

/** Bytes become `{ "$": 3 }`; an object that has a `$` of its own becomes `{ "$": its entries }`. */
function asJson(value: unknown, blobs: Uint8Array[], depth: number): unknown {
  if (depth > maxDepth) throw notPlain('nothing that deep');
  if (value === undefined) return { $: 'undefined' };
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Uint8Array) return { $: blobIndex(value, blobs) };
  if (Array.isArray(value)) return value.map((each) => asJson(each, blobs, depth + 1));
  if (typeof value !== 'object' || !isPlainObject(value)) throw notPlain(typeof value);
  const entries = Object.entries(value).map(([key, each]) => [key, asJson(each, blobs, depth + 1)] as const);
  return '$' in value ? { $: entries } : Object.fromEntries(entries);
}

function fromJson(value: unknown, blobs: readonly Uint8Array[], depth: number): unknown {
  if (depth > maxDepth) throw notMade('something deeper');
  if (Array.isArray(value)) return value.map((each) => fromJson(each, blobs, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const { $ } = value as { $?: unknown };
  if ($ === 'undefined') return undefined;
  if (typeof $ === 'number') {
    const blob = blobs[$];
    if (blob === undefined) throw notMade(`a value without its byte array ${$}`);
    return new Uint8Array(blob);
  }
  const entries = Array.isArray($) ? $.map(asEntry) : Object.entries(value);
  return Object.fromEntries(entries.map(([key, each]) => [key, fromJson(each, blobs, depth + 1)]));
}

function asEntry(entry: unknown): [string, unknown] {
  if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string') return entry as never;
  throw notMade('an object without names');
}

function notMade(what: string): ApiMisuseError {
  return new ApiMisuseError(`expected what encodePlain made, got ${what}`);
}

function blobIndex(bytes: Uint8Array, blobs: Uint8Array[]): number {
  const known = blobs.findIndex((each) => sameBytes(each, bytes));
  return known >= 0 ? known : blobs.push(bytes) - 1;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** JSON in ASCII: what is beyond it as \u escapes. */
function escaped(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function notPlain(what: string): ApiMisuseError {
  return new ApiMisuseError(
    `a verdict kept in a session must be plain data (JSON and Uint8Array), got ${what}`,
  );
}

const plain = /* @__PURE__ */ struct({
  text: /* @__PURE__ */ opaque24(),
  blobs: /* @__PURE__ */ vector24(/* @__PURE__ */ opaque24()),
});

const maxDepth = 32;
