/**
 * What the bytes of a codec look like: the presentation language of RFC 9846 §3 as a value. Combinators derive it,
 * so that tools (printers, generators of test data, editors of single fields) need no second description. Nothing
 * in the protocol reads it.
 */
export type Shape =
  | UintShape
  /** `opaque name[bytes]`; `value`: the only content it may have. */
  | { readonly is: 'fixed'; readonly bytes: number; readonly value?: Uint8Array }
  /** `opaque name<min..max>`; bounds count bytes. `content`: characters that it is made of, one a byte. */
  | ({ readonly is: 'opaque'; readonly content?: 'visibleAscii' | 'latin1' } & LengthPrefix)
  /** `Item name<min..max>`; bounds count bytes, `items` counts items. */
  | ({
      readonly is: 'vector';
      readonly item: Shape;
      readonly items?: number;
      /** No two items have the same tag. */
      readonly distinct?: true;
    } & LengthPrefix)
  | { readonly is: 'struct'; readonly fields: readonly NamedShape[] }
  /** Items up to the end of the enclosing structure. */
  | { readonly is: 'items'; readonly item: Shape }
  /** Everything up to the end of the enclosing structure. */
  | { readonly is: 'rest' }
  /** Absent where the enclosing structure ends. */
  | { readonly is: 'optional'; readonly shape: Shape }
  /** `select (tag) { … }` with the tag in front. Tags without a case are refused unless there is `otherwise`. */
  | {
      readonly is: 'select';
      readonly tagName: string;
      readonly tag: UintShape;
      readonly cases: Readonly<Record<number, NamedShape>>;
      readonly otherwise?: NamedShape;
    }
  /**
   * `Extension extensions<…>` with its 2-byte length. `place`: the message, as RFC 9846 §4.3 abbreviates it;
   * `undefined` where extensions are taken as they come.
   */
  | {
      readonly is: 'extensions';
      readonly place: string | undefined;
      /** Types without which the structure is another one. */
      readonly requires?: readonly number[];
    }
  /** One of several structures; the decoded value's `type` says which. */
  | { readonly is: 'variants'; readonly variants: Readonly<Record<string, Shape>> };

export interface UintShape {
  readonly is: 'uint';
  readonly bytes: 1 | 2 | 3 | 4;
  /** The IANA registry that names its values, such as `NamedGroup`. */
  readonly registry?: string;
  /** All values that are allowed; absent: any. */
  readonly values?: readonly number[];
}

export interface LengthPrefix {
  readonly lengthBytes: 1 | 2 | 3;
  readonly min: number;
  readonly max: number;
}

/** A field: its name in RFC spelling, and its shape. */
export type NamedShape = readonly [name: string, shape: Shape];

/** `legacy_session_id` for `legacySessionId`. */
export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
