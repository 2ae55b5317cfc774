import { TlsError } from '../errors/tls-error.ts';
import { wordsOf } from '../errors/words.ts';

/**
 * How much padding a protected record gets (RFC 9846 §5.4), which hides the length of what is in it:
 *
 *  - `none`;
 *  - `toMultipleOf`: content and padding together are a multiple of so many bytes;
 *  - `bytesFor`: a pure function from the bytes of content to those of padding.
 *
 * No record gets larger than it may be: padding ends where the peer's limit, `maxSendFragment` or 2^14 bytes of
 * content and padding are reached.
 */
export type RecordPadding =
  | 'none'
  | {
      readonly toMultipleOf: number;
      /** Whether handshake messages and alerts are padded as well. Default false: application data alone. */
      readonly handshake?: boolean;
    }
  | {
      readonly bytesFor: (contentBytes: number) => number;
      /** Whether handshake messages and alerts are padded as well. Default false: application data alone. */
      readonly handshake?: boolean;
    };

/** Bytes of padding for `contentBytes` of content, as the policy wants them, whatever room there is. */
export function wantedPadding(policy: Exclude<RecordPadding, 'none'>, contentBytes: number): number {
  if ('toMultipleOf' in policy) {
    const over = contentBytes % policy.toMultipleOf;
    return over === 0 ? 0 : policy.toMultipleOf - over;
  }
  const wanted = askPolicy(policy.bytesFor, contentBytes);
  if (Number.isSafeInteger(wanted) && (wanted as number) >= 0) return wanted as number;
  throw new TlsError(
    'local.policyFailed',
    `recordPadding.bytesFor must return an integer of at least 0, got ${wordsOf(wanted)} for ${contentBytes} bytes`,
  );
}

function askPolicy(bytesFor: (contentBytes: number) => number, contentBytes: number): unknown {
  try {
    return bytesFor(contentBytes);
  } catch (cause) {
    throw new TlsError('local.policyFailed', `recordPadding.bytesFor threw: ${wordsOf(cause)}`, { cause });
  }
}
