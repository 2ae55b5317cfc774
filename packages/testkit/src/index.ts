export { type ContractCase, ContractFailure, seededSource } from './contracts/contract-case.ts';
export { crossCheckProviders } from './contracts/crypto-cross-check.ts';
export { cryptoProviderContract } from './contracts/crypto-provider.ts';
export { type ByteStream, ByteWire, type WireEnd, type WireOptions } from './contracts/byte-wire.ts';
export {
  type SessionStoreCase,
  sessionStoreContract,
  type SessionStoreUnderTest,
  type TestedSessionStore,
} from './contracts/session-store.ts';
export { transportContract } from './contracts/transport.ts';
export type {
  EndOptions,
  ListenerUnderTest,
  TlsOptionsUnderTest,
  TransportCapability,
  TransportCase,
  TransportContractOptions,
  TransportNetwork,
  TransportProfile,
  TransportUnderTest,
} from './contracts/transport-under-test.ts';
export type { HostAbortSignal } from './contracts/waiting.ts';
export type { WycheproofFile, WycheproofGroup, WycheproofTest } from './wycheproof/vector.ts';
export {
  runWycheproofFile,
  type WycheproofOptions,
  type WycheproofOutcome,
} from './wycheproof/wycheproof.ts';
export { type Chunking, Link, type LinkConditions, type LinkOptions } from './pair/link.ts';
export {
  type LogEntry,
  type Pair,
  PairHang,
  type PairOptions,
  type PairResult,
  pair,
} from './pair/pair.ts';
export {
  MemoryPair,
  memoryPair,
  type MemoryPairOptions,
  type MemoryStream,
  type Passed,
} from './pair/memory-pair.ts';
export type { ScriptStep, Side } from './pair/script.ts';
export type { Ending, Failure, SideResult } from './pair/side.ts';
export { integerBelow, seededRandom } from './seeded-random.ts';
export { type VirtualClock, virtualClock } from './virtual-clock.ts';
export { dissect, dissectAs, nameOfMessage } from './anatomy/dissect.ts';
export { assemble, insertField, removeField, replaceField } from './anatomy/edit.ts';
export { type Structures, structuresOf, tls13Structures } from './anatomy/structures.ts';
export { findPart, type Part, partsOf, sizeOf } from './anatomy/part.ts';
export {
  arbitraryExtension,
  arbitraryExtensionBlock,
  arbitraryHandshake,
  arbitraryHandshake12,
  arbitraryMessage,
  arbitraryMessage12,
  arbitraryValue,
  type MessageType,
  messageTypes,
  messageTypes12,
} from './arbitraries/messages.ts';
export { arbitraryBytes } from './arbitraries/shapes.ts';
export {
  type Conversation,
  type ConversationOptions,
  type ConversationRules,
  converse,
  type Flight,
  type Middle,
  type Parcel,
  sealedAgain,
  type SeenMessage,
  type SeenRecord,
  unchanged,
} from './middle/conversation.ts';
export type {
  ConversationEnd,
  EndCall,
  EndState,
  FinishedMaker,
  OwnStep,
  SentRecord,
  View,
} from './middle/end.ts';
export { rehearsed, type RehearsedOptions } from './middle/rehearsed.ts';
export { type OutputListener, recordsIn, TappedEnd } from './middle/tapped-end.ts';
export { TrafficCipher } from './middle/traffic-cipher.ts';
export type { Draw, Mutation } from './mutations/draw.ts';
export { judge, type Verdict } from './mutations/judge.ts';
export { messageMutators } from './mutations/message-mutators.ts';
export { type DrawnMutation, mutationOf } from './mutations/mutations.ts';
export { recordMutators } from './mutations/record-mutators.ts';
export {
  doubling,
  dropping,
  followedBy,
  inserting,
  manInTheMiddle,
  type MiddleAct,
  type MiddleRule,
  precededBy,
  removing,
  replacing,
  rewriting,
  type ScriptedMiddle,
} from './middle/script.ts';
export {
  type Difference,
  type EntropyEvent,
  type History,
  historyFromText,
  type HistoryStep,
  historyToText,
  type PolicyEvent,
} from './history/history.ts';
export type { Json } from './history/json.ts';
export {
  recordClient,
  type Recording,
  type RecordOptions,
  recordServer,
} from './history/record.ts';
export {
  describeDifference,
  type Fork,
  fork,
  type ForkOptions,
  type Replay,
  replay,
  type ReplayOptions,
  type Rerun,
  rerun,
} from './history/replay.ts';
export { historyArbitrary, shrinkHistory } from './history/shrink.ts';
export { capture, type CaptureOptions } from './capture/pcapng.ts';
export type { Endpoint } from './capture/tcp.ts';
export { type OpenedRecord, openRecords } from './transcript/open-records.ts';
export { printTranscriptHtml } from './transcript/print-html.ts';
export { type PrintOptions, printTranscript } from './transcript/print-text.ts';
export { type Passage, passageOf, passageOfHistory, type WirePiece } from './transcript/wire.ts';
export {
  describeOutputs,
  type GoldenCase,
  type GoldenRun,
  type GoldenStep,
  parseGolden,
  runGolden,
} from './golden/golden.ts';
