import { randomBytes } from 'node:crypto';
import type { CryptoProvider } from '@sealwire/core';
// Not public, nor should it be: the record protection as it is built.
import { Cbc } from '../../../packages/core/dist/record/cbc.js';
import { contentLengthOf } from '../../../packages/core/dist/record/cbc-check.js';
import type { Comparison } from './compare.ts';

/**
 * MAC-then-encrypt: records of one length that are refused for different reasons. Whoever can tell the reasons apart
 * decrypts records (Vaudenay; "Lucky Thirteen").
 */
export function cbcComparisons(provider: CryptoProvider, hashName: 'sha1' | 'sha256'): Comparison[] {
  const cipher = provider.cbcs!['aes-128-cbc']!;
  const hash = provider.hashes[hashName]!;
  const key = new Uint8Array(randomBytes(16));
  const macKey = new Uint8Array(randomBytes(hash.outputBytes));
  const protection = new Cbc({
    cipher,
    key,
    hash,
    macKey,
    iv: { is: 'explicit', entropy: { random: (length) => new Uint8Array(randomBytes(length)) } },
    version: 0x0303,
    encryptThenMac: false,
    recordLimit: 2 ** 24,
  });
  const cbcKey = cipher.key(key);

  /** Records of all kinds by turns, so that no kind lies in a place of its own; many of each, so that no single one counts. */
  const pools = { short: [], 'another short': [], long: [], wrong: [] } as Record<Kind, Uint8Array[]>;
  for (let i = 0; i < poolSize; i++)
    for (const kind of Object.keys(pools) as Kind[]) pools[kind].push(recordWith(paddings[kind]));
  let turn = 0;
  const next = (kind: Kind) => pools[kind][turn++ % poolSize]!;

  function recordWith(paddingOf: () => Uint8Array): Uint8Array {
    const padding = paddingOf();
    const iv = randomBytes(16);
    const inside = [new Uint8Array(randomBytes(plainBytes - padding.length)), padding];
    const length = 16 + plainBytes;
    const header = [23, 3, 3, length >> 8, length & 0xff];
    return new Uint8Array([...header, ...iv, ...cbcKey.encrypt(iv, inside)]);
  }

  /** The check as anyone would write it first: padding, then the MAC, and an end where something is wrong. */
  function stopsAtPadding(record: Uint8Array): boolean {
    const plain = cbcKey.decrypt(record.subarray(5, 21), record.subarray(21));
    const paddingLength = plain.at(-1)!;
    if (plain.subarray(-1 - paddingLength).some((byte) => byte !== paddingLength)) return false;
    return hasMac(plain, plain.length - 1 - paddingLength - hash.outputBytes);
  }

  /** The check of RFC 5246 §6.2.3.2 to the letter: padding in equal time, a MAC always, but over as much as is left. */
  function macsWhatIsLeft(record: Uint8Array): boolean {
    const plain = cbcKey.decrypt(record.subarray(5, 21), record.subarray(21));
    const length = contentLengthOf(plain, hash.outputBytes);
    return hasMac(plain, length < 0 ? plain.length - 1 - hash.outputBytes : length) && length >= 0;
  }

  function hasMac(plain: Uint8Array, length: number): boolean {
    const mac = hash.hmac(macKey, [new Uint8Array(13), plain.subarray(0, length)]);
    return mac.every((byte, i) => byte === plain[length + i]);
  }

  const refused = (record: Uint8Array) => protection.tryOpen(record, 0) === undefined;
  const pairs: readonly (readonly [Kind, Kind])[] = [
    ['short', 'another short'],
    ['short', 'long'],
    ['short', 'wrong'],
    ['long', 'wrong'],
  ];
  const over = (subject: string, handles: (record: Uint8Array) => boolean): Comparison[] =>
    pairs.map(([one, other]) => ({
      name: `${subject}: ${one} padding, ${other} padding`,
      input: (kind) => next(kind === 0 ? one : other),
      handles,
    }));
  return [
    ...over('Sealwire', refused),
    ...over('control, MAC over what is left', (record) => !macsWhatIsLeft(record)),
    ...over('control, stops at wrong padding', (record) => !stopsAtPadding(record)),
  ];
}

type Kind = 'short' | 'another short' | 'long' | 'wrong';

const short = () => new Uint8Array([0]);

/** What stands at the end of the plaintext; in front of it everything is random, the MAC too. */
const paddings: Readonly<Record<Kind, () => Uint8Array>> = {
  short,
  'another short': short,
  long: () => new Uint8Array(256).fill(255),
  wrong: () => {
    const padding = new Uint8Array(256).fill(255);
    padding[Math.floor(Math.random() * 255)]! ^= 1;
    return padding;
  },
};

/**
 * Room for 255 bytes of padding, a MAC and some content. With SHA-256 the MAC is over 316 bytes where the padding is short and over 61
 * where it is long, on both sides of the 192 from which on a provider may have another implementation for longer messages.
 */
const plainBytes = 336;

const poolSize = 256;
