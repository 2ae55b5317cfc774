import { ed25519 } from '@noble/curves/ed25519.js';
import { ed448 } from '@noble/curves/ed448.js';

export const edwards = { ed25519, ed448 } as const;

/** Whether 32 or 57 bytes are the canonical encoding of a point (RFC 8032 §5.1.3, §5.2.3). */
export function isEdwardsPoint(type: 'ed25519' | 'ed448', point: Uint8Array): boolean {
  try {
    edwards[type].Point.fromBytes(point, false);
    return true;
  } catch {
    return false;
  }
}
