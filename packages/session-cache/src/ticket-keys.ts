import { ApiMisuseError, type CryptoProvider, type TicketKey } from '@sealwire/core';
import { concatBytes } from '@noble/hashes/utils.js';
import { copyOf } from './bytes.ts';
import { SecretBox } from './secret-box.ts';

export interface TicketKeysOptions {
  readonly provider: CryptoProvider;
  /** At least 32 random bytes that sender and receiver share; as of `SealedStoreOptions`. */
  readonly secret: Uint8Array | readonly Uint8Array[];
}

/** Keys of a `TicketRing` (`ring.keys`), encrypted, to be carried to other processes of a fleet by a file or a message. */
export function exportTicketKeys(
  keys: readonly TicketKey[],
  { provider, secret }: TicketKeysOptions,
): Uint8Array {
  const box = new SecretBox(provider, secret);
  const plain = concatBytes(...keys.map(encodeTicketKey));
  const sealed = box.seal(purpose, plain);
  plain.fill(0);
  return sealed;
}

/** The keys, for `ring.replaceKeys`; `undefined` if nobody with one of the secrets has exported them. */
export function importTicketKeys(
  bytes: Uint8Array,
  { provider, secret }: TicketKeysOptions,
): readonly TicketKey[] | undefined {
  if (!(bytes instanceof Uint8Array)) throw new ApiMisuseError('importTicketKeys expects a Uint8Array');
  const plain = new SecretBox(provider, secret).open(purpose, bytes);
  if (plain === undefined || plain.length % keyBytes !== 0) return undefined;
  const keys = Array.from({ length: plain.length / keyBytes }, (_, i) =>
    decodeTicketKey(plain.subarray(i * keyBytes, (i + 1) * keyBytes)),
  );
  plain.fill(0);
  return keys.includes(undefined) ? undefined : (keys as TicketKey[]);
}

/** `name (16) ‖ secret (32) ‖ createdAtMs (8)`. */
export function encodeTicketKey({ name, secret, createdAtMs }: TicketKey): Uint8Array {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(Math.floor(createdAtMs)));
  return concatBytes(name, secret, time);
}

export function decodeTicketKey(bytes: Uint8Array): TicketKey | undefined {
  if (bytes.length !== keyBytes) return undefined;
  const time = new DataView(bytes.buffer, bytes.byteOffset + nameBytes + secretBytes, 8).getBigUint64(0);
  if (time > Number.MAX_SAFE_INTEGER) return undefined;
  return {
    name: copyOf(bytes.subarray(0, nameBytes)),
    secret: copyOf(bytes.subarray(nameBytes, nameBytes + secretBytes)),
    createdAtMs: Number(time),
  };
}

const nameBytes = 16;
const secretBytes = 32;
const keyBytes = nameBytes + secretBytes + 8;
const purpose = 'ticket keys';
