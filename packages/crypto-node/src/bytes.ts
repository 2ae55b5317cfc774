import type { RandomSource } from '@sealwire/core';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import * as v8 from 'node:v8';

/**
 * A Buffer as a plain Uint8Array over the same memory. Buffers must not leave this package: their `slice`
 * shares memory where that of a Uint8Array copies.
 */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/**
 * Fresh bytes of the platform's generator. Each call of it costs some 2 µs however little it gives, and a handshake
 * draws some twenty times: small draws share one, and what is given is overwritten in the store. Not while a snapshot of the heap is
 * built: every process that starts from it would draw the same.
 */
export const nativeSource: RandomSource = (length) => {
  if (!Number.isInteger(length) || length < 0 || length > storeBytes / 16)
    return plain(crypto.randomBytes(length));
  if (length > storeBytes - storeAt) {
    if (isBuildingSnapshot()) return plain(crypto.randomBytes(length));
    crypto.randomFillSync(store);
    storeAt = 0;
  }
  const bytes = store.slice(storeAt, storeAt + length);
  store.fill(0, storeAt, storeAt + length);
  storeAt += length;
  return bytes;
};

/** Other runtimes have no such thing; Node 20 says 1 and 0. */
const isBuildingSnapshot = (): boolean => Boolean(v8.startupSnapshot?.isBuildingSnapshot?.());

const storeBytes = 2_048;
const store = new Uint8Array(storeBytes);
let storeAt = storeBytes;

/** Big-endian bytes padded on the left with zeros. */
export function leftPadded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  const padded = new Uint8Array(length);
  padded.set(bytes, length - bytes.length);
  return padded;
}

/** For JSON Web Keys (RFC 7518 §2). */
export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** One character per byte: a key for maps. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
