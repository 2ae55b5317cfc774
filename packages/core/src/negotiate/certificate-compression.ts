import { TlsError } from '../errors/tls-error.ts';
import type { ExtensionBlock } from '../extensions/block.ts';
import { compressCertificateExtension } from '../extensions/compress-certificate.ts';
import { messageNames } from '../extensions/definition.ts';

/**
 * RFC 8879 §3 lists the algorithms that the sender supports, each of which it supports once; it says nothing of a list that
 * repeats one. Nobody sends that but to see what becomes of it.
 */
export function checkCompressionAlgorithms(extensions: ExtensionBlock<'CH' | 'CR'>): void {
  const algorithms = extensions.get(compressCertificateExtension) ?? [];
  if (new Set(algorithms).size === algorithms.length) return;
  throw new TlsError('peer.illegalExtension', 'compress_certificate lists an algorithm twice', {
    section: 'RFC 8879 §3',
    handshakeMessage: messageNames[extensions.place],
    field: 'compress_certificate',
  });
}
