import type { Decision } from '@sealwire/core';
import { askSign } from '../beyond/sign.ts';
import type { TlsHandle } from './tls-handle.ts';

/** Decisions that both sides have. */
export function answerShared(handle: TlsHandle, decision: Decision): void {
  if (decision.kind === 'sign') askSign(handle, decision);
  else if (decision.kind === 'decryptPremaster')
    // Whoever signs elsewhere does not decrypt. The handshake goes on, and ends as with a ciphertext that is wrong (RFC 5246 §7.4.7.1).
    handle.pump.answer(decision, { ok: false, message: 'the key is not here' });
}
