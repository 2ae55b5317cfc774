import type { Answers } from '../config/answers.ts';
import type { UnwantedRenegotiation } from '../config/renegotiation.ts';
import type { Limits } from '../limits.ts';
import type { TrafficKeys } from '../machine/step.ts';
import type { RecordPadding } from '../record/padding.ts';
import type { TraceEvent } from '../interpret/outputs.ts';
import type { Output } from './outputs.ts';

/** What carries records and keys out; the stream interpreter protects and frames them. */
export interface RecordSink {
  /** Whether our close_notify has left: nothing may follow it. */
  readonly isClosing: boolean;
  handshake(messages: readonly Uint8Array[]): void;
  changeCipherSpec(): void;
  installWriteKeys(keys: TrafficKeys): void;
  installReadKeys(keys: TrafficKeys): void;
  dropWriteKeys(): void;
  skipEarlyData(limitBytes: number): void;
  selectVersion(recordVersion: number, isLegacy: boolean): void;
  limitSentRecords(innerBytes: number, isImmediate: boolean): void;
  limitReceivedRecords(innerBytes: number, section: string, isImmediate: boolean): void;
  warn(alert: 'no_renegotiation'): void;
  output(output: Output): void;
  /** For whoever wants traces; nothing otherwise. */
  trace(event: TraceEvent): void;
}

/** By whose rules records are read: TLS 1.3, or TLS 1.2 and below; `undecided`: the peer may yet select either. */
export type Spoken = 'tls13' | 'older' | 'undecided';

export interface RecordInterpreterOptions {
  readonly role: 'client' | 'server';
  readonly limits: Limits;
  readonly answers: Answers;
  readonly keyLog: boolean;
  readonly trace: boolean;
  readonly recordPadding: RecordPadding;
  readonly requestKeyUpdates: boolean;
  readonly errorEvidence: boolean;
  /** What is spoken, as far as the configured versions say it. */
  readonly spoken: Spoken;
  readonly allowDetach: boolean;
  readonly unwantedRenegotiation: UnwantedRenegotiation;
}
