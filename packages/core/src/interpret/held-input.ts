import { TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';

/** Input that waits for an answer takes memory, and so is bounded; not by the peer's fault. */
export function refuseTooMuchHeld(bytes: number, { heldInputBytes }: Limits): void {
  if (bytes <= heldInputBytes) return;
  throw new TlsError(
    'local.heldInputOverflow',
    `${bytes} bytes arrived while an answer is outstanding, the limit is ${heldInputBytes}; ` +
      'transports stop reading while wantsInput is false',
  );
}

/** What one piece of it takes beside its bytes. */
export const heldPieceCost = 256;
