import type { CryptoProvider } from '@sealwire/core';
import {
  type ContractCase,
  ContractFailure,
  contractCase,
  expectEqual,
  expectPlain,
  hex,
} from './contract-case.ts';
import { aeadCases } from './crypto-aeads.ts';
import { cbcCases } from './crypto-cbcs.ts';
import { chacha20Cases } from './crypto-chacha20.ts';
import { compressionCases } from './crypto-compression.ts';
import { groupCases } from './crypto-groups.ts';
import { hashCases } from './crypto-hashes.ts';
import { keyDerivationCases } from './crypto-key-derivation.ts';
import { keyCases } from './crypto-keys.ts';
import { mlDsaCases } from './crypto-ml-dsa.ts';
import { rsaEncryptionCases } from './crypto-rsa-encryption.ts';
import { rsaCases } from './crypto-rsa.ts';
import { signatureCases } from './crypto-signatures.ts';

/**
 * Everything that `CryptoProvider` promises, as cases that any runner can run. What a provider does not offer is
 * skipped with that reason; `crossCheckProviders` compares two providers byte by byte.
 */
export function cryptoProviderContract(provider: CryptoProvider): ContractCase[] {
  return [
    contractCase('random: the length asked for, and never the same', () => {
      for (const length of [0, 1, 32, 1_000]) {
        const bytes = provider.random(length);
        expectEqual(bytes.length, length, 'length');
        expectPlain(bytes, 'random bytes');
      }
      const [one, other] = [provider.random(32), provider.random(32)];
      if (hex(one) === hex(other)) throw new ContractFailure('the same 32 bytes twice');
    }),
    ...hashCases(provider),
    ...aeadCases(provider),
    ...cbcCases(provider),
    ...chacha20Cases(provider),
    ...keyDerivationCases(provider),
    ...groupCases(provider),
    ...signatureCases(provider),
    ...mlDsaCases(provider),
    ...rsaCases(provider),
    ...rsaEncryptionCases(provider),
    ...keyCases(provider),
    ...compressionCases(provider),
  ];
}
