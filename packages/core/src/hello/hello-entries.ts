import { TlsError } from '../errors/tls-error.ts';
import { alpnExtension } from '../extensions/alpn.ts';
import { certificateAuthoritiesExtension } from '../extensions/certificate-authorities.ts';
import { keyShareExtension } from '../extensions/key-share.ts';
import { preSharedKeyExtension } from '../extensions/pre-shared-key.ts';
import { statusRequestExtension } from '../extensions/status-request.ts';
import type { Limits } from '../limits.ts';
import type { ClientHello } from '../messages/client-hello.ts';

/**
 * A hello may wait: for another one, for whoever chooses a configuration or opens a ticket. Each extension, and each entry of a list
 * whose entries are more than numbers, takes some hundred bytes meanwhile, and three on the wire suffice for it.
 */
export function checkHelloEntries({ extensions }: ClientHello, { helloEntries }: Limits): void {
  const psks = extensions.get(preSharedKeyExtension);
  const status = extensions.get(statusRequestExtension);
  const lists: readonly (readonly unknown[] | undefined)[] = [
    extensions.entries,
    extensions.get(keyShareExtension),
    extensions.get(alpnExtension),
    extensions.get(certificateAuthoritiesExtension),
    psks?.identities,
    psks?.binders,
    status?.kind === 'ocsp' ? status.responderIds : undefined,
  ];
  const count = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  if (count <= helloEntries) return;
  throw new TlsError(
    'peer.messageTooLarge',
    `the ClientHello has ${count} extensions and entries of lists, the limit is ${helloEntries}`,
    { section: 'RFC 9846 §4.2.2', handshakeMessage: 'client_hello', field: 'extensions' },
  );
}
