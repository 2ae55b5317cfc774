import { TlsError } from '../errors/tls-error.ts';
import {
  maxFragmentLengthCode,
  maxFragmentLengths,
  type MaxFragmentLength,
} from '../extensions/max-fragment-length.ts';

/** The client's wish, in bytes (RFC 6066 §4). */
export function wantedFragmentLength(code: number): MaxFragmentLength {
  const bytes = maxFragmentLengths[code - 1];
  if (bytes !== undefined) return bytes;
  throw illegal('RFC 6066 §4', `max_fragment_length is ${code}, expected 1 to 4`, 'client_hello');
}

/** The server's answer, in bytes: it must be what we asked for, and stand alone (RFC 6066 §4, RFC 8449 §5). */
export function confirmedFragmentLength(
  code: number,
  wanted: MaxFragmentLength,
  besideRecordSizeLimit: boolean,
  handshakeMessage: string,
): MaxFragmentLength {
  if (besideRecordSizeLimit) {
    const message = 'the server answers both record_size_limit and max_fragment_length';
    throw illegal('RFC 8449 §5', message, handshakeMessage);
  }
  if (code === maxFragmentLengthCode(wanted)) return wanted;
  const message = `the server answers max_fragment_length ${maxFragmentLengthCode(wanted)} with ${code}`;
  throw illegal('RFC 6066 §4', message, handshakeMessage);
}

function illegal(section: string, message: string, handshakeMessage: string): TlsError {
  return new TlsError('peer.illegalMaxFragmentLength', message, {
    section,
    handshakeMessage,
    field: 'max_fragment_length',
  });
}
