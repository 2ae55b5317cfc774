import type { ClientConfig } from '../../config/client.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { delegatedCredentialExtension } from '../../extensions/delegated-credential.ts';
import { postHandshakeAuthExtension } from '../../extensions/post-handshake-auth.ts';
import type { Carrier } from '../../machine/carrier.ts';

/** What a ClientHello offers about certificates that only TLS 1.3 knows. */
export function certificateOffers(config: ClientConfig, { postHandshakeAuth }: Carrier): RawExtension[] {
  const list: RawExtension[] = [];
  const { accept } = config.certificateCompression;
  if (accept.length > 0) list.push(extension('CH', compressCertificateExtension, accept));
  if (config.acceptDelegatedCredentials.length > 0) {
    list.push(extension('CH', delegatedCredentialExtension, config.acceptDelegatedCredentials));
  }
  if (postHandshakeAuth && config.postHandshakeAuth)
    list.push(extension('CH', postHandshakeAuthExtension, true));
  return list;
}
