import fc from 'fast-check';

/** Bytes that somebody damages: one to four edits, an octet set, a bit flipped, a piece cut, doubled or put in. */
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'flip', 'cut', 'double', 'insert'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    octet: fc.oneof(fc.constantFrom(0, 1, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xff), fc.nat(255)),
    length: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 4 },
);
type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function mutate(der: Uint8Array, list: Edits): Uint8Array {
  let bytes = [...der];
  for (const { kind, at, octet, length } of list) {
    const i = Math.floor(at * bytes.length);
    if (kind === 'set') bytes[i] = octet;
    else if (kind === 'flip') bytes[i] = (bytes[i] ?? 0) ^ (1 << (octet & 7));
    else if (kind === 'cut') bytes.splice(i, length);
    else if (kind === 'double') bytes = [...bytes.slice(0, i + length), ...bytes.slice(i)];
    else bytes.splice(i, 0, octet);
  }
  return Uint8Array.from(bytes);
}

export const mutantsOf = (samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.constantFrom(...samples), edits).map(([der, list]) => mutate(der, list));

/** An element of the DER, wherever it lies. */
interface Place {
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/**
 * The same by structure: one to three elements get other contents, another tag, move, double or leave, and the lengths around
 * them fit again, so that the damage reaches what a wrong length would hide.
 */
export const restructuredOf = (samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(changes, { minLength: 1, maxLength: 3 }))
    .map(([der, list]) => list.reduce(restructure, der));

const changes = fc.record({
  kind: fc.constantFrom('empty', 'tag', 'drop', 'double', 'number', 'swap', 'nest', 'flip'),
  which: fc.nat(),
  other: fc.nat(),
  octet: fc.nat(255),
});
type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never;

function restructure(der: Uint8Array, { kind, which, other, octet }: Change): Uint8Array {
  const places = placesOf(der, 0, der.length, 0);
  const place = places[which % Math.max(1, places.length)];
  if (place === undefined) return der;
  const whole = der.subarray(place.start, place.end);
  const content = der.subarray(place.contentStart, place.end);
  const second = places[other % places.length]!;
  const replacement = ((): Uint8Array => {
    switch (kind) {
      case 'empty':
        return Uint8Array.of(der[place.start]!, 0);
      case 'tag':
        return Uint8Array.of(octet, ...whole.subarray(1));
      case 'drop':
        return new Uint8Array();
      case 'double':
        return Uint8Array.of(...whole, ...whole);
      case 'number':
        return element(0x02, Uint8Array.of(1 + (octet & 0x7e), ...new Uint8Array(other % 9)));
      case 'swap':
        return der.subarray(second.start, second.end);
      case 'nest':
        return element(0x30, whole);
      default: {
        const flipped = Uint8Array.from(content);
        if (flipped.length > 0) flipped[other % flipped.length]! ^= 1 << (octet & 7);
        return element(der[place.start]!, flipped);
      }
    }
  })();
  return replaced(der, 0, der.length, place, replacement);
}

/** What looks like DER, also inside octet strings: containers hold containers. */
function placesOf(der: Uint8Array, start: number, end: number, depth: number): Place[] {
  const found: Place[] = [];
  for (let at = start; at < end; ) {
    const place = placeAt(der, at, end);
    if (place === undefined) return [];
    found.push(place);
    const isConstructed = (der[at]! & 0x20) !== 0;
    if ((isConstructed || der[at] === 0x04) && depth < 20)
      found.push(...placesOf(der, place.contentStart, place.end, depth + 1));
    at = place.end;
  }
  return found;
}

function placeAt(der: Uint8Array, at: number, end: number): Place | undefined {
  const first = der[at + 1];
  if (first === undefined || at + 2 > end) return undefined;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || octets > 3) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (der[at + 2 + i] ?? 0);
  const contentStart = at + 2 + octets;
  return contentStart + length > end ? undefined : { start: at, contentStart, end: contentStart + length };
}

/** `start` to `end` with the element at `place` replaced, and all lengths around it right. */
function replaced(der: Uint8Array, start: number, end: number, place: Place, by: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = start; at < end; ) {
    const own = placeAt(der, at, end);
    if (own === undefined) return der.slice(start, end);
    if (own.start === place.start && own.end === place.end) pieces.push(by);
    else if (own.contentStart <= place.start && place.end <= own.end)
      pieces.push(element(der[at]!, replaced(der, own.contentStart, own.end, place, by)));
    else pieces.push(der.subarray(at, own.end));
    at = own.end;
  }
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  if (length < 0x80) return Uint8Array.of(tag, length, ...content);
  if (length < 0x100) return Uint8Array.of(tag, 0x81, length, ...content);
  return Uint8Array.of(tag, 0x82, length >> 8, length & 0xff, ...content);
}
