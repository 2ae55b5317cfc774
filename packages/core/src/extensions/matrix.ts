import { TlsError } from '../errors/tls-error.ts';
import { extensionTypes } from '../registry/extension-types.ts';
import { isGrease } from '../registry/grease.ts';
import { registryName } from '../registry/registered.ts';
import type { Codec } from '../wire/codec.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import { alpnExtension } from './alpn.ts';
import { applicationSettingsExtension, applicationSettingsOldExtension } from './application-settings.ts';
import { ExtensionBlock, few } from './block.ts';
import { certificateAuthoritiesExtension } from './certificate-authorities.ts';
import { clientCertificateTypeExtension, serverCertificateTypeExtension } from './certificate-type.ts';
import { compressCertificateExtension } from './compress-certificate.ts';
import { cookieExtension } from './cookie.ts';
import { delegatedCredentialExtension } from './delegated-credential.ts';
import {
  messageNames,
  type ExtensionDefinition,
  type ExtensionPlace,
  type RawExtension,
} from './definition.ts';
import { earlyDataExtension } from './early-data.ts';
import { echOuterExtensionsExtension, encryptedClientHelloExtension } from './encrypted-client-hello.ts';
import { ecPointFormatsExtension } from './ec-point-formats.ts';
import { encryptThenMacExtension } from './encrypt-then-mac.ts';
import { extendedMainSecretExtension } from './extended-main-secret.ts';
import { keyShareExtension } from './key-share.ts';
import { maxFragmentLengthExtension } from './max-fragment-length.ts';
import { nextProtocolNegotiationExtension } from './next-protocol-negotiation.ts';
import { oidFiltersExtension } from './oid-filters.ts';
import { paddingExtension } from './padding.ts';
import { postHandshakeAuthExtension } from './post-handshake-auth.ts';
import { preSharedKeyExtension } from './pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from './psk-key-exchange-modes.ts';
import { quicTransportParametersExtension } from './quic-transport-parameters.ts';
import { recordSizeLimitExtension } from './record-size-limit.ts';
import { renegotiationInfoExtension } from './renegotiation-info.ts';
import { serverNameExtension } from './server-name.ts';
import { sessionTicketExtension } from './session-ticket.ts';
import { signatureAlgorithmsCertExtension, signatureAlgorithmsExtension } from './signature-algorithms.ts';
import { signedCertificateTimestampExtension } from './signed-certificate-timestamp.ts';
import { statusRequestExtension } from './status-request.ts';
import { statusRequestV2Extension } from './status-request-v2.ts';
import { supportedGroupsExtension } from './supported-groups.ts';
import { supportedVersionsExtension } from './supported-versions.ts';

/**
 * The extensions that Sealwire knows, and the one decoder of extension blocks (RFC 9846 §4.3).
 *
 *     struct {
 *         ExtensionType extension_type;
 *         opaque extension_data<0..2^16-1>;
 *     } Extension;
 *
 * A block is refused when a type stands twice, when an extension that we know stands in a message where it may
 * not, and when the data of one that we know does not decode. Unknown extensions are kept as bytes; in a
 * response they are refused by `refuseUnsolicited`, everywhere else they mean nothing.
 */
export const knownExtensions: readonly ExtensionDefinition[] = [
  serverNameExtension,
  maxFragmentLengthExtension,
  statusRequestExtension,
  supportedGroupsExtension,
  ecPointFormatsExtension,
  signatureAlgorithmsExtension,
  alpnExtension,
  statusRequestV2Extension,
  signedCertificateTimestampExtension,
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
  compressCertificateExtension,
  paddingExtension,
  encryptThenMacExtension,
  extendedMainSecretExtension,
  recordSizeLimitExtension,
  delegatedCredentialExtension,
  sessionTicketExtension,
  preSharedKeyExtension,
  earlyDataExtension,
  supportedVersionsExtension,
  cookieExtension,
  pskKeyExchangeModesExtension,
  certificateAuthoritiesExtension,
  oidFiltersExtension,
  postHandshakeAuthExtension,
  signatureAlgorithmsCertExtension,
  keyShareExtension,
  quicTransportParametersExtension,
  nextProtocolNegotiationExtension,
  applicationSettingsOldExtension,
  applicationSettingsExtension,
  echOuterExtensionsExtension,
  encryptedClientHelloExtension,
  renegotiationInfoExtension,
];

/** Reads the block with its length, and decodes every extension that we know. */
export function decodeExtensions<P extends ExtensionPlace>(place: P, reader: Reader): ExtensionBlock<P> {
  return checkExtensions(place, readExtensions(messageNames[place], reader, codeForTwice(place)));
}

