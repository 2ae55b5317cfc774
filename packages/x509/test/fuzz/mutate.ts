/** Damage to DER, by octets and by elements, from a seed alone. */

export interface Random {
  /** A whole number from 0 to `below` - 1. */
  next(below: number): number;
}

/** Small, fast, and the same everywhere; for tests. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return {
    next(below) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    },
  };
}

/**
 * One to four changes to `der`: half of them to its octets, half to its elements, with the lengths around them put right, so that
 * what is inside is reached. `other` is where elements are taken from that do not belong there.
 */
export function mutate(der: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let changed = der;
  for (let left = 1 + random.next(4); left > 0; left--) {
    changed = random.next(2) === 0 ? changedOctets(changed, random) : changedElements(changed, other, random);
  }
  return changed;
}

function changedOctets(der: Uint8Array, random: Random): Uint8Array {
  const octets = [...der];
  const at = random.next(octets.length + 1);
  const length = 1 + random.next(40);
  switch (random.next(5)) {
    case 0:
      octets[at] = interesting[random.next(interesting.length)]!;
      break;
    case 1:
      octets[at] = (octets[at] ?? 0) ^ (1 << random.next(8));
      break;
    case 2:
      octets.splice(at, length);
      break;
    case 3:
      octets.splice(at, 0, ...octets.slice(at, at + length));
      break;
    default:
      octets.splice(at, 0, random.next(256));
  }
  return Uint8Array.from(octets);
}

interface Element {
  tag: number;
  /** What stands where the length belongs, if it is to be wrong. */
  length?: readonly number[];
  content: Uint8Array | Element[];
}

function changedElements(der: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const roots = elementsOf(der, 0);
  if (roots === undefined || roots.length === 0) return changedOctets(der, random);
  const lists: Element[][] = [];
  collect(roots, lists);
  const list = lists[random.next(lists.length)]!;
  const at = random.next(list.length);
  const element = list[at]!;
  switch (random.next(9)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(at, 0, ...new Array<Element>(1 << random.next(7)).fill(element));
      break;
    case 2:
      element.tag = interesting[random.next(interesting.length)]!;
      break;
    case 3:
      element.tag ^= 1 << random.next(8);
      break;
    case 4:
      element.content = random.next(2) === 0 ? new Uint8Array() : filled(random);
      break;
    case 5:
      element.length = badLengths[random.next(badLengths.length)]!;
      break;
    case 6:
      list.reverse();
      break;
    case 7: {
      // An element from elsewhere.
      const foreign: Element[][] = [];
      collect(elementsOf(other, 0) ?? [], foreign);
      const from = foreign[random.next(Math.max(1, foreign.length))];
      if (from !== undefined) list[at] = from[random.next(from.length)]!;
      break;
    }
    default: {
      // Deeper and deeper.
      let nested = element;
      for (let depth = 1 << random.next(6); depth > 0; depth--)
        nested = { tag: element.tag | 0x20, content: [nested] };
      list[at] = nested;
    }
  }
  return encoded(roots);
}

/** The elements that fill `bytes`; `undefined` when they do not. Octet and bit strings are looked into as well. */
function elementsOf(bytes: Uint8Array, depth: number): Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    const first = bytes[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x83) return undefined;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    let length = octets === 0 ? first : 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
    const start = at + 2 + octets;
    if (start + length > bytes.length) return undefined;
    const content = bytes.subarray(start, start + length);
    const looksInside = (tag & 0x20) !== 0 || tag === 0x04;
    const inside = looksInside && length > 1 && depth < 40 ? elementsOf(content, depth + 1) : undefined;
    elements.push({ tag, content: inside ?? content });
    at = start + length;
  }
  return elements;
}

function collect(elements: Element[], lists: Element[][]): void {
  if (elements.length > 0) lists.push(elements);
  for (const { content } of elements) if (Array.isArray(content)) collect(content, lists);
}

function encoded(elements: readonly Element[]): Uint8Array {
  const pieces = elements.map(({ tag, length, content }) => {
    const inside = Array.isArray(content) ? encoded(content) : content;
    const size = [inside.length >> 16, (inside.length >> 8) & 0xff, inside.length & 0xff];
    const right =
      inside.length < 0x80
        ? [inside.length]
        : inside.length < 0x100
          ? [0x81, inside.length]
          : inside.length < 0x1_0000
            ? [0x82, ...size.slice(1)]
            : [0x83, ...size];
    return Buffer.concat([Uint8Array.of(tag, ...(length ?? right)), inside]);
  });
  // What is doubled again and again must end somewhere.
  return Uint8Array.from(Buffer.concat(pieces).subarray(0, 300_000));
}

function filled(random: Random): Uint8Array {
  return new Uint8Array(1 << random.next(12)).fill(random.next(256));
}

const interesting = [
  ...[0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x1f],
  ...[
    0x30, 0x31, 0x3f, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xbf,
    0xff,
  ],
];

const badLengths = [
  [0x80],
  [0x81, 0x01],
  [0x82, 0x00, 0xff],
  [0x84, 0xff, 0xff, 0xff, 0xff],
  [0x85, 0, 0, 0, 0, 1],
  [0x7f],
  [0],
];
