import type { HashName } from '@sealwire/core';
import { concat } from '../bytes.ts';
import * as der from '../der/writer.ts';
import { hashOids } from '../formats/oids.ts';
import { hashes } from '../hashes.ts';

/**
 * EMSA-PKCS1-v1_5 (RFC 8017 §9.2): the one encoded block of `length` bytes that a message has, or `undefined`
 * when it does not fit. Verifying rebuilds this block and compares the whole of it; parsing what the signature
 * holds is how forgeries with e = 3 came about.
 */
export function encodePkcs1(
  hash: HashName | 'md5-sha1',
  message: Uint8Array,
  length: number,
): Uint8Array | undefined {
  const content = hash === 'md5-sha1' ? bothHashes(message) : digestInfo(hash, message);
  const paddingBytes = length - content.length - 3;
  if (paddingBytes < 8) return undefined;
  return concat([
    Uint8Array.of(0x00, 0x01),
    new Uint8Array(paddingBytes).fill(0xff),
    Uint8Array.of(0x00),
    content,
  ]);
}

function digestInfo(hash: HashName, message: Uint8Array): Uint8Array {
  return der.sequence(
    der.sequence(der.oid(hashOids[hash]), der.nothing()),
    der.octetString(hashes[hash].digest([message])),
  );
}

/** TLS 1.1 and older sign MD5 and SHA-1 of the message, one after the other, with nothing around them (RFC 4346 §4.7). */
function bothHashes(message: Uint8Array): Uint8Array {
  return concat([hashes.md5.digest([message]), hashes.sha1.digest([message])]);
}