/** Reads the block with its length and refuses duplicates; which extensions may stand in it is left open. */
export function readExtensions(
  messageName: string,
  reader: Reader,
  code: TwiceCode = 'peer.duplicateExtension',
): readonly RawExtension[] {
  let seen: Set<number> | undefined;
  return reader.region(reader.u16(), 'extensions', (block) => {
    const entries: RawExtension[] = [];
    while (block.remaining > 0) {
      const type = block.u16();
      const data = block.bytes(block.u16());
      if (entries.length === few) seen = new Set(entries.map((each) => each.type));
      if (seen?.has(type) ?? entries.some((each) => each.type === type))
        refuse(code, 'stands twice', messageName, type);
      seen?.add(type);
      entries.push({ type, data });
    }
    return entries;
  });
}

/** Decodes every extension that we know, as extensions of the message `place`. */
export function checkExtensions<P extends ExtensionPlace>(
  place: P,
  entries: readonly RawExtension[],
): ExtensionBlock<P> {
  const block = ExtensionBlock.of(place, entries);
  for (const { type } of entries) {
    const definition = definitions.get(type);
    if (definition === undefined) continue;
    if (!allows(definition, place)) {
      refuse(
        'peer.forbiddenExtension',
        'may not stand in this message',
        messageNames[place],
        type,
        sectionOf(place),
      );
    }
    block.get(definition);
  }
  return block;
}

export function writeExtensions(writer: Writer, entries: readonly RawExtension[]): void {
  writer.prefixed(2, (inner) => {
    for (const { type, data } of entries) {
      inner.u16(type);
      inner.prefixed(2, (content) => content.bytes(data));
    }
  });
}

/**
 * Refuses an extension in a response (SH, SH12, EE, HRR, CT) that answers nothing: "Implementations MUST NOT send
 * extension responses if the remote endpoint did not send the corresponding extension requests" (RFC 9846 §4.3; before it RFC 5246 §7.4.1.4).
 * `offered` is the block of our request; `exceptions` may come unasked, such as a cookie in HelloRetryRequest,
 * or renegotiation_info after its signal among the cipher suites.
 */
export function refuseUnsolicited<P extends 'SH' | 'SH12' | 'EE' | 'HRR' | 'CT'>(
  block: ExtensionBlock<P>,
  offered: { has(extension: { readonly type: number }): boolean },
  exceptions: readonly { readonly type: number }[] = [],
): void {
  for (const { type } of block.entries) {
    // An echo of GREASE answers nothing, either (RFC 8701 §3.1, §4.2).
    if ((offered.has({ type }) && !isGrease(type)) || exceptions.some((exception) => exception.type === type))
      continue;
    const { place } = block;
    refuse(
      'peer.unsolicitedExtension',
      'answers nothing that was asked',
      messageNames[place],
      type,
      sectionOf(place),
    );
  }
}

/** `Extension extensions<0..2^16-1>` of the message `place`, for use inside its structure. */
export function extensions<P extends ExtensionPlace>(place: P): Codec<ExtensionBlock<P>> {
  return {
    read: (reader) => decodeExtensions(place, reader),
    write: (writer, block) => writeExtensions(writer, block.entries),
    shape: { is: 'extensions', place },
  };
}

/** What a repeated extension is called in a message; the alerts differ. */
export function codeForTwice(place: ExtensionPlace): TwiceCode {
  return place === 'CT' || place === 'HRR' || place === 'NST'
    ? 'peer.repeatedExtension'
    : 'peer.duplicateExtension';
}

type TwiceCode = 'peer.duplicateExtension' | 'peer.repeatedExtension';

function allows<P extends ExtensionPlace>(
  definition: ExtensionDefinition,
  place: P,
): definition is ExtensionDefinition<Record<P, Codec<unknown>>> {
  return definition.codecs[place] !== undefined;
}

function refuse(
  code: TwiceCode | 'peer.forbiddenExtension' | 'peer.unsolicitedExtension',
  what: string,
  messageName: string,
  type: number,
  section = sectionOf(undefined),
): never {
  const name = registryName(extensionTypes, type);
  throw new TlsError(code, `${messageName}: the extension ${name} ${what}`, {
    section,
    handshakeMessage: messageName,
    field: `${messageName}.extensions.${name}`,
  });
}

const sectionOf = (place: ExtensionPlace | undefined) =>
  place === 'SH12' ? 'RFC 5246 §7.4.1.4' : 'RFC 9846 §4.3';

const definitions: ReadonlyMap<number, ExtensionDefinition> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ knownExtensions.map((definition) => [definition.type, definition]),
);
