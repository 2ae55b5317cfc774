import { alpnExtension } from '../extensions/alpn.ts';
import { certificateAuthoritiesExtension } from '../extensions/certificate-authorities.ts';
import { sessionTicketExtension } from '../extensions/session-ticket.ts';
import { preSharedKeyExtension } from '../extensions/pre-shared-key.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { offeredVersions } from '../negotiate/version.ts';
import type { ClientHelloView } from '../values/client-hello-view.ts';
import { copyOf } from '../wire/bytes.ts';

/** A received ClientHello as whoever answers `chooseConfig` sees it; its bytes are copies, for them to keep. */
export function viewOf(hello: ClientHello, raw: Uint8Array): ClientHelloView {
  const { extensions } = hello;
  const signatureSchemes = extensions.get(signatureAlgorithmsExtension) ?? [];
  const own = copyOf(raw);
  return Object.freeze({
    serverName: extensions.get(serverNameExtension)?.hostName,
    alpnProtocols: extensions.get(alpnExtension) ?? [],
    versions: offeredVersions(extensions.get(supportedVersionsExtension), hello.legacyVersion),
    cipherSuites: hello.cipherSuites,
    groups: extensions.get(supportedGroupsExtension) ?? [],
    signatureSchemes,
    certificateSignatureSchemes: extensions.get(signatureAlgorithmsCertExtension) ?? signatureSchemes,
    certificateAuthorities: (extensions.get(certificateAuthoritiesExtension) ?? []).map((name) =>
      within(own, raw, name),
    ),
    sessionId: copyOf(hello.legacySessionId),
    hasTicket: (extensions.raw(sessionTicketExtension)?.length ?? 0) > 0,
    hasPreSharedKey: extensions.has(preSharedKeyExtension),
    extensionTypes: extensions.entries.map(({ type }) => type),
    extensions: extensions.entries.map(({ type, data }) => ({ type, data: within(own, raw, data) })),
    raw: own,
  });
}

/** The part of `copy` that `part` is of `whole`. */
function within(copy: Uint8Array, whole: Uint8Array, part: Uint8Array): Uint8Array {
  if (part.buffer !== whole.buffer) return copyOf(part);
  const start = part.byteOffset - whole.byteOffset;
  return copy.subarray(start, start + part.length);
}
