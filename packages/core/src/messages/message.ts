import type { Codec } from '../wire/codec.ts';

/** A message's body as a value that says which message it is; the tag is not on the wire. */
export function message<const Type extends string, Fields extends object>(
  type: Type,
  fields: Codec<Fields>,
): Codec<{ readonly type: Type } & Fields> {
  return {
    read: (reader) => ({ type, ...fields.read(reader) }),
    write: (writer, value) => fields.write(writer, value),
    get shape() {
      return fields.shape;
    },
  };
}
