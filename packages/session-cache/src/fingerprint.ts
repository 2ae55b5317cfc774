import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * 32 bytes that are the same for the same options: plain data, texts and bytes by what they say; functions and objects with
 * a class, such as keys and verifiers, by which they are. Those are therefore never the same in two processes, nor for two
 * functions of the same text, unless a `label` stands for all of them.
 */
export function fingerprintOf(
  options: object,
  {
    ignored,
    label,
    endpoint,
  }: { ignored: ReadonlySet<string>; label: string | undefined; endpoint: string | undefined },
): Uint8Array {
  const said = Object.fromEntries(
    Object.entries(options).filter(([name, value]) => !ignored.has(name) && value !== undefined),
  );
  const identify = label === undefined ? identityOf : () => `label ${JSON.stringify(label)}`;
  return sha256(utf8ToBytes(spelt({ options: said, endpoint }, identify, 0)));
}

function spelt(value: unknown, identify: (value: object) => string, depth: number): string {
  if (typeof value === 'string')
    return value.length > longText ? `text ${digestOf(value)}` : JSON.stringify(value);
  if (value instanceof Uint8Array) return `bytes ${bytesToHex(sha256(value))}`;
  if (typeof value === 'function') return identify(value);
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  if (depth < maxDepth && Array.isArray(value))
    return `[${value.map((each) => spelt(each, identify, depth + 1)).join()}]`;
  if (depth >= maxDepth || !isPlain(value)) return identify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${spelt(each, identify, depth + 1)}`).join()}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function identityOf(value: object): string {
  const known = identities.get(value) ?? `object ${(lastIdentity += 1)} of ${(process ??= randomName())}`;
  identities.set(value, known);
  return known;
}

/** Programs say the same roots, often 200 KB of them, for each connection. */
function digestOf(text: string): string {
  const known = digests.get(text) ?? bytesToHex(sha256(utf8ToBytes(text)));
  digests.delete(text);
  digests.set(text, known);
  const [oldest] = digests.keys();
  if (digests.size > maxDigests && oldest !== undefined) digests.delete(oldest);
  return known;
}

function randomName(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
}

const identities = new WeakMap<object, string>();
let lastIdentity = 0;
let process: string | undefined;
const digests = new Map<string, string>();
const maxDigests = 16;
const longText = 256;
const maxDepth = 8;
