import { TlsError } from '../../errors/tls-error.ts';
import type { ExtensionBlock } from '../../extensions/block.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../extensions/certificate-type.ts';
import { ecPointFormatsExtension } from '../../extensions/ec-point-formats.ts';
import { certificateTypes } from '../../registry/certificate-types.ts';
import { pointFormats } from '../../registry/point-formats.ts';
import { registryName } from '../../registry/registered.ts';

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
  for (const definition of [serverCertificateTypeExtension, clientCertificateTypeExtension]) {
    const type = extensions.get(definition);
    // A hello that offers raw public keys offers them for TLS 1.3; here there are none.
    if (type === undefined || type === certificateTypes.X509) continue;
    throw new TlsError(
      'peer.unofferedCertificateType',
      `the server selects ${definition.name} ${registryName(certificateTypes, type)}, which we take in TLS 1.3 alone`,
      { section: 'RFC 7250 §4.2', handshakeMessage: 'server_hello', field: definition.name },
    );
  }
}
