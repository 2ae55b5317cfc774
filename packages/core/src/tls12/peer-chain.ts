import { TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import type { Certificate12 } from '../messages/tls12/certificate.ts';
import type { PresentedCertificate } from '../values/peer-evidence.ts';
import { copyOf } from '../wire/bytes.ts';

/** What a peer presents in Certificate (RFC 5246 §7.4.2); copied, because the transcript still holds the message. */
export function presentedChain(
  { certificateList }: Certificate12,
  { certificateEntries }: Limits,
): readonly PresentedCertificate[] {
  if (certificateList.length > certificateEntries) {
    throw new TlsError(
      'peer.messageTooLarge',
      `the peer sent ${certificateList.length} certificates, the limit is ${certificateEntries}`,
      { section: 'RFC 5246 §7.4.2', handshakeMessage: 'certificate', field: 'certificate_list' },
    );
  }
  return certificateList.map((certificate) => ({ certificate: copyOf(certificate) }));
}
