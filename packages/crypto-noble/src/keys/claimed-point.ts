import { sameBytes } from '../bytes.ts';

/**
 * Whether the public key that a private key carries along is its own. EC points may be compressed there, as
 * `openssl pkey -conv_form compressed` writes them (SEC 1 §2.3.3).
 */
export function isOwnPoint(claimed: Uint8Array | undefined, own: Uint8Array): boolean {
  if (claimed === undefined || sameBytes(claimed, own)) return true;
  const coordinateBytes = (own.length - 1) / 2;
  if (own[0] !== 0x04 || claimed.length !== 1 + coordinateBytes) return false;
  return (
    claimed[0] === 0x02 + (own.at(-1)! & 1) &&
    sameBytes(claimed.subarray(1), own.subarray(1, 1 + coordinateBytes))
  );
}
