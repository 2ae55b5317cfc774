/** DER of an unsigned INTEGER, of its bytes; up to 65,535 bytes in all, as everything here. */
export function integer(number: Uint8Array): Uint8Array {
  return element(0x02, (number[0] as number) >= 0x80 ? Uint8Array.of(0, ...number) : number);
}

export function sequence(parts: readonly Uint8Array[]): Uint8Array {
  return element(0x30, Buffer.concat(parts));
}

function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
}
