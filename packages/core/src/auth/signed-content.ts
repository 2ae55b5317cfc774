import { ascii, concat } from '../wire/bytes.ts';

/**
 * What the signature of CertificateVerify covers (RFC 9846 §4.5.2): 64 spaces, a context string, a zero byte
 * and the transcript hash up to the signer's Certificate.
 */
export function signedContent(signer: 'client' | 'server', transcriptHash: Uint8Array): Uint8Array {
  return concat([ascii(`${' '.repeat(64)}TLS 1.3, ${signer} CertificateVerify\0`), transcriptHash]);
}
