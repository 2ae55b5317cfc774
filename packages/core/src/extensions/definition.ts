import { encode, type Codec, type CodecValue } from '../wire/codec.ts';
import { extensionTypes, type ExtensionType } from '../registry/extension-types.ts';

/**
 * An extension as one value: its number, and one codec for each message it may stand in. A message without
 * a codec is a message where the extension is forbidden, so the table of RFC 9846 §4.3 is the sum of all
 * definitions and cannot disagree with what is decoded.
 */
export interface ExtensionDefinition<C extends ExtensionCodecs = ExtensionCodecs> {
  readonly type: ExtensionType;
  readonly name: ExtensionName;
  readonly codecs: C;
}

/**
 * The messages that carry extensions, by the names of RFC 9846 §4.3: CT stands for one entry of Certificate. SH12 is the
 * ServerHello of TLS 1.2 and older (RFC 5246 §7.4.1.4), which takes some that TLS 1.3 has elsewhere.
 */
export type ExtensionPlace = keyof typeof messageNames;

export type ExtensionCodecs = { readonly [P in ExtensionPlace]?: Codec<unknown> };

export type ExtensionName = keyof typeof extensionTypes;

/** One extension as it stands on the wire, known or not. */
export interface RawExtension {
  /** An `ExtensionType`; plain, so that an application can add extensions of its own. */
  readonly type: number;
  /** `extension_data`, without type and length. */
  readonly data: Uint8Array;
}

export function defineExtension<const C extends ExtensionCodecs>(
  name: ExtensionName,
  codecs: C,
): ExtensionDefinition<C> {
  return { type: extensionTypes[name], name, codecs };
}

/** An extension ready for `ExtensionBlock.of`: `extension('CH', cookieExtension, bytes)`. */
export function extension<
  P extends ExtensionPlace,
  C extends ExtensionCodecs & Readonly<Record<P, Codec<unknown>>>,
>(place: P, definition: ExtensionDefinition<C>, value: CodecValue<C[P]>): RawExtension {
  return { type: definition.type, data: encode(definition.codecs[place], value) };
}

/** The message behind each abbreviation. */
export const messageNames = {
  CH: 'client_hello',
  SH: 'server_hello',
  EE: 'encrypted_extensions',
  CT: 'certificate',
  CR: 'certificate_request',
  NST: 'new_session_ticket',
  HRR: 'hello_retry_request',
  SH12: 'server_hello',
} as const;
