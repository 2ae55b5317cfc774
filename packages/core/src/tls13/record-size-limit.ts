import { TlsError } from '../errors/tls-error.ts';

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

const maxInnerPlaintextBytes = 16_385;
