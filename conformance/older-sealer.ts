import { suites12 } from '@sealwire/core/tls12';
import {
  type CipherCCMTypes,
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { RecordDirection } from './offloader.ts';

/** Records of TLS 1.0 to 1.2 by the cipher of the platform, from nothing but the keys that `detach` hands out. */
export function sealedAsOlder(direction: RecordDirection, type: number, content: Uint8Array): Uint8Array {
  const sequence = numbered(direction.sequence++);
  const { version, macKey } = direction.keys;
  const body =
    macKey === undefined
      ? aeadSealed(direction, type, content, sequence)
      : cbcSealed(direction, type, content, sequence);
  return Buffer.concat([header(type, version, body.length), body]);
}

/** What is in a record, its header included; `undefined` when it does not open. */
export function openedAsOlder(
  direction: RecordDirection,
  record: Uint8Array,
): { readonly type: number; readonly content: Uint8Array } | undefined {
  const type = record[0]!;
  const body = record.subarray(5);
  const sequence = numbered(direction.sequence++);
  const content =
    direction.keys.macKey === undefined
      ? aeadOpened(direction, type, body, sequence)
      : cbcOpened(direction, type, body, sequence);
  return content && { type, content };
}

/** RFC 5288 §3 and RFC 6655 §3: salt and a nonce in the record; RFC 7905 §2: the sequence number XORed in. */
function aeadSealed(direction: RecordDirection, type: number, content: Uint8Array, sequence: Buffer): Buffer {
  const { name, explicit } = aeadOf(direction);
  const nonce = nonceOf(direction, explicit ? sequence : undefined, sequence);
  const cipher = createCipheriv(name, direction.keys.key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.concat([sequence, header(type, direction.keys.version, content.length)]), {
    plaintextLength: content.length,
  });
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([explicit ? sequence : Buffer.alloc(0), sealed, cipher.getAuthTag()]);
}

function aeadOpened(
  direction: RecordDirection,
  type: number,
  body: Uint8Array,
  sequence: Buffer,
): Uint8Array | undefined {
  const { name, explicit } = aeadOf(direction);
  const [start, end] = [explicit ? 8 : 0, body.length - tagBytes];
  if (end < start) return undefined;
  const nonce = nonceOf(direction, explicit ? body.subarray(0, 8) : undefined, sequence);
  const decipher = createDecipheriv(name, direction.keys.key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(body.subarray(end));
  decipher.setAAD(Buffer.concat([sequence, header(type, direction.keys.version, end - start)]), {
    plaintextLength: end - start,
  });
  try {
    return Buffer.concat([decipher.update(body.subarray(start, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function nonceOf({ keys }: RecordDirection, explicit: Uint8Array | undefined, sequence: Buffer): Buffer {
  if (explicit !== undefined) return Buffer.concat([keys.iv, explicit]);
  const nonce = Buffer.from(keys.iv);
  for (const [i, byte] of sequence.entries()) nonce[4 + i]! ^= byte;
  return nonce;
}

function cbcSealed(direction: RecordDirection, type: number, content: Uint8Array, sequence: Buffer): Buffer {
  const { keys } = direction;
  const iv = ivOf(direction);
  const encrypted = (plain: Uint8Array): Buffer => {
    const padding = 15 - (plain.length % 16);
    const cipher = createCipheriv(`aes-${8 * keys.key.length}-cbc`, keys.key, iv).setAutoPadding(false);
    const blocks = Buffer.concat([
      cipher.update(plain),
      cipher.update(Buffer.alloc(padding + 1, padding)),
      cipher.final(),
    ]);
    if (direction.chained !== undefined) direction.chained = blocks.subarray(-16);
    return direction.chained === undefined ? Buffer.concat([iv, blocks]) : blocks;
  };
  if (keys.encryptThenMac !== true) {
    return encrypted(Buffer.concat([content, macOf(direction, type, sequence, content)]));
  }
  const covered = encrypted(content);
  return Buffer.concat([covered, macOf(direction, type, sequence, covered)]);
}

function cbcOpened(
  direction: RecordDirection,
  type: number,
  body: Uint8Array,
  sequence: Buffer,
): Uint8Array | undefined {
  const { keys } = direction;
  const macBytes = hashOf(direction) === 'sha1' ? 20 : hashOf(direction) === 'sha256' ? 32 : 48;
  const end = keys.encryptThenMac === true ? body.length - macBytes : body.length;
  const covered = body.subarray(0, end);
  if (
    keys.encryptThenMac === true &&
    !isSame(body.subarray(end), macOf(direction, type, sequence, covered))
  ) {
    return undefined;
  }
  const iv = direction.chained ?? covered.subarray(0, 16);
  const blocks = direction.chained === undefined ? covered.subarray(16) : covered;
  if (blocks.length === 0 || blocks.length % 16 !== 0) return undefined;
  const decipher = createDecipheriv(`aes-${8 * keys.key.length}-cbc`, keys.key, iv).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(blocks), decipher.final()]);
  if (direction.chained !== undefined) direction.chained = Buffer.from(blocks.subarray(-16));
  const unpadded = plain.subarray(0, plain.length - 1 - plain[plain.length - 1]!);
  if (keys.encryptThenMac === true) return unpadded;
  const content = unpadded.subarray(0, unpadded.length - macBytes);
  const mac = macOf(direction, type, sequence, content);
  return isSame(unpadded.subarray(-macBytes), mac) ? content : undefined;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** RFC 5246 §6.2.3.1, RFC 7366 §3. */
function macOf(direction: RecordDirection, type: number, sequence: Buffer, covered: Uint8Array): Buffer {
  const { macKey, version } = direction.keys;
  return createHmac(hashOf(direction), macKey!)
    .update(Buffer.concat([sequence, header(type, version, covered.length), covered]))
    .digest();
}

const ivOf = ({ chained }: RecordDirection): Uint8Array => chained ?? randomBytes(16);

function hashOf(direction: RecordDirection): 'sha1' | 'sha256' | 'sha384' {
  const name = nameOf(direction);
  return name.endsWith('_SHA384') ? 'sha384' : name.endsWith('_SHA256') ? 'sha256' : 'sha1';
}

function aeadOf(direction: RecordDirection): { readonly name: CipherCCMTypes; readonly explicit: boolean } {
  const name = nameOf(direction);
  const bits = 8 * direction.keys.key.length;
  // All of them take the options of CCM.
  if (name.includes('CHACHA20')) return { name: 'chacha20-poly1305' as CipherCCMTypes, explicit: false };
  return { name: `aes-${bits}-${name.includes('CCM') ? 'ccm' : 'gcm'}` as CipherCCMTypes, explicit: true };
}

const nameOf = ({ keys }: RecordDirection): string =>
  Object.entries(suites12).find(([, id]) => id === keys.cipherSuite)![0];

function numbered(sequence: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(sequence));
  return bytes;
}

function header(type: number, version: number, length: number): Buffer {
  return Buffer.from([type, version >>> 8, version & 0xff, length >>> 8, length & 0xff]);
}

const tagBytes = 16;
