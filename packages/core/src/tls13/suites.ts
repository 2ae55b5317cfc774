import type { AeadName, CryptoProvider, HashFunction, HashName } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import type { Carrier } from '../machine/carrier.ts';
import type { Epoch, TrafficKeys } from '../machine/step.ts';
import { Aead13 } from '../record/aead13.ts';
import { suites13, type CipherSuite } from '../registry/suites13.ts';
import { protocolVersions } from '../registry/versions.ts';
import { copyOf } from '../wire/bytes.ts';
import { trafficKey } from './key-schedule.ts';

/** A cipher suite of TLS 1.3 (RFC 9846 §B.4): a hash and an AEAD, nothing else. */
export interface Suite13 {
  readonly id: CipherSuite;
  readonly hash: HashName;
  readonly aead: AeadName;
  /** Records that may be sealed under one key: at most this many (RFC 9846 §5.5, RFC 9147 §4.5.3 for CCM). */
  readonly recordLimit: number;
}

export const tls13Suites: readonly Suite13[] = [
  // 2^24 is the round number below the 2^24.5 full-size records of RFC 9846 §5.5.
  { id: suites13.TLS_AES_128_GCM_SHA256, hash: 'sha256', aead: 'aes-128-gcm', recordLimit: 2 ** 24 },
  { id: suites13.TLS_AES_256_GCM_SHA384, hash: 'sha384', aead: 'aes-256-gcm', recordLimit: 2 ** 24 },
  // The sequence number would wrap first; 2^48 keeps it exact in a JavaScript number.
  {
    id: suites13.TLS_CHACHA20_POLY1305_SHA256,
    hash: 'sha256',
    aead: 'chacha20-poly1305',
    recordLimit: 2 ** 48,
  },
  { id: suites13.TLS_AES_128_CCM_SHA256, hash: 'sha256', aead: 'aes-128-ccm', recordLimit: 2 ** 23 },
  { id: suites13.TLS_AES_128_CCM_8_SHA256, hash: 'sha256', aead: 'aes-128-ccm-8', recordLimit: 2 ** 23 },
];

export function suite13(id: number): Suite13 | undefined {
  return tls13Suites.find((suite) => suite.id === id);
}

/** The suites that can protect what this carrier carries. */
export function suitesOver({ excludedSuites }: Carrier): readonly Suite13[] {
  return tls13Suites.filter(({ id }) => !excludedSuites.includes(id));
}

/** Whether the provider has what a suite needs. */
export function isSupported(suite: Suite13, provider: CryptoProvider): boolean {
  return provider.hashes[suite.hash] !== undefined && provider.aeads[suite.aead] !== undefined;
}

export function hashOf(suite: Suite13, provider: CryptoProvider): HashFunction {
  const hash = provider.hashes[suite.hash];
  if (hash === undefined) throw new InternalError(`${provider.name} has no ${suite.hash}`);
  return hash;
}

/** Traffic keys under `secret` (RFC 9846 §7.3), to be changed after `recordsPerKey` at the latest. */
export function trafficKeys(
  suite: Suite13,
  provider: CryptoProvider,
  epoch: Epoch,
  secret: Uint8Array,
  recordsPerKey: number,
): TrafficKeys {
  const aeadOf = () => {
    const aead = provider.aeads[suite.aead];
    if (aead === undefined) throw new InternalError(`${provider.name} has no ${suite.aead}`);
    return aead;
  };
  const updateAfter = Math.min(suite.recordLimit - reservedRecords, recordsPerKey);
  return {
    epoch,
    cipherSuite: suite.id,
    secret,
    protection() {
      const aead = aeadOf();
      const { key, iv } = trafficKey(hashOf(suite, provider), secret, aead.keyBytes);
      const protection = new Aead13(aead, key, iv, suite.recordLimit, updateAfter);
      key.fill(0);
      return protection;
    },
    recordKeys: () => ({
      version: protocolVersions.tls13,
      cipherSuite: suite.id,
      secret: copyOf(secret),
      ...trafficKey(hashOf(suite, provider), secret, aeadOf().keyBytes),
      updateAfterRecords: updateAfter,
    }),
  };
}

/** Records of a key's limit that are left for messages beside the data, such as tickets; the last is for an alert. */
const reservedRecords = 64;
