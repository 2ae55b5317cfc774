import type { QuicLevel } from '@sealwire/core/quic';

/** Levels that number their packets. */
export type SpaceLevel = 'initial' | 'handshake' | 'application';

/** 0-RTT and 1-RTT packets share their numbers (RFC 9000 §12.3). */
export function spaceOf(level: QuicLevel): SpaceLevel {
  return level === 'early' ? 'application' : level;
}

export const spaceLevels = ['initial', 'handshake', 'application'] as const;

/** In the order in which packets leave. */
export const sendLevels = ['initial', 'early', 'handshake', 'application'] as const;
