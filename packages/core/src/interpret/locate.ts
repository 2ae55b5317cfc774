import { locate, type TlsError } from '../errors/tls-error.ts';
import { copyOf } from '../wire/bytes.ts';

/** Says in `error` at which message it was found, and shows it, or the record, if that is wanted. */
export function locateAtHand(
  error: TlsError,
  message: { readonly name: string; readonly raw: Uint8Array } | undefined,
  record: Uint8Array | undefined,
  withEvidence: boolean,
): void {
  if (message !== undefined) locate(error, { handshakeMessage: message.name });
  const bytes = message?.raw ?? record;
  if (!withEvidence || bytes === undefined) return;
  const what = message === undefined ? 'record' : 'handshakeMessage';
  const shown = copyOf(bytes.subarray(0, maxEvidenceBytes));
  locate(error, { evidence: { what, bytes: shown, totalBytes: bytes.length } });
}

/** A ClientHello or a certificate of usual size fits; the error of a hostile peer stays small. */
const maxEvidenceBytes = 4_096;
