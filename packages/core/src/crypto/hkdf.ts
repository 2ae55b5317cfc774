import type { HashFunction } from './provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { ascii } from '../wire/bytes.ts';

/** HKDF-Extract (RFC 5869 §2.2). */
export function hkdfExtract(
  hash: HashFunction,
  salt: Uint8Array,
  inputKeyingMaterial: Uint8Array,
): Uint8Array {
  return hash.hmac(salt, [inputKeyingMaterial]);
}

/** HKDF-Expand (RFC 5869 §2.3); `length` at most 255 hashes. */
export function hkdfExpand(
  hash: HashFunction,
  secret: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  if (length === hash.outputBytes) return hash.hmac(secret, [info, firstCounter]);
  if (length < hash.outputBytes) {
    const block = hash.hmac(secret, [info, firstCounter]);
    const output = block.slice(0, length);
    block.fill(0);
    return output;
  }
  const output = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let counter = 1, at = 0; at < length; counter++) {
    block = hash.hmac(secret, [block, info, new Uint8Array([counter])]);
    output.set(block.subarray(0, Math.min(block.length, length - at)), at);
    at += block.length;
  }
  return output;
}

/**
 * HKDF-Expand-Label (RFC 9846 §7.1).
 *
 *     struct {
 *         uint16 length = Length;
 *         opaque label<7..255> = "tls13 " + Label;
 *         opaque context<0..255> = Context;
 *     } HkdfLabel;
 */
export function hkdfExpandLabel(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const info = hkdfLabel(label, context, length);
  if (length > hash.outputBytes) return hkdfExpand(hash, secret, info.subarray(0, -1), length);
  const block = hash.hmac(secret, [info]);
  if (length === hash.outputBytes) return block;
  const output = block.slice(0, length);
  block.fill(0);
  return output;
}

/**
 * An HkdfLabel, and the counter of the first block of HKDF-Expand behind it. Some forty of them go into a handshake, in a dozen
 * lengths and labels: each has one array, into which the context is written, a hash or nothing, which is no secret. Providers
 * keep no argument.
 */
function hkdfLabel(label: string, context: Uint8Array, length: number): Uint8Array {
  let known = infos.get(label);
  if (known === undefined) {
    known = [];
    // Applications choose labels of their own for what they export.
    if (infos.size < maxLabels) infos.set(label, known);
  }
  for (let i = 0; i < known.length; i++) {
    const { outputBytes, contextBytes, bytes } = known[i]!;
    if (outputBytes !== length || contextBytes !== context.length) continue;
    bytes.set(context, bytes.length - 1 - contextBytes);
    return bytes;
  }
  const bytes = newInfo(label, context, length);
  if (known.length < maxLengths) known.push({ outputBytes: length, contextBytes: context.length, bytes });
  return bytes;
}

function newInfo(label: string, context: Uint8Array, length: number): Uint8Array {
  const name = ascii(`tls13 ${label}`);
  if (length > 0xffff || name.length > 0xff || context.length > 0xff)
    throw new InternalError(
      `an HkdfLabel of ${length}, ${name.length} and ${context.length} bytes does not fit`,
    );
  const info = new Uint8Array(5 + name.length + context.length);
  info[0] = length >>> 8;
  info[1] = length & 0xff;
  info[2] = name.length;
  info.set(name, 3);
  info[3 + name.length] = context.length;
  info.set(context, 4 + name.length);
  info[info.length - 1] = 1;
  return info;
}

/** Derive-Secret (RFC 9846 §7.1) with the transcript hash already computed. */
export function deriveSecret(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  transcriptHash: Uint8Array,
): Uint8Array {
  return hkdfExpandLabel(hash, secret, label, transcriptHash, hash.outputBytes);
}

interface Info {
  readonly outputBytes: number;
  readonly contextBytes: number;
  readonly bytes: Uint8Array;
}

const infos = /* @__PURE__ */ new Map<string, Info[]>();
const maxLabels = 64;
/** For each label; of the key schedule's none has more than four. */
const maxLengths = 8;
const firstCounter = /* @__PURE__ */ Uint8Array.of(1);
