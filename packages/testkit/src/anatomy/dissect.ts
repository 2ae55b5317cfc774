import { registryName } from '@sealwire/core';
import {
  type ExtensionPlace,
  handshakeTypes,
  knownExtensions,
  registries,
  type Shape,
  type UintShape,
} from '@sealwire/core/codecs';
import { hexOf } from '../bytes.ts';
import type { Part } from './part.ts';
import { isRetry, shapeOfBody, type Structures, tls13Structures } from './structures.ts';

/**
 * A handshake message, header included, taken apart as the codecs of its structure say (RFC 9846 §4). Never throws:
 * what does not have its structure is a part with a `problem`, so that broken messages can be looked at too. Of which
 * version they are, the messages do not say: `structures`, by default TLS 1.3.
 */
export function dissect(message: Uint8Array, structures: Structures = tls13Structures): Part {
  const cursor = new Cursor(message);
  const type = cursor.leaf('msg_type', 'msg_type', 1, { is: 'uint', bytes: 1, registry: 'HandshakeType' });
  if (type === undefined) return whole('handshake message', message, cursor.rest('', undefined, 'no type'));
  const number = type.content[0]!;
  const length = cursor.leaf('length', 'length', 3, undefined);
  if (length === undefined) {
    return whole('handshake message', message, [type, ...cursor.rest('', undefined, 'no length')]);
  }
  const announced = numberIn(length.content);
  const parts: Part[] = [type, { ...length, meaning: announced === 1 ? '1 byte' : `${announced} bytes` }];
  const shape = shapeOfBody(number, message.subarray(4), structures);
  if (announced !== message.length - 4) {
    parts.push(...cursor.rest('', shape, `${message.length - 4} bytes where ${announced} were announced`));
  } else if (shape === undefined) {
    parts.push(...cursor.rest('body', shape));
  } else {
    parts.push(...cursor.fields(shape, ''));
  }
  return whole(nameOfMessage(message), message, parts);
}

/** What a handshake message is called: `hello_retry_request` too, which has the type of server_hello (RFC 9846 §4.2.4). */
export function nameOfMessage(message: Uint8Array): string {
  const type = message[0] ?? 0;
  return type === handshakeTypes.server_hello && isRetry(message.subarray(4))
    ? 'hello_retry_request'
    : registryName(handshakeTypes, type);
}

/** Bytes that should have the structure `shape`; see `dissect`. */
export function dissectAs(name: string, shape: Shape, bytes: Uint8Array): Part {
  return whole(name, bytes, new Cursor(bytes).fields(shape, ''));
}

