import { ApiMisuseError } from '../errors/tls-error.ts';
import type { RecordPadding } from '../record/padding.ts';
import { spelt } from './checks.ts';

/** What both sides can be told about records and what becomes of them. */
export interface RecordOptions {
  /** The largest TLSInnerPlaintext that we take, 64 to 16,385 bytes (RFC 8449); absent: not announced. */
  readonly recordSizeLimit?: number;
  /** Padding of protected records (RFC 9846 §5.4); before TLS 1.3 they have none. Default `none`. */
  readonly recordPadding?: RecordPadding;
  /**
   * Ask the peer for a KeyUpdate when `limits.recordsPerKey`, `limits.bytesPerKey` or the AEAD's own limit is reached
   * in what it sends (RFC 9846 §4.7.3); our own keys change then, too. Default false: each side minds its own keys. Before
   * TLS 1.3 keys cannot change: a connection ends with `local.keyUsageLimit` where ours have served.
   */
  readonly requestKeyUpdates?: boolean;
  /**
   * Copy the message or record at which a peer failed into the error (`TlsError.evidence`, at most 4,096 bytes), for
   * whoever has to find out why. It may hold what the handshake keeps from eavesdroppers. Default false.
   */
  readonly errorEvidence?: boolean;
  /** Allow `Connection.detach`, and keep what it needs. Default false: keys never leave. */
  readonly allowDetach?: boolean;
}

/** `RecordOptions` with every default filled in. */
export interface RecordConfig {
  readonly recordSizeLimit: number | undefined;
  readonly recordPadding: RecordPadding;
  readonly requestKeyUpdates: boolean;
  readonly errorEvidence: boolean;
  readonly allowDetach: boolean;
}

/** `ApiMisuseError` for options that could never work. */
export function recordConfig(options: RecordOptions): RecordConfig {
  return {
    recordSizeLimit: checkedRecordSizeLimit(options.recordSizeLimit),
    recordPadding: checkedPadding(options.recordPadding),
    requestKeyUpdates: options.requestKeyUpdates ?? false,
    errorEvidence: options.errorEvidence ?? false,
    allowDetach: options.allowDetach ?? false,
  };
}

function checkedRecordSizeLimit(limit: number | undefined): number | undefined {
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 64 || limit > 16_385)) {
    throw new ApiMisuseError(`recordSizeLimit must be an integer from 64 to 16385, got ${limit}`);
  }
  return limit;
}

function checkedPadding(given: RecordPadding | undefined): RecordPadding {
  if (given === undefined || given === 'none') return 'none';
  if (typeof given === 'object' && given !== null) {
    const handshake: unknown = given.handshake ?? false;
    if (typeof handshake !== 'boolean') {
      throw new ApiMisuseError(`recordPadding.handshake must be true or false, got ${spelt(handshake)}`);
    }
    if ('toMultipleOf' in given) {
      const { toMultipleOf } = given;
      if (Number.isInteger(toMultipleOf) && toMultipleOf >= 1 && toMultipleOf <= 16_384) {
        return Object.freeze({ toMultipleOf, handshake });
      }
      throw new ApiMisuseError(
        `recordPadding.toMultipleOf must be an integer from 1 to 16384, got ${spelt(toMultipleOf)}`,
      );
    }
    if (typeof given.bytesFor === 'function') return Object.freeze({ bytesFor: given.bytesFor, handshake });
  }
  throw new ApiMisuseError(
    `recordPadding must be 'none', { toMultipleOf: bytes } or { bytesFor: (contentBytes) => bytes }, got ${spelt(given)}`,
  );
}

/** As `sharedOptionNames`. */
export const recordOptionNames: Readonly<Record<keyof RecordOptions, true>> = {
  allowDetach: true,
  errorEvidence: true,
  recordPadding: true,
  recordSizeLimit: true,
  requestKeyUpdates: true,
};
