export { type ContractCase, ContractFailure, seededSource } from './contracts/contract-case.ts';
export { crossCheckProviders } from './contracts/crypto-cross-check.ts';
export { cryptoProviderContract } from './contracts/crypto-provider.ts';
export type { WycheproofFile, WycheproofGroup, WycheproofTest } from './wycheproof/vector.ts';
export {
  runWycheproofFile,
  type WycheproofOptions,
  type WycheproofOutcome,
} from './wycheproof/wycheproof.ts';
export { integerBelow, seededRandom } from './seeded-random.ts';
