import { type Decision, type DecisionKind, TlsError, wordsOf } from '@sealwire/core';
import { askSign } from '../beyond/sign.ts';
import type { TlsHandle } from './tls-handle.ts';

/** Decisions that both sides have. */
export function answerShared(handle: TlsHandle, decision: Decision): void {
  if (decision.kind === 'sign') askSign(handle, decision);
  else if (decision.kind === 'decryptPremaster')
    // Whoever signs elsewhere does not decrypt. The handshake goes on, and ends as with a ciphertext that is wrong (RFC 5246 §7.4.7.1).
    handle.pump.answer(decision, { ok: false, message: 'the key is not here' });
}

/** An answer of our own. If making it goes wrong, that ends the connection, and nothing else. */
export function madeAnswer<T>(handle: TlsHandle, kind: DecisionKind, make: () => T): T | undefined {
  try {
    return make();
  } catch (cause) {
    const message = `the policy for ${kind} threw: ${wordsOf(cause)}`;
    handle.pump.abort(new TlsError('local.policyFailed', message, { cause }));
    return undefined;
  }
}
