import type { Entropy } from '../crypto/entropy.ts';
import { alpnExtension } from '../extensions/alpn.ts';
import { ExtensionBlock } from '../extensions/block.ts';
import { extension, type RawExtension } from '../extensions/definition.ts';
import { earlyDataExtension } from '../extensions/early-data.ts';
import { encryptedClientHelloExtension } from '../extensions/encrypted-client-hello.ts';
import { keyShareExtension } from '../extensions/key-share.ts';
import { paddingExtension } from '../extensions/padding.ts';
import { preSharedKeyExtension, type OfferedPsks } from '../extensions/pre-shared-key.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { offersOlderThanTls13 } from '../negotiate/version.ts';
import { extensionTypes } from '../registry/extension-types.ts';
import { sharedTypes } from './encoded-inner.ts';
import { innerExtension } from './hello-extension.ts';

/** The extensions of the outer hello but for what is computed from the inner one (RFC 9849 §6.1). */
export function outerExtensions(
  own: ExtensionBlock<'CH'>,
  publicName: string,
  protocols: readonly string[] | undefined,
): ExtensionBlock<'CH'> {
  const entries = own.without(preSharedKeyExtension).entries.flatMap((entry): readonly RawExtension[] => {
    // They name protocols.
    if (protocols !== undefined && settingsTypes.includes(entry.type)) return [];
    if (entry.type === alpnExtension.type && protocols !== undefined) {
      return protocols.length === 0 ? [] : [extension('CH', alpnExtension, protocols)];
    }
    return [entry.type === serverNameExtension.type ? nameOf(publicName) : entry];
  });
  const block = ExtensionBlock.of('CH', entries);
  // Also where the inner hello has no name: a hello without one would stick out.
  return block.has(serverNameExtension) ? block : ExtensionBlock.of('CH', [nameOf(publicName), ...entries]);
}

const settingsTypes: readonly number[] = [
  extensionTypes.application_settings_old,
  extensionTypes.application_settings,
];

function nameOf(hostName: string): RawExtension {
  return extension('CH', serverNameExtension, { hostName });
}

/** RFC 9849 §6.1: the inner hello offers TLS 1.3 alone, and nothing that older versions would use. */
export function withoutOlderVersions(own: ExtensionBlock<'CH'>): ExtensionBlock<'CH'> {
  const versions = own.get(supportedVersionsExtension) ?? [];
  const newer = versions.filter((version) => !offersOlderThanTls13([version]));
  if (newer.length === versions.length) return own;
  const entries = own.entries.filter(({ type }) => !olderTypes.includes(type));
  return ExtensionBlock.of('CH', entries).with(extension('CH', supportedVersionsExtension, newer));
}

const olderTypes: readonly number[] = [
  extensionTypes.ec_point_formats,
  extensionTypes.encrypt_then_mac,
  extensionTypes.extended_main_secret,
  extensionTypes.next_protocol_negotiation,
  extensionTypes.renegotiation_info,
  extensionTypes.session_ticket,
  extensionTypes.status_request_v2,
];

/** The inner hello's extensions: first its own, then in one run those that the outer hello has as well, pre_shared_key last. */
export function packable(own: ExtensionBlock<'CH'>, outer: ExtensionBlock<'CH'>): ExtensionBlock<'CH'> {
  const shared = sharedTypes(own, outer);
  const apart: readonly number[] = [
    ...shared,
    encryptedClientHelloExtension.type,
    preSharedKeyExtension.type,
    paddingExtension.type,
  ];
  const psk = own.raw(preSharedKeyExtension);
  return ExtensionBlock.of('CH', [
    ...own.entries.filter(({ type }) => !apart.includes(type)),
    innerExtension(),
    ...shared.map((type) => ({ type, data: own.raw({ type })! })),
    ...(psk === undefined ? [] : [{ type: preSharedKeyExtension.type, data: psk }]),
  ]);
}

/**
 * RFC 9849 §6.1.2: identities and binders of the right lengths and nothing else, so that a server's answer to the
 * inner ones does not come out of the blue. No real identity ever stands outside.
 */
export function withGreasePsk(
  outer: ClientHello,
  { extensions }: ClientHello,
  entropy: Entropy,
): ClientHello {
  const offered = extensions.get(preSharedKeyExtension);
  if (offered === undefined) return outer;
  const psks: OfferedPsks = {
    identities: offered.identities.map(({ identity }) => ({
      identity: entropy.random(identity.length),
      obfuscatedTicketAge: ageOf(entropy.random(4)),
    })),
    binders: offered.binders.map((binder) => entropy.random(binder.length)),
  };
  return { ...outer, extensions: outer.extensions.with(extension('CH', preSharedKeyExtension, psks)) };
}

/** The second outer hello: the first, with what the second inner one changed and need not hide (RFC 9849 §6.1.5). */
export function secondOuter(first: ClientHello, { extensions: inner }: ClientHello): ClientHello {
  let { extensions } = first;
  const share = inner.raw(keyShareExtension);
  if (share !== undefined) extensions = extensions.with({ type: keyShareExtension.type, data: share });
  extensions = extensions.without(earlyDataExtension);
  if (!inner.has(preSharedKeyExtension)) extensions = extensions.without(preSharedKeyExtension);
  return { ...first, extensions };
}

function ageOf(bytes: Uint8Array): number {
  return bytes.reduce((age, byte) => age * 256 + byte, 0);
}
