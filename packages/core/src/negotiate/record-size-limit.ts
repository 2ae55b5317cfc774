import { TlsError } from '../errors/tls-error.ts';
import type { MaxFragmentLength } from '../extensions/max-fragment-length.ts';
import type { Effect } from '../machine/step.ts';

/** The peer's record_size_limit; below 64 it is illegal, above the protocol's own maximum it says nothing more (RFC 8449 §4). */
export function checkedRecordSizeLimit(limit: number, handshakeMessage: string): number {
  if (limit < 64) {
    throw new TlsError(
      'peer.illegalRecordSizeLimit',
      `record_size_limit is ${limit}, at least 64 is required`,
      {
        section: 'RFC 8449 §4',
        handshakeMessage,
        field: 'record_size_limit',
      },
    );
  }
  return Math.min(limit, maxInnerPlaintextBytes);
}

/**
 * The agreed max_fragment_length counts for both directions. As the 2^14 bytes of a record without an agreement it
 * leaves out the content type and counts padding (RFC 9846 §5.4).
 */
export function fragmentLengthEffects(maxFragmentLength: MaxFragmentLength): [Effect, ...Effect[]] {
  const innerBytes = maxFragmentLength + 1;
  return [
    { do: 'fact', facts: { maxFragmentLength } },
    { do: 'limitSentRecords', innerBytes },
    { do: 'limitReceivedRecords', innerBytes, section: 'RFC 6066 §4' },
  ];
}

/**
 * The same before TLS 1.3, where a limit is one of content alone (RFC 8449 §4), and max_fragment_length counts at once,
 * for records without protection, too (RFC 6066 §4). `own`: ours, where the peer has agreed to it.
 */
export function olderLimitEffects(
  { own, ofPeer }: { readonly own: number | undefined; readonly ofPeer: number | undefined },
  maxFragmentLength: MaxFragmentLength | undefined,
): readonly Effect[] {
  if (maxFragmentLength !== undefined) {
    return [
      { do: 'fact', facts: { maxFragmentLength } },
      { do: 'limitSentRecords', innerBytes: maxFragmentLength, isImmediate: true },
      {
        do: 'limitReceivedRecords',
        innerBytes: maxFragmentLength,
        section: 'RFC 6066 §4',
        isImmediate: true,
      },
    ];
  }
  if (ofPeer === undefined) return [];
  return [
    { do: 'fact', facts: { peerRecordSizeLimit: ofPeer } },
    { do: 'limitSentRecords', innerBytes: ofPeer },
    ...(own === undefined
      ? []
      : [{ do: 'limitReceivedRecords', innerBytes: own, section: 'RFC 8449 §4' } as const]),
  ];
}

const maxInnerPlaintextBytes = 16_385;
