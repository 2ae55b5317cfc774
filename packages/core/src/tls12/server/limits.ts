import { extension, type RawExtension } from '../../extensions/definition.ts';
import { maxFragmentLengthCode, maxFragmentLengthExtension } from '../../extensions/max-fragment-length.ts';
import { recordSizeLimitExtension } from '../../extensions/record-size-limit.ts';
import type { Effect, ReceivedHello } from '../../machine/step.ts';
import { wantedFragmentLength } from '../../negotiate/max-fragment-length.ts';
import { checkedRecordSizeLimit, olderLimitEffects } from '../../negotiate/record-size-limit.ts';

/** What we agree to of the client's limits on records, and say of ours: record_size_limit before max_fragment_length (RFC 8449 §5). */
export function agreedLimits({ config, hello }: ReceivedHello): {
  readonly extensions: readonly RawExtension[];
  readonly effects: readonly Effect[];
} {
  const limit = hello.extensions.get(recordSizeLimitExtension);
  if (limit !== undefined) {
    const ofPeer = checkedRecordSizeLimit(limit, 'client_hello');
    const own = config.recordSizeLimit;
    return {
      extensions: [extension('SH12', recordSizeLimitExtension, own ?? maxContentBytes)],
      effects: olderLimitEffects({ own, ofPeer }, undefined),
    };
  }
  const code = hello.extensions.get(maxFragmentLengthExtension);
  if (code === undefined || !config.acceptMaxFragmentLength) return { extensions: [], effects: [] };
  const wanted = wantedFragmentLength(code);
  return {
    extensions: [extension('SH12', maxFragmentLengthExtension, maxFragmentLengthCode(wanted))],
    effects: olderLimitEffects({ own: undefined, ofPeer: undefined }, wanted),
  };
}

/** No limit of ours: that of the protocol (RFC 5246 §6.2.1). */
const maxContentBytes = 16_384;
