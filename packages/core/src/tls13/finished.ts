import { equalSecrets } from '../crypto/constant-time.ts';
import type { HashFunction } from '../crypto/provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { Finished } from '../messages/finished.ts';
import { finishedMac } from './key-schedule.ts';

/** Checks the peer's Finished (RFC 9846 §4.5.3) against the transcript before it. */
export function checkFinished(
  hash: HashFunction,
  peerSecret: Uint8Array,
  before: Uint8Array,
  message: Finished,
): void {
  const at = { section: 'RFC 9846 §4.5.3', handshakeMessage: 'finished', field: 'verify_data' };
  if (message.verifyData.length !== hash.outputBytes) {
    throw new TlsError(
      'peer.malformedMessage',
      `verify_data has ${message.verifyData.length} bytes instead of ${hash.outputBytes}`,
      at,
    );
  }
  if (!equalSecrets(finishedMac(hash, peerSecret, before), message.verifyData)) {
    throw new TlsError('peer.badFinished', "the peer's Finished does not verify", at);
  }
}
