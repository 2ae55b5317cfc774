import type { Session } from '@sealwire/core';

/** What an `Endpoint` says to its program. */
export type EndpointEvent =
  | { readonly type: 'connected' }
  | { readonly type: 'data'; readonly streamId: number; readonly bytes: Uint8Array; readonly early: boolean }
  | { readonly type: 'streamEnd'; readonly streamId: number }
  | { readonly type: 'session'; readonly session: Session }
  | { readonly type: 'earlyDataRejected' }
  | { readonly type: 'keysUpdated'; readonly by: 'us' | 'peer' }
  | {
      readonly type: 'closed';
      readonly by: 'us' | 'peer';
      readonly errorCode: number;
      readonly isApplication: boolean;
      readonly reason: string;
    };
