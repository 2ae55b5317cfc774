import { ApiMisuseError, decodeHandshake } from '@sealwire/core';
import {
  type Codec,
  decode,
  decodeHandshake12,
  encodeHandshake,
  ExtensionBlock,
  type ExtensionName,
  type ExtensionPlace,
  handshakeTypes,
  type HandshakeType,
  knownExtensions,
  messageCodecs,
  type RawExtension,
  type Shape,
  tls12Codecs,
  type Tls12Message,
  type Tls13Message,
} from '@sealwire/core/codecs';
import type { Arbitrary } from 'fast-check';
import { isAccepted } from './accepted.ts';
import { arbitraryBytes } from './shapes.ts';

/** Which message: `Tls13Message['type']`. */
export type MessageType = Tls13Message['type'];

/** Every message that there is an arbitrary for: all that the codecs have. */
export const messageTypes: readonly MessageType[] = /* @__PURE__ */ Object.entries(messageCodecs).flatMap(
  ([name, { shape }]) => (shape.is === 'variants' ? Object.keys(shape.variants) : [name]) as MessageType[],
);

/** Whole messages of this type, header included, that decode. Derived from its codec. */
export function arbitraryHandshake(type: MessageType): Arbitrary<Uint8Array> {
  const { number, shape } = structureOf(type);
  return arbitraryBytes(shape)
    .map((body) => encodeHandshake(number, body))
    .filter((raw) => isAccepted(() => decodeHandshake(raw)));
}

/** Messages of this type, decoded. Byte fields are views of memory of their own. Derived from its codec. */
export function arbitraryMessage<T extends MessageType>(
  type: T,
): Arbitrary<Extract<Tls13Message, { readonly type: T }>> {
  return arbitraryHandshake(type).map(
    (raw) => decodeHandshake(raw) as Extract<Tls13Message, { readonly type: T }>,
  );
}

/** The same for TLS 1.2 and older. */
export const messageTypes12: readonly Tls12Message['type'][] = /* @__PURE__ */ Object.keys(
  /* @__PURE__ */ tls12Codecs(true),
) as Tls12Message['type'][];

/**
 * As `arbitraryHandshake`, of TLS 1.2 (`signsWithScheme`) or older. The bodies of key exchanges, which only their suite
 * explains, are any bytes; `arbitraryValue` makes them of a codec.
 */
export function arbitraryHandshake12(
  type: Tls12Message['type'],
  signsWithScheme: boolean,
): Arbitrary<Uint8Array> {
  if (!messageTypes12.includes(type)) {
    throw new ApiMisuseError(`expected one of ${messageTypes12.join(', ')}, got ${type}`);
  }
  return arbitraryBytes(tls12Codecs(signsWithScheme)[type].shape)
    .map((body) => encodeHandshake(handshakeTypes[type], body))
    .filter((raw) => isAccepted(() => decodeHandshake12(raw, signsWithScheme)));
}

/** Messages of this type, decoded, of TLS 1.2 (`signsWithScheme`) or older. */
export function arbitraryMessage12<T extends Tls12Message['type']>(
  type: T,
  signsWithScheme: boolean,
): Arbitrary<Extract<Tls12Message, { readonly type: T }>> {
  return arbitraryHandshake12(type, signsWithScheme).map(
    (raw) => decodeHandshake12(raw, signsWithScheme) as Extract<Tls12Message, { readonly type: T }>,
  );
}

/** The extension of this name as it may stand in the message `place` (RFC 9846 §4.3). Derived from its codec. */
export function arbitraryExtension(name: ExtensionName, place: ExtensionPlace): Arbitrary<RawExtension> {
  const definition = knownExtensions.find((each) => each.name === name);
  const codec = definition?.codecs[place];
  if (definition === undefined || codec === undefined) {
    throw new ApiMisuseError(`expected an extension that may stand in ${place}, got ${name}`);
  }
  return arbitraryBytes(codec.shape)
    .filter((data) => isAccepted(() => decode(codec, data, name)))
    .map((data) => ({ type: definition.type, data }));
}

/** Extension blocks of the message `place`: known and unknown extensions in any order. */
export function arbitraryExtensionBlock<P extends ExtensionPlace>(place: P): Arbitrary<ExtensionBlock<P>> {
  return arbitraryBytes({ is: 'extensions', place }).map((block) =>
    ExtensionBlock.of(place, rawExtensions(block.subarray(2))),
  );
}

/** Values that this codec reads. */
export function arbitraryValue<T>(codec: Codec<T>, name = 'value'): Arbitrary<T> {
  return arbitraryBytes(codec.shape)
    .filter((bytes) => isAccepted(() => decode(codec, bytes, name)))
    .map((bytes) => decode(codec, bytes, name));
}

function structureOf(type: MessageType): { readonly number: HandshakeType; readonly shape: Shape } {
  for (const [name, { shape }] of Object.entries(messageCodecs)) {
    const number = handshakeTypes[name as keyof typeof messageCodecs];
    if (shape.is !== 'variants') {
      if (name === type) return { number, shape };
      continue;
    }
    const variant = shape.variants[type];
    if (variant !== undefined) return { number, shape: variant };
  }
  throw new ApiMisuseError(`expected one of ${messageTypes.join(', ')}, got ${type}`);
}

function rawExtensions(block: Uint8Array): RawExtension[] {
  const entries: RawExtension[] = [];
  for (let at = 0; at < block.length; ) {
    const length = (block[at + 2]! << 8) | block[at + 3]!;
    entries.push({
      type: (block[at]! << 8) | block[at + 1]!,
      data: block.slice(at + 4, at + 4 + length),
    });
    at += 4 + length;
  }
  return entries;
}
