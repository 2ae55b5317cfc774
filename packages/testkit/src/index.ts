export { type ContractCase, ContractFailure, seededSource } from './contracts/contract-case.ts';
export { crossCheckProviders } from './contracts/crypto-cross-check.ts';
export { cryptoProviderContract } from './contracts/crypto-provider.ts';
export {
  type WycheproofFile,
  type WycheproofGroup,
  type WycheproofOptions,
  type WycheproofOutcome,
  type WycheproofTest,
  runWycheproofFile,
} from './wycheproof/wycheproof.ts';
