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
  readonly #byType: ReadonlyMap<number, RawExtension>;
  readonly #values = new Map<number, unknown>();

  private constructor(place: P, entries: readonly RawExtension[]) {
    this.place = place;
    this.entries = entries;
    this.#byType = new Map(entries.map((entry) => [entry.type, entry]));
    if (this.#byType.size !== entries.length) {
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
    const entry = this.#byType.get(definition.type);
    if (entry === undefined) return undefined;
    if (!this.#values.has(entry.type)) {
      const path = `${messageNames[this.place]}.extensions.${definition.name}`;
      this.#values.set(entry.type, decode(definition.codecs[this.place], entry.data, path));
    }
    return this.#values.get(entry.type) as CodecValue<C[P]>;
  }

  has(extension: { readonly type: number }): boolean {
    return this.#byType.has(extension.type);
  }

  /** The extension's bytes, without type and length. */
  raw(extension: { readonly type: number }): Uint8Array | undefined {
    return this.#byType.get(extension.type)?.data;
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
}
