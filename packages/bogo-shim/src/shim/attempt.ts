import type { Session } from '@sealwire/core';
import type { Flags } from '../flags/table.ts';
import type { QuicEndpoint } from '../quic/endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { Memory } from './memory.ts';
import type { Observed } from './policies.ts';

/** One attempt to do what a test wants of one connection. */
export interface Attempt {
  readonly endpoint: Endpoint | QuicEndpoint;
  readonly flags: Flags;
  readonly memory: Memory;
  readonly observed: Observed;
  /** What a client offered to resume. */
  readonly offered: Session | undefined;
  /** It is not the first connection of the test. */
  readonly isResume: boolean;
  /** The same connection again, after 0-RTT data that was not taken. */
  readonly isRetry: boolean;
}
