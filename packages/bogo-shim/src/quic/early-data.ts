import type { AcceptEarlyDataAsk, AcceptEarlyDataReply } from '@sealwire/core';
import type { Flags } from '../flags/table.ts';

/**
 * What a server of QUIC remembers of itself with a session: its transport parameters and whatever else 0-RTT data relies on. Where
 * it is another one now, 0-RTT data is refused (RFC 9001 §4.6.2).
 */
export function earlyDataContext(flags: Flags): Uint8Array {
  return Buffer.from(flags['quic-early-data-context'] ?? '', 'latin1');
}

export function acceptsEarlyData(flags: Flags, { session }: AcceptEarlyDataAsk): AcceptEarlyDataReply {
  if (!flags.quic || session === undefined) return { ok: true, accept: true };
  return { ok: true, accept: Buffer.from(session.applicationData).equals(earlyDataContext(flags)) };
}
