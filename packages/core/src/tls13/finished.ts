import { equalSecrets } from '../crypto/constant-time.ts';
import type { HashFunction } from '../crypto/provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { Finished } from '../messages/finished.ts';
import { finishedMac } from './key-schedule.ts';

/**
 * Checks the peer's Finished (RFC 9846 §4.5.3) against the transcript before it. How long it must be only the hash says, so
 * that another length is a wrong content like any other.
 */
export function checkFinished(
  hash: HashFunction,
  peerSecret: Uint8Array,
  before: Uint8Array,
  message: Finished,
): void {
  const { verifyData } = message;
  if (equalSecrets(finishedMac(hash, peerSecret, before), verifyData)) return;
  const { length } = verifyData;
  const why = length === hash.outputBytes ? '' : `: it has ${length} bytes, not ${hash.outputBytes}`;
  throw new TlsError('peer.badFinished', `the peer's Finished does not verify${why}`, {
    section: 'RFC 9846 §4.5.3',
    handshakeMessage: 'finished',
    field: 'verify_data',
  });
}
