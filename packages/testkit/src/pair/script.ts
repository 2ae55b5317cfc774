import type { Connection, TlsError } from '@sealwire/core';

export type Side = 'client' | 'server';

/**
 * One thing that an application does. Steps run in their order, each as soon as the link is quiet: everything
 * delivered, every decision answered. Bytes on the wire are then independent of chunking and delays.
 */
export type ScriptStep =
  /** `Connection.send`; what is not taken is lost, and the log says how much was. */
  | { readonly by: Side; readonly do: 'send'; readonly bytes: Uint8Array | readonly Uint8Array[] }
  | { readonly by: Side; readonly do: 'updateKeys'; readonly requestPeer: boolean }
  /** `Connection.close`: the side's close_notify. */
  | { readonly by: Side; readonly do: 'close' }
  | { readonly by: Side; readonly do: 'abort'; readonly error?: TlsError | string }
  /** The side's transport ends: the other gets `receiveEnd` after the bytes that are under way. */
  | { readonly by: Side; readonly do: 'endTransport' }
  /** The side is gone, and nobody is told: it neither reads nor speaks any more, and its transport does not end. */
  | { readonly by: Side; readonly do: 'vanish' }
  /** Nothing arrives any more from this side (default: from either), and nobody is told. */
  | { readonly do: 'cutLink'; readonly from?: Side }
  /** Time passes; what arrives meanwhile arrives. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Anything else. */
  | { readonly by: Side; readonly do: 'call'; readonly run: (connection: Connection, nowMs: number) => void };
