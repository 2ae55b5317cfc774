import type { Facts } from '@sealwire/core';
import { settingsHaveChanged } from './application-settings.ts';
import type { Attempt } from './attempt.ts';

/** What became of 0-RTT data and why, in the runner's words, from what is known of the connection. */
export function earlyDataReason({ flags, offered, observed, isResume }: Attempt, facts: Facts): string {
  if (!flags['enable-early-data']) return 'disabled';
  if (facts.earlyData === 'accepted') return 'accept';
  if (facts.version !== 0x0304) return 'protocol_version';
  if (!isResume) return 'no_session_offered';
  if (facts.helloRetried && !flags.server) return 'hello_retry_request';
  if (facts.resumed !== true) return 'session_not_resumed';
  if (facts.helloRetried) return 'hello_retry_request';
  if (flags.server && Math.abs(facts.ticketAgeSkewMs ?? 0) > 60_000) return 'ticket_age_skew';
  const session = flags.server ? observed.found : offered;
  if (session?.maxEarlyDataBytes === 0) return 'unsupported_for_session';
  // A client that was refused does not learn why.
  if (facts.earlyData === 'rejected' && !flags.server) return 'peer_declined';
  if (session !== undefined && session.alpnProtocol !== facts.alpnProtocol) return 'alpn_mismatch';
  if (session !== undefined && settingsHaveChanged(flags, session)) return 'alps_mismatch';
  return 'peer_declined';
}
