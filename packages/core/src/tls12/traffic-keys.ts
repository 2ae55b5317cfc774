import type { Context, TrafficKeys } from '../machine/step.ts';
import type { RecordProtection } from '../record/protection.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import { concat, copyOf } from '../wire/bytes.ts';
import type { Agreed } from './agreed.ts';
import { wipeKeys, type DirectionKeys } from './key-schedule.ts';
import { recordProtection } from './record-protection.ts';

/** The keys of one direction, until they serve. In one piece, which is overwritten when they have. */
export class DirectionTrafficKeys implements TrafficKeys {
  readonly epoch = 'application';
  readonly cipherSuite: CipherSuite;
  readonly secret: Uint8Array;
  readonly #keys: DirectionKeys;
  readonly #agreed: Pick<Agreed, 'profile' | 'suite' | 'encryptThenMac'>;
  readonly #context: Pick<Context, 'provider' | 'entropy'>;

  /** Overwrites `keys`. */
  constructor(
    { profile, suite, encryptThenMac }: Agreed,
    keys: DirectionKeys,
    { provider, entropy }: Context,
  ) {
    this.cipherSuite = suite.id;
    this.secret = concat([keys.mac, keys.key, keys.iv]);
    const keyAt = keys.mac.length;
    const ivAt = keyAt + keys.key.length;
    this.#keys = {
      mac: this.secret.subarray(0, keyAt),
      key: this.secret.subarray(keyAt, ivAt),
      iv: this.secret.subarray(ivAt),
    };
    wipeKeys(keys);
    this.#agreed = { profile, suite, encryptThenMac };
    this.#context = { provider, entropy };
  }

  protection(): RecordProtection {
    return recordProtection({ ...this.#agreed, ...this.#context }, this.#keys);
  }

  recordKeys(): ReturnType<TrafficKeys['recordKeys']> {
    const { profile, suite, encryptThenMac } = this.#agreed;
    const { mac, key, iv } = this.#keys;
    const isAead = suite.cipher.type === 'aead';
    return {
      version: profile.version,
      cipherSuite: suite.id,
      key: copyOf(key),
      // Where records are chained, the one of the key block is that of the first record alone.
      iv: isAead ? copyOf(iv) : new Uint8Array(0),
      ...(isAead ? {} : { macKey: copyOf(mac), encryptThenMac }),
      updateAfterRecords: suite.recordLimit,
    };
  }
}
