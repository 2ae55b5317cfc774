import type { Move } from '../../machine/define.ts';
import type { EncryptedExtensions } from '../../messages/encrypted-extensions.ts';
import { afterSettings } from './first-flight.ts';
import type { ServerState } from './states.ts';

/** The client's EncryptedExtensions (draft-vvv-tls-alps-01 §4.1), which answer our application settings. */
export function onEncryptedExtensions(
  { handshake, answer, request }: Extract<ServerState, { at: 'awaitEncryptedExtensions' }>,
  message: EncryptedExtensions,
): Move<ServerState> {
  const { extensionType, own } = answer;
  const settings = { extensionType, own, peer: answer.receive(message) };
  return { state: afterSettings({ ...handshake, settings }, request) };
}
