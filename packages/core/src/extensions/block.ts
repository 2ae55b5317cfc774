import { InternalError } from '../errors/tls-error.ts';
import { extensionTypes } from '../registry/extension-types.ts';
import { registryName } from '../registry/registered.ts';
import { decode, type Codec, type CodecValue } from '../wire/codec.ts';
import {
  messageNames,
  type ExtensionCodecs,
  type ExtensionDefinition,
  type ExtensionPlace,
  type RawExtension,
} from './definition.ts';

/**
 * The extensions of one message (RFC 9846 §4.3), in the order of the wire, each with its bytes, whether
 * known or not. Values are decoded when first asked for and kept; a block that came from the peer has been
 * decoded completely (`decodeExtensions`), so that asking cannot fail.
 */
export class ExtensionBlock<P extends ExtensionPlace> {
  readonly place: P;
  readonly entries: readonly RawExtension[];
  /** Places in `entries` by type; absent where they are few, which are faster looked through than a map is made. */
  readonly #places: ReadonlyMap<number, number> | undefined;
  /** Decoded values at the same places. */
  readonly #values: unknown[] = [];

  private constructor(place: P, entries: readonly RawExtension[]) {
    this.place = place;
    this.entries = entries;
    this.#places = entries.length > few ? new Map(entries.map(({ type }, i) => [type, i])) : undefined;
    const isTwice = this.#places === undefined ? hasTwice(entries) : this.#places.size !== entries.length;
    if (isTwice) {
      const names = entries.map((entry) => registryName(extensionTypes, entry.type));
      throw new InternalError(`expected extensions of different types, got ${names.join(', ')}`);
    }
  }

  /** A block of entries in the order given: `extension(…)` for known ones, `{ type, data }` for opaque ones. */
  static of<P extends ExtensionPlace>(place: P, entries: readonly RawExtension[]): ExtensionBlock<P> {
    return new ExtensionBlock(place, entries);
  }

  /** The decoded extension, `undefined` if the message lacks it. Only extensions that may stand in the message can be asked for. */
  get<C extends ExtensionCodecs & Readonly<Record<P, Codec<unknown>>>>(
    definition: ExtensionDefinition<C>,
  ): CodecValue<C[P]> | undefined {
    const at = this.#placeOf(definition.type);
    if (at < 0) return undefined;
    const known = this.#values[at];
    if (known !== undefined) return known as CodecValue<C[P]>;
    const path = `${messageNames[this.place]}.extensions.${definition.name}`;
    const value = decode(definition.codecs[this.place], this.entries[at]!.data, path);
    while (this.#values.length < at) this.#values.push(undefined);
    this.#values[at] = value;
    return value as CodecValue<C[P]>;
  }

  has(extension: { readonly type: number }): boolean {
    return this.#placeOf(extension.type) >= 0;
  }

  /** The extension's bytes, without type and length. */
  raw(extension: { readonly type: number }): Uint8Array | undefined {
    return this.entries[this.#placeOf(extension.type)]?.data;
  }

  /** The block with `entry` in the place of the one of its type, or else at the end. */
  with(entry: RawExtension): ExtensionBlock<P> {
    return new ExtensionBlock(
      this.place,
      this.has(entry)
        ? this.entries.map((each) => (each.type === entry.type ? entry : each))
        : [...this.entries, entry],
    );
  }

  /** The block without the extension of this type. */
  without(extension: { readonly type: number }): ExtensionBlock<P> {
    return new ExtensionBlock(
      this.place,
      this.entries.filter((each) => each.type !== extension.type),
    );
  }

  /** -1: it lacks it. */
  #placeOf(type: number): number {
    if (this.#places !== undefined) return this.#places.get(type) ?? -1;
    for (let i = 0; i < this.entries.length; i++) if (this.entries[i]!.type === type) return i;
    return -1;
  }
}

function hasTwice(entries: readonly RawExtension[]): boolean {
  for (let i = 1; i < entries.length; i++)
    for (let k = 0; k < i; k++) if (entries[i]!.type === entries[k]!.type) return true;
  return false;
}

/** What a hello of a browser has; a peer that sends more must not make us look through them again and again. */
export const few = 24;
