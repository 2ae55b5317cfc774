/** Text that grows by lines, with what OpenSSL's own have: hexadecimal values with their lengths, and dumps. */
export class Lines {
  text = '';

  line(indent: number, text: string): void {
    this.text += `${' '.repeat(indent)}${text}\n`;
  }

  /** `name (len=3): 01FF20`. */
  hex(indent: number, name: string, bytes: Uint8Array): void {
    this.line(indent, `${name} (len=${bytes.length}): ${hexOf(bytes)}`);
  }

  /** Rows of up to 16 bytes, fewer the further in they stand, and their characters beside them. */
  dump(indent: number, bytes: Uint8Array): void {
    const width = 16 - ((Math.max(0, indent - 6) + 3) >> 2);
    for (let at = 0; at < bytes.length; at += width) {
      const row = bytes.subarray(at, at + width);
      let columns = '';
      for (let column = 0; column < width; column++) {
        const byte = row[column];
        if (byte === undefined) columns += '   ';
        else columns += byte.toString(16).padStart(2, '0') + (column === 7 ? '-' : ' ');
      }
      this.line(indent, `${at.toString(16).padStart(4, '0')} - ${columns}  ${visible(row)}`);
    }
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase();
}

/** `0xC02B`'s form in lists of suites: `{0xC0, 0x2B}`. */
export function pairOf(value: number): string {
  return `{0x${hexNumber(value >> 8, 2)}, 0x${hexNumber(value & 0xff, 2)}}`;
}

export function hexNumber(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

function visible(row: Uint8Array): string {
  return [...row].map((byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.')).join('');
}
