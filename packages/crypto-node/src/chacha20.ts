import { ApiMisuseError } from '@sealwire/core';
import { nobleProvider, requireLength } from '@sealwire/crypto-noble';
import * as crypto from 'node:crypto';
import { plain } from './bytes.ts';

/** The key stream of ChaCha20 from a block on (RFC 8439 §2.4); other libraries than OpenSSL behind node:crypto may lack it. */
export function chacha20(key: Uint8Array, start: Uint8Array, length: number): Uint8Array {
  requireLength(key, 32, 'a key for ChaCha20');
  requireLength(start, 16, 'a block counter and nonce');
  if (!Number.isInteger(length) || length < 0 || length > 64)
    throw new ApiMisuseError(`expected a length of up to 64 bytes, got ${length}`);
  isNative ??= crypto.getCiphers().includes('chacha20');
  if (!isNative) return nobleProvider.chacha20!(key, start, length);
  return plain(crypto.createCipheriv('chacha20', key, start).update(new Uint8Array(length)));
}

let isNative: boolean | undefined;
