import { handshakeTypes } from '../registry/handshake-types.ts';
import { decode, type Codec } from '../wire/codec.ts';

/** How the messages of one handshake type are decoded in one version. */
export interface MessageDecoder<M extends { readonly type: string }> {
  /** The name of the handshake type. */
  readonly name: string;
  /** The `type`s that a message of this number may turn out to have. */
  readonly names: readonly M['type'][];
  /** Decodes a whole body; throws `TlsError`, mostly `peer.malformedMessage`. Byte fields are views of `body`. */
  decode(body: Uint8Array): M;
}

/** A table by number of the handshake type, from codecs by its name; `namesOf` gives the `type`s of its messages. */
export function messageTable<N extends keyof typeof handshakeTypes, M extends { readonly type: string }>(
  codecs: Readonly<Record<N, Codec<M>>>,
  namesOf: (name: N) => readonly M['type'][],
): ReadonlyMap<number, MessageDecoder<M>> {
  return new Map(
    (Object.entries(codecs) as [N, Codec<M>][]).map(([name, codec]) => [
      handshakeTypes[name],
      { name, names: namesOf(name), decode: (body) => decode(codec, body, name) },
    ]),
  );
}
