import type { Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';
import { digitallySigned, type DigitallySigned } from './digitally-signed.ts';

/**
 * CertificateVerify of TLS 1.2 and older (RFC 5246 §7.4.8): a client alone proves with it that it has the key of its
 * certificate; what is signed is all handshake messages so far.
 *
 *     struct {
 *         digitally-signed struct {
 *             opaque handshake_messages[handshake_messages_length];
 *         }
 *     } CertificateVerify;
 */
export interface CertificateVerify12 extends DigitallySigned {
  readonly type: 'certificate_verify';
}

export function certificateVerify12(hasScheme: boolean): Codec<CertificateVerify12> {
  return message('certificate_verify', digitallySigned(hasScheme));
}
