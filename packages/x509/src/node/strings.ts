import { tags } from '../der/reader.ts';
import { decodeString, latin1 } from '../der/strings.ts';
import { encode } from './encode.ts';

/** Values of names as OpenSSL turns them into text, escapes them and dumps them. */

/** The characters of a value; `undefined` for one that is no character string. Bytes beyond ASCII are Latin-1 where there is one octet for each. */
export function charactersOf(tag: number, content: Uint8Array): string | undefined {
  if (octetStrings.has(tag)) return latin1(content);
  return decodeString(tag, content);
}

/** The bytes of a value that is no character string, each as a character: what OpenSSL prints where it is not told to dump. */
export function bytesAsCharacters(tag: number, content: Uint8Array): string {
  // OpenSSL keeps a BIT STRING without the octet that counts the unused bits, and a SEQUENCE with its header.
  return latin1(tag === tags.bitString ? content.subarray(1) : encode(tag, content));
}

/** `#` and the DER of a value in hexadecimal (RFC 4514 §2.4). */
export function dump(tag: number, content: Uint8Array): string {
  return `#${upperHex(encode(tag, content))}`;
}

/** RFC 4514 §2.4: what would be taken for something else is escaped; with `control`, control characters too. */
export function escapeValue(text: string, { control }: { readonly control: boolean }): string {
  let escaped = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    const code = character.charCodeAt(0);
    const isLast = i === text.length - 1;
    const isEdge = isLast ? character === ' ' : i === 0 && (character === ' ' || character === '#');
    if (isEdge || '"+,;<>\\'.includes(character)) escaped += `\\${character}`;
    else if (control && (code < 0x20 || code === 0x7f)) escaped += `\\${upperHex(Uint8Array.of(code))}`;
    else escaped += character;
  }
  return escaped;
}

/** UTF-8 as V8 reads it: what is none becomes U+FFFD, one for each longest piece that could have begun a character. */
export function lossyUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i]!;
    const more =
      first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    let point = more <= 0 ? first : first & (0x3f >> more);
    let read = 0;
    while (read < more) {
      const next = bytes[i + 1 + read] ?? 0;
      const lowest = read > 0 ? 0x80 : first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
      const highest = read > 0 ? 0xbf : first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      if (next < lowest || next > highest) break;
      point = (point << 6) | (next & 0x3f);
      read++;
    }
    text += read === more ? String.fromCodePoint(point) : '\ufffd';
    i += 1 + read;
  }
  return text;
}

export function upperHex(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += (octet + 0x100).toString(16).slice(1).toUpperCase();
  return text;
}

const octetStrings: ReadonlySet<number> = /* @__PURE__ */ new Set([
  tags.numericString,
  tags.printableString,
  tags.teletexString,
  tags.ia5String,
]);