/** Reads a region from its beginning to its end; `base` is where it stands in the message. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #base: number;
  #at = 0;

  constructor(bytes: Uint8Array, base = 0) {
    this.#bytes = bytes;
    this.#base = base;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** What the region holds if it looks like `shape`, and whatever is left over. */
  fields(shape: Shape, path: string): Part[] {
    const parts = this.#inner('value', shape, path);
    return [...parts, ...this.#leftOver(path, parts)];
  }

  /** What the parts of a region do not cover. */
  #leftOver(path: string, parts: readonly Part[]): Part[] {
    const isBroken = parts.at(-1)?.problem !== undefined;
    return this.rest(path, undefined, isBroken ? 'after the problem' : 'bytes too many');
  }

  /** A part without structure; `undefined` if fewer bytes are left. */
  leaf(name: string, path: string, length: number, shape: Shape | undefined): Part | undefined {
    if (this.remaining < length) return undefined;
    return this.#part(name, path, shape, 0, this.#take(length));
  }

  /** Everything that is left, as one part; none if nothing is left. */
  rest(path: string, shape: Shape | undefined, problem?: string): Part[] {
    if (this.remaining === 0) return [];
    const part = this.#part('rest', joined(path, 'rest'), shape, 0, this.#take(this.remaining));
    return [problem === undefined ? part : { ...part, problem, meaning: problem }];
  }

  /** The parts that `shape` is made of: those of a structure stand in the region itself. */
  #inner(name: string, shape: Shape, path: string): Part[] {
    switch (shape.is) {
      case 'struct':
        return this.#sequence(shape.fields, path);
      case 'select': {
        const [tag] = this.#one(shape.tagName, joined(path, shape.tagName), shape.tag);
        if (tag === undefined || tag.problem !== undefined) return tag === undefined ? [] : [tag];
        const chosen = shape.cases[numberIn(tag.content)] ?? shape.otherwise;
        if (chosen === undefined) {
          return [{ ...tag, problem: 'no such case' }, ...this.rest(path, undefined, 'of no known case')];
        }
        return [tag, ...this.#one(chosen[0], joined(path, chosen[0]), chosen[1])];
      }
      case 'optional':
        return this.remaining === 0 ? [] : this.#inner(name, shape.shape, path);
      default:
        return this.#one(name, joined(path, name), shape);
    }
  }

  #sequence(fields: readonly (readonly [string, Shape])[], path: string): Part[] {
    const parts: Part[] = [];
    for (const [name, shape] of fields) {
      parts.push(...this.#one(name, joined(path, name), shape));
      if (parts.at(-1)?.problem !== undefined) break;
    }
    return parts;
  }

  /** One field; none where it is optional and absent. */
  #one(name: string, path: string, shape: Shape): Part[] {
    switch (shape.is) {
      case 'uint':
        return this.#sized(name, path, shape, shape.bytes, (content) => numberMeaning(shape, content));
      case 'fixed':
        return this.#sized(name, path, shape, shape.bytes, () => undefined);
      case 'rest':
        return [this.#part(name, path, shape, 0, this.#take(this.remaining))];
      case 'opaque':
        return this.#prefixed(name, path, shape, shape.lengthBytes, (part) => ({
          ...part,
          meaning: shape.content === undefined ? undefined : quoted(part.content),
        }));
      case 'vector':
        return this.#prefixed(name, path, shape, shape.lengthBytes, (part, inside) => {
          const parts = inside.#items(path, shape.item);
          return { ...part, parts: [...parts, ...inside.#leftOver(path, parts)] };
        });
      case 'items': {
        const start = this.#at;
        const parts = this.#items(path, shape.item);
        const part = this.#part(name, path, shape, 0, this.#bytes.subarray(start, this.#at), start);
        return [withProblemOf({ ...part, parts })];
      }
      case 'extensions':
        return this.#prefixed(name, path, shape, 2, (part, inside) => {
          const parts: Part[] = [];
          while (inside.remaining > 0 && parts.at(-1)?.problem === undefined) {
            parts.push(inside.#extension(path, shape.place));
          }
          return { ...part, parts: [...parts, ...inside.#leftOver(path, parts)] };
        });
      case 'optional':
        return this.remaining === 0 ? [] : this.#one(name, path, shape.shape);
      case 'struct':
      case 'select': {
        const start = this.#at;
        const parts = this.#inner(name, shape, path);
        const part = this.#part(name, path, shape, 0, this.#bytes.subarray(start, this.#at), start);
        return [withProblemOf({ ...part, parts })];
      }
      case 'variants':
        return this.rest(path, shape, 'one of several structures');
    }
  }

  /** Items up to the end of the region, or to one that is broken. */
  #items(path: string, shape: Shape): Part[] {
    const parts: Part[] = [];
    while (this.remaining > 0 && parts.at(-1)?.problem === undefined) {
      const item = `[${parts.length}]`;
      parts.push(...this.#one(item, `${path}${item}`, shape));
    }
    return parts;
  }

  #sized(
    name: string,
    path: string,
    shape: Shape,
    length: number,
    meaning: (content: Uint8Array) => string | undefined,
  ): Part[] {
    const part = this.leaf(name, path, length, shape);
    if (part === undefined) return [this.#missing(name, path, shape, `needs ${length} bytes`)];
    return [{ ...part, meaning: meaning(part.content) }];
  }

  #prefixed(
    name: string,
    path: string,
    shape: Shape,
    lengthBytes: 1 | 2 | 3,
    read: (part: Part, inside: Cursor) => Part,
  ): Part[] {
    const start = this.#at;
    const length =
      this.remaining < lengthBytes ? Number.NaN : numberIn(this.#bytes.subarray(start, start + lengthBytes));
    if (!(lengthBytes + length <= this.remaining)) {
      const short = Number.isNaN(length) ? `no length of ${lengthBytes} bytes` : `${length} bytes announced`;
      return [this.#missing(name, path, shape, `${short}, ${this.remaining} bytes left`)];
    }
    this.#at += lengthBytes;
    const inside = new Cursor(this.#bytes.subarray(this.#at, this.#at + length), this.#base + this.#at);
    const content = this.#take(length);
    const part = this.#part(name, path, shape, lengthBytes, content, start);
    return [withProblemOf(withBounds(read(part, inside)))];
  }

  #extension(path: string, place: string | undefined): Part {
    const start = this.#at;
    const shape = { is: 'uint', bytes: 2, registry: 'ExtensionType' } as const;
    const [type] = this.#one('extension_type', '', shape);
    const name = type?.meaning ?? 'extension';
    const own = joined(path, name);
    const parts: Part[] = type === undefined ? [] : [{ ...type, path: joined(own, 'extension_type') }];
    if (type?.problem === undefined && type !== undefined) {
      const definition = knownExtensions.find((each) => each.type === numberIn(type.content));
      const codec = place === undefined ? undefined : definition?.codecs[place as ExtensionPlace];
      const data = { is: 'opaque', lengthBytes: 2, min: 0, max: 0xffff } as const;
      parts.push(
        ...this.#prefixed('extension_data', joined(own, 'extension_data'), data, 2, (part, inside) => ({
          ...part,
          parts: codec === undefined ? [] : inside.fields(codec.shape, own),
        })),
      );
    }
    const part = this.#part(name, own, undefined, 0, this.#bytes.subarray(start, this.#at), start);
    return withProblemOf({ ...part, parts });
  }

  #missing(name: string, path: string, shape: Shape, problem: string): Part {
    const part = this.#part(name, path, shape, 0, this.#take(this.remaining));
    return { ...part, problem, meaning: problem };
  }

  #part(
    name: string,
    path: string,
    shape: Shape | undefined,
    lengthBytes: Part['lengthBytes'],
    content: Uint8Array,
    start = this.#at - content.length,
  ): Part {
    const meaning = shape?.is === 'uint' ? numberMeaning(shape, content) : undefined;
    return { name, path, offset: this.#base + start, lengthBytes, content, parts: [], meaning, shape };
  }

  #take(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Bounds of the RFC; the structure inside may be well-formed all the same. */
function withBounds(part: Part): Part {
  const { shape, content } = part;
  if (shape === undefined || !('min' in shape) || part.problem !== undefined) return part;
  if (content.length >= shape.min && content.length <= shape.max) return part;
  const problem = `${content.length} bytes, allowed are ${shape.min} to ${shape.max}`;
  return { ...part, problem, meaning: problem };
}

/** A part whose last part is broken is broken itself, and what follows it cannot be found. */
function withProblemOf(part: Part): Part {
  const problem = part.parts.at(-1)?.problem;
  return problem === undefined || part.problem !== undefined ? part : { ...part, problem };
}

function whole(name: string, content: Uint8Array, parts: readonly Part[]): Part {
  const part: Part = {
    name,
    path: '',
    offset: 0,
    lengthBytes: 0,
    content,
    parts,
    meaning: undefined,
    shape: undefined,
  };
  return withProblemOf(part);
}

/** A number as its registry calls it, GREASE as such (RFC 8701 §2), others in decimal. */
function numberMeaning({ registry, values }: UintShape, content: Uint8Array): string {
  const number = numberIn(content);
  const table = registry === undefined ? undefined : registries[registry];
  if (table === undefined) return `${number}`;
  if (values !== undefined && !values.includes(number)) return `${number}`;
  const isGrease = content.length === 2 && (number & 0x0f0f) === 0x0a0a && content[0] === content[1];
  return isGrease ? `GREASE 0x${hexOf(content)}` : registryName(table, number);
}

export function numberIn(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

function quoted(bytes: Uint8Array): string {
  return JSON.stringify(String.fromCharCode(...bytes));
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
