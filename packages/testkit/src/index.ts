export { type ContractCase, ContractFailure, seededSource } from './contracts/contract-case.ts';
export { crossCheckProviders } from './contracts/crypto-cross-check.ts';
export { cryptoProviderContract } from './contracts/crypto-provider.ts';
export { type ByteStream, ByteWire, type WireEnd, type WireOptions } from './contracts/byte-wire.ts';
export { transportContract } from './contracts/transport.ts';
export type {
  EndOptions,
  TransportCase,
  TransportNetwork,
  TransportUnderTest,
} from './contracts/transport-under-test.ts';
export type { WycheproofFile, WycheproofGroup, WycheproofTest } from './wycheproof/vector.ts';
export {
  runWycheproofFile,
  type WycheproofOptions,
  type WycheproofOutcome,
} from './wycheproof/wycheproof.ts';
export type { Chunking } from './pair/link.ts';
export {
  type LogEntry,
  type Pair,
  PairHang,
  type PairOptions,
  type PairResult,
  pair,
} from './pair/pair.ts';
export type { ScriptStep, Side } from './pair/script.ts';
export type { Ending, Failure, SideResult } from './pair/side.ts';
export { integerBelow, seededRandom } from './seeded-random.ts';
export { type VirtualClock, virtualClock } from './virtual-clock.ts';
export { dissect, dissectAs } from './anatomy/dissect.ts';
export { assemble, insertField, removeField, replaceField } from './anatomy/edit.ts';
export { findPart, type Part, partsOf, sizeOf } from './anatomy/part.ts';
export {
  arbitraryExtension,
  arbitraryExtensionBlock,
  arbitraryHandshake,
  arbitraryMessage,
  arbitraryValue,
  type MessageType,
  messageTypes,
} from './arbitraries/messages.ts';
export { arbitraryBytes } from './arbitraries/shapes.ts';
