import { tags } from './reader.ts';

/** DER starts with SEQUENCE (0x30, the character `0`), PEM with text around or with a dash. */
export function looksLikeDer(bytes: Uint8Array): boolean {
  return (
    bytes[0] === tags.sequence &&
    bytes[1] !== undefined &&
    (bytes[1] >= 0x80 || bytes.length === bytes[1] + 2)
  );
}
