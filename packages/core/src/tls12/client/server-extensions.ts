import { TlsError } from '../../errors/tls-error.ts';
import type { ExtensionBlock } from '../../extensions/block.ts';
import { ecPointFormatsExtension } from '../../extensions/ec-point-formats.ts';
import { pointFormats } from '../../registry/point-formats.ts';

/** Refuses answers of a ServerHello that we could not live with; what we take up is read elsewhere. */
export function checkServerExtensions(extensions: ExtensionBlock<'SH12'>): void {
  const formats = extensions.get(ecPointFormatsExtension);
  if (formats !== undefined && !formats.includes(pointFormats.uncompressed)) {
    throw new TlsError('peer.illegalExtension', 'ec_point_formats lacks the uncompressed form', {
      section: 'RFC 8422 §5.1.2',
      handshakeMessage: 'server_hello',
      field: 'ec_point_formats',
    });
  }
}
