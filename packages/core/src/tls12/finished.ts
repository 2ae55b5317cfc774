import { equalSecrets } from '../crypto/constant-time.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { Context } from '../machine/step.ts';
import type { Finished12 } from '../messages/tls12/finished.ts';
import type { Agreed } from './agreed.ts';
import { verifyDataOf } from './keys.ts';

/** Checks the Finished of `sender` against all messages before it (RFC 5246 §7.4.9). */
export function checkFinished(
  agreed: Agreed,
  main: Uint8Array,
  sender: 'client' | 'server',
  { verifyData }: Finished12,
  context: Context,
): void {
  const expected = verifyDataOf(agreed, main, sender, context.before, context);
  if (equalSecrets(expected, verifyData)) return;
  throw new TlsError('peer.badFinished', `the ${sender}'s Finished does not fit this handshake`, {
    section: 'RFC 5246 §7.4.9',
    handshakeMessage: 'finished',
    field: 'verify_data',
  });
}
