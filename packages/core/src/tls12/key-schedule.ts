import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError, InternalError } from '../errors/tls-error.ts';
import { copyOf } from '../wire/bytes.ts';
import type { Prf } from './prf.ts';
import type { Profile } from './profile.ts';
import type { Suite12 } from './suites.ts';

/** From the premaster secret to the keys of both directions (RFC 5246 §6.3, §8.1); each function is one use of the PRF. */

/**
 * The master secret, 48 bytes (RFC 5246 §8.1). Where both sides agreed on extended_main_secret, it is
 * `extendedMainSecret` that counts.
 */
export function mainSecret(
  prf: Prf,
  premaster: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Uint8Array {
  return prf(premaster, 'master secret', [clientRandom, serverRandom], mainSecretBytes);
}

/** RFC 7627 §4: `sessionHash` is the `finishedHash` of all messages up to and with ClientKeyExchange (RFC 7627 §3). */
export function extendedMainSecret(prf: Prf, premaster: Uint8Array, sessionHash: Uint8Array): Uint8Array {
  return prf(premaster, 'extended master secret', [sessionHash], mainSecretBytes);
}

/** What one direction needs; parts that a cipher does not use are empty. */
export interface DirectionKeys {
  /** The key of the record MAC. */
  readonly mac: Uint8Array;
  readonly key: Uint8Array;
  /** The implicit part of an AEAD's nonce, or the first IV of a chained CBC (RFC 2246 §6.3). */
  readonly iv: Uint8Array;
}

export interface KeyBlock {
  /** What the client writes with. */
  readonly client: DirectionKeys;
  readonly server: DirectionKeys;
}

/** Bytes of each part of a direction's keys. */
export type KeySizes = Readonly<Record<keyof DirectionKeys, number>>;

/** How the key block of a suite is cut (RFC 5246 §6.3). */
export function keySizes(profile: Profile, { name, cipher }: Suite12, provider: CryptoProvider): KeySizes {
  const lacking = () => new InternalError(`${provider.name} does not have what ${name} needs`);
  if (cipher.type === 'aead') {
    const aead = provider.aeads[cipher.aead];
    if (aead === undefined) throw lacking();
    return { mac: 0, key: aead.keyBytes, iv: cipher.fixedIvBytes };
  }
  const hash = provider.hashes[cipher.mac];
  if (hash === undefined) throw lacking();
  if (cipher.type === 'null') return { mac: hash.outputBytes, key: 0, iv: 0 };
  const cbc = provider.cbcs?.[cipher.cbc];
  if (cbc === undefined) throw lacking();
  return { mac: hash.outputBytes, key: cbc.keyBytes, iv: profile.iv === 'chained' ? cbc.blockBytes : 0 };
}

/** RFC 5246 §6.3: the randoms stand in the other order than for the master secret. */
export function keyBlock(
  prf: Prf,
  sizes: KeySizes,
  main: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): KeyBlock {
  const length = 2 * (sizes.mac + sizes.key + sizes.iv);
  const block = prf(main, 'key expansion', [serverRandom, clientRandom], length);
  let at = 0;
  const take = (bytes: number) => {
    at += bytes;
    return copyOf(block.subarray(at - bytes, at));
  };
  const [clientMac, serverMac] = [take(sizes.mac), take(sizes.mac)];
  const [clientKey, serverKey] = [take(sizes.key), take(sizes.key)];
  const [clientIv, serverIv] = [take(sizes.iv), take(sizes.iv)];
  block.fill(0);
  return {
    client: { mac: clientMac, key: clientKey, iv: clientIv },
    server: { mac: serverMac, key: serverKey, iv: serverIv },
  };
}

/** Forgets keys that are installed, or will not be. */
export function wipeKeys({ mac, key, iv }: DirectionKeys): void {
  mac.fill(0);
  key.fill(0);
  iv.fill(0);
}

/** verify_data of the Finished that `sender` sends (RFC 5246 §7.4.9), over `finishedHash` of all messages before it. */
export function verifyData(
  prf: Prf,
  main: Uint8Array,
  sender: 'client' | 'server',
  handshakeHash: Uint8Array,
): Uint8Array {
  return prf(main, `${sender} finished`, [handshakeHash], verifyDataBytes);
}

/**
 * Keying material for an application (RFC 5705 §4). A context of no bytes and no context give different results.
 * `ApiMisuseError` for the labels of this page, whose results the peer or an observer knows something about, and for a
 * context that does not fit its length field.
 */
export function exportKeyingMaterial(
  prf: Prf,
  main: Uint8Array,
  randoms: { readonly client: Uint8Array; readonly server: Uint8Array },
  label: string,
  context: Uint8Array | undefined,
  length: number,
): Uint8Array {
  if (ownLabels.includes(label)) {
    throw new ApiMisuseError(`the label ${JSON.stringify(label)} belongs to TLS itself (RFC 5705 §4)`);
  }
  const seed = [randoms.client, randoms.server];
  if (context !== undefined) {
    if (context.length > 0xffff) {
      throw new ApiMisuseError(`a context of at most 65,535 bytes was expected, got ${context.length}`);
    }
    seed.push(new Uint8Array([context.length >>> 8, context.length & 0xff]), context);
  }
  return prf(main, label, seed, length);
}

const ownLabels: readonly string[] = [
  'client finished',
  'server finished',
  'master secret',
  'extended master secret',
  'key expansion',
];

const mainSecretBytes = 48;

/** In every suite that there is (RFC 5246 §7.4.9). */
const verifyDataBytes = 12;
