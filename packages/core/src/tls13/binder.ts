import type { HashFunction } from '../crypto/provider.ts';
import { EarlySecrets, finishedMac } from './key-schedule.ts';

/** Where a pre-shared key comes from, as its binder says (RFC 9846 §7.1, RFC 9258 §5.2). */
export type BinderLabel = 'res binder' | 'ext binder' | 'imp binder';

/** The proof that whoever sent a hello has the key (RFC 9846 §4.3.11.2); over the transcript up to the binders. */
export function binderOf(
  hash: HashFunction,
  key: Uint8Array,
  label: BinderLabel,
  transcriptHash: Uint8Array,
): Uint8Array {
  const early = new EarlySecrets(hash, key);
  const binderKey = early.binderKey(label);
  const binder = finishedMac(hash, binderKey, transcriptHash);
  binderKey.fill(0);
  early.wipe();
  return binder;
}
