import {
  type ExtensionPlace,
  knownExtensions,
  registries,
  type Shape,
  type UintShape,
} from '@sealwire/core/codecs';
import fc, { type Arbitrary } from 'fast-check';
import { bytesOfNumber, concatenated, sameBytes } from '../bytes.ts';

/**
 * Bytes of this shape: as legal on the wire as the structure demands and no more sensible than that. Numbers of a
 * registry are mostly known ones, else any; opaque content and lists are short, so that whole messages stay readable.
 */
export function arbitraryBytes(shape: Shape): Arbitrary<Uint8Array> {
  switch (shape.is) {
    case 'uint':
      return uint(shape);
    case 'fixed':
      return shape.value === undefined
        ? fc.uint8Array({ minLength: shape.bytes, maxLength: shape.bytes })
        : fc.constant(shape.value);
    case 'opaque':
      return opaque(shape.content, shape.min, Math.min(shape.max, shape.min + shortBytes)).map((content) =>
        prefixed(shape.lengthBytes, content),
      );
    case 'items':
      return fc.array(arbitraryBytes(shape.item), { maxLength: shortList }).map(concatenated);
    case 'rest':
      return fc.uint8Array({ maxLength: shortBytes });
    case 'vector':
      return vector(shape);
    case 'struct':
      return sequence(shape.fields.map(([, field]) => arbitraryBytes(field)));
    case 'optional':
      return fc.oneof(
        { weight: 7, arbitrary: arbitraryBytes(shape.shape) },
        { weight: 1, arbitrary: nothing },
      );
    case 'select':
      return select(shape);
    case 'extensions':
      return extensionEntries(shape.place, shape.requires ?? []).map((entries) =>
        prefixed(2, concatenated(entries)),
      );
    case 'variants':
      return fc.oneof(...Object.values(shape.variants).map(arbitraryBytes));
  }
}

/** Extensions of one message, each with type and length: any of those that may stand in it, and unknown ones. */
function extensionEntries(
  place: string | undefined,
  requires: readonly number[],
): Arbitrary<readonly Uint8Array[]> {
  const known = knownExtensions.flatMap(({ type, codecs }) => {
    const codec = place === undefined ? undefined : codecs[place as ExtensionPlace];
    if (codec === undefined) return [];
    const entry = arbitraryBytes(codec.shape).map((data) =>
      concatenated([bytesOfNumber(type, 2), prefixed(2, data)]),
    );
    return [requires.includes(type) ? entry : fc.option(entry, { nil: undefined, freq: 2 })];
  });
  const unknown = fc
    .uniqueArray(unknownType, { maxLength: 2 })
    .chain((types) =>
      fc.tuple(
        ...types.map((type) =>
          fc
            .uint8Array({ maxLength: 20 })
            .map((data) => concatenated([bytesOfNumber(type, 2), prefixed(2, data)])),
        ),
      ),
    );
  return fc
    .tuple(fc.tuple(...known), unknown)
    .map(([some, others]) => [...some.filter((entry) => entry !== undefined), ...others])
    .chain((entries) => fc.shuffledSubarray(entries, { minLength: entries.length }))
    .map(withPskLast);
}

/** RFC 9846 §4.3.11: pre_shared_key "MUST be the last extension in the ClientHello". */
function withPskLast(entries: readonly Uint8Array[]): readonly Uint8Array[] {
  const isPsk = (entry: Uint8Array) => sameBytes(entry.subarray(0, 2), pskType);
  return [...entries.filter((entry) => !isPsk(entry)), ...entries.filter(isPsk)];
}

function uint({ bytes, registry, values }: UintShape): Arbitrary<Uint8Array> {
  const any = fc.integer({ min: 0, max: 256 ** bytes - 1 });
  const known = registry === undefined ? [] : Object.values(registries[registry] ?? {});
  const number =
    values !== undefined
      ? fc.constantFrom(...values)
      : known.length === 0
        ? any
        : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any });
  return number.map((value) => bytesOfNumber(value, bytes));
}

function opaque(
  content: 'visibleAscii' | 'latin1' | undefined,
  minLength: number,
  maxLength: number,
): Arbitrary<Uint8Array> {
  if (content === undefined) return fc.uint8Array({ minLength, maxLength });
  const [min, max] = content === 'visibleAscii' ? [0x21, 0x7e] : [1, 0xff];
  return fc.uint8Array({ minLength, maxLength, min, max });
}

function vector(shape: Extract<Shape, { is: 'vector' }>): Arbitrary<Uint8Array> {
  const { item, min, max, items, distinct, lengthBytes } = shape;
  const constraints = { minLength: items ?? (min > 0 ? 1 : 0), maxLength: items ?? shortList };
  const one = arbitraryBytes(item);
  const list =
    distinct === true
      ? fc.uniqueArray(one, { ...constraints, selector: (bytes) => bytes[0] })
      : fc.array(one, constraints);
  return list
    .map(concatenated)
    .filter((content) => content.length >= min && content.length <= max)
    .map((content) => prefixed(lengthBytes, content));
}

function select(shape: Extract<Shape, { is: 'select' }>): Arbitrary<Uint8Array> {
  const { tag, cases, otherwise } = shape;
  const known = Object.entries(cases).map(([number, [, body]]) =>
    sequence([fc.constant(bytesOfNumber(Number(number), tag.bytes)), arbitraryBytes(body)]),
  );
  if (otherwise === undefined) return fc.oneof(...known);
  const isKnown = (bytes: Uint8Array) =>
    Object.hasOwn(
      cases,
      bytes.reduce((number, byte) => number * 256 + byte, 0),
    );
  const other = sequence([uint(tag).filter((bytes) => !isKnown(bytes)), arbitraryBytes(otherwise[1])]);
  return fc.oneof(...known.map((arbitrary) => ({ weight: 3, arbitrary })), { weight: 1, arbitrary: other });
}

function sequence(parts: readonly Arbitrary<Uint8Array>[]): Arbitrary<Uint8Array> {
  return fc.tuple(...parts).map(concatenated);
}

function prefixed(lengthBytes: 1 | 2 | 3, content: Uint8Array): Uint8Array {
  return concatenated([bytesOfNumber(content.length, lengthBytes), content]);
}

/** GREASE (RFC 8701) and private use: no extension that Sealwire knows. */
const unknownType = fc.constantFrom(0x0a0a, 0x6a6a, 0xfafa, 0xff77, 0xff78);
const pskType = new Uint8Array([0, 41]);
const nothing = fc.constant(new Uint8Array(0));
const shortBytes = 40;
const shortList = 4;
