import type { Shape } from '@sealwire/core/codecs';

/** One part of a message: a field, an item of a list, an extension. */
export interface Part {
  /** RFC spelling, such as `legacy_session_id`; items of a list are `[0]`, `[1]`, … */
  readonly name: string;
  /** From the message's body down: `cipher_suites[1]`, `extensions.key_share.value[0].group`; empty for the whole message. */
  readonly path: string;
  /** Where it begins in the message, its length prefix included. */
  readonly offset: number;
  /** Bytes of the length prefix in front of the content; 0 without one. */
  readonly lengthBytes: 0 | 1 | 2 | 3;
  /** What stands after the length prefix; a view of the message. */
  readonly content: Uint8Array;
  /** What the content is made of; empty for a leaf. Together they are the whole content. */
  readonly parts: readonly Part[];
  /** For people: the name of a number, a text in quotes, a problem. */
  readonly meaning: string | undefined;
  /** Set where the bytes do not have the structure that they should. */
  readonly problem?: string;
  /** What it should look like; `undefined` for what no description covers. */
  readonly shape: Shape | undefined;
}

/** Bytes of the part with its length prefix. */
export function sizeOf({ lengthBytes, content }: Part): number {
  return lengthBytes + content.length;
}

/** The part and all parts below it, in the order of the wire. */
export function partsOf(part: Part): Part[] {
  return [part, ...part.parts.flatMap(partsOf)];
}

/** The part with this path; `undefined` if there is none. */
export function findPart(root: Part, path: string): Part | undefined {
  if (root.path === path) return root;
  for (const part of root.parts) {
    const found = findPart(part, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
