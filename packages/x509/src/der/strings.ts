import { tags } from './reader.ts';

/**
 * The character strings of X.509 as text; `undefined` where the octets are none of their type.
 * (No TextDecoder: the language alone does not have it.)
 */
export function decodeString(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case tags.utf8String:
      return decodeUtf8(content);
    case tags.printableString:
    case tags.numericString:
    case tags.ia5String:
      return content.every((octet) => octet < 0x80) ? latin1(content) : undefined;
    case tags.teletexString:
      // T.61 in name and ISO 8859-1 in practice, as every implementation reads it.
      return latin1(content);
    case tags.bmpString:
      return content.length % 2 === 0 ? codeUnits(content, 2) : undefined;
    case tags.universalString:
      return content.length % 4 === 0 ? codeUnits(content, 4) : undefined;
    default:
      return undefined;
  }
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || i + more > bytes.length) return undefined;
    let point = first & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const next = bytes[i++]!;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 0x3f);
    }
    // Overlong forms, surrogates and what lies beyond Unicode (RFC 3629 §3).
    if (point < smallestOf[more]! || point > 0x10_ffff || (point >= 0xd800 && point < 0xe000))
      return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x1_0000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else {
      bytes.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 0x3f),
        0x80 | ((point >> 6) & 0x3f),
        0x80 | (point & 0x3f),
      );
    }
  }
  return Uint8Array.from(bytes);
}

/** 16 bits a character, big-endian, pairs of surrogates as they stand in the text. */
export function codeUnitsOf(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) >> 8;
    bytes[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return bytes;
}

/** The inverse, for names that people read: half of a pair becomes U+FFFD. `undefined` for half a character. */
export function textOfCodeUnits(bytes: Uint8Array): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) text += String.fromCharCode((bytes[i]! << 8) | bytes[i + 1]!);
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

function codeUnits(bytes: Uint8Array, size: 2 | 4): string | undefined {
  let text = '';
  for (let i = 0; i < bytes.length; i += size) {
    const low = (bytes[i + size - 2]! << 8) | bytes[i + size - 1]!;
    const point = size === 2 ? low : ((bytes[i]! << 24) | (bytes[i + 1]! << 16) | low) >>> 0;
    // Neither type has surrogates (X.680 §41.15).
    if (point > 0x10_ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

const smallestOf = [0, 0x80, 0x800, 0x1_0000];
