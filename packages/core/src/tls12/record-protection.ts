import type { Entropy } from '../crypto/entropy.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { Aead12 } from '../record/aead12.ts';
import { Cbc } from '../record/cbc.ts';
import { NullMac } from '../record/null-mac.ts';
import type { RecordProtection } from '../record/protection.ts';
import type { DirectionKeys } from './key-schedule.ts';
import { hashOf } from './prf.ts';
import type { Profile } from './profile.ts';
import type { Suite12 } from './suites.ts';

export interface RecordProtectionOptions {
  readonly profile: Profile;
  readonly suite: Suite12;
  readonly provider: CryptoProvider;
  /** Whether both sides agreed on it; it changes nothing where there is no block cipher (RFC 7366 §3). */
  readonly encryptThenMac: boolean;
  /** Draws the IVs of records that are sealed with a block cipher. */
  readonly entropy: Pick<Entropy, 'random'>;
}

/** Protection of one direction under its part of the key block; `keys` are copied. */
export function recordProtection(options: RecordProtectionOptions, keys: DirectionKeys): RecordProtection {
  const { profile, suite, provider, encryptThenMac, entropy } = options;
  const { cipher, recordLimit } = suite;
  const version = profile.recordVersion;
  switch (cipher.type) {
    case 'aead': {
      const aead = provider.aeads[cipher.aead];
      if (aead === undefined) throw new InternalError(`${provider.name} has no ${cipher.aead}`);
      return new Aead12({ aead, key: keys.key, fixedIv: keys.iv, version, recordLimit });
    }
    case 'cbc': {
      const cbc = provider.cbcs?.[cipher.cbc];
      if (cbc === undefined) throw new InternalError(`${provider.name} has no ${cipher.cbc}`);
      return new Cbc({
        cipher: cbc,
        key: keys.key,
        hash: hashOf(provider, cipher.mac),
        macKey: keys.mac,
        iv: profile.iv === 'chained' ? { is: 'chained', first: keys.iv } : { is: 'explicit', entropy },
        version,
        encryptThenMac,
        recordLimit,
      });
    }
    case 'null':
      return new NullMac({ hash: hashOf(provider, cipher.mac), macKey: keys.mac, version, recordLimit });
  }
}
