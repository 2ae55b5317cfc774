import type { Decision, Output } from '@sealwire/core';
import type { Notice } from './pump-listener.ts';

/** What a socket does when something becomes of its connection. */
export interface HandleOwner {
  push(chunk: Buffer | null): boolean;
  read(size: number): unknown;
  destroy(error?: Error): unknown;
  readonly destroyed: boolean;
  _unrefTimer(): void;
}

export interface HandleEvents {
  carrierConnected(): void;
  carrierFailed(error: Error): void;
  handshakeDone(): void;
  failed(output: Extract<Output, { type: 'failed' }>): void;
  /** There was no connection: nothing to make one of. */
  refused(error: Error): void;
  decision(decision: Decision): void;
  notice(output: Notice): void;
}
