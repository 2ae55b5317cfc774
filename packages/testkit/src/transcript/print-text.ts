import { hexOf } from '../bytes.ts';
import type { OpenedRecord } from './open-records.ts';
import { type Row, rowsOfRecords } from './rows.ts';

export interface PrintOptions {
  /** How many bytes of one field are shown; what is left is counted. Default: all. */
  readonly maxBytesPerField?: number;
}

/**
 * Annotated hex of a whole connection: for every field its offset, bytes, name and meaning, as the codecs of its
 * message say. **What it shows of a real connection is secret.**
 */
export function printTranscript(records: readonly OpenedRecord[], options: PrintOptions = {}): string {
  const lines: string[] = [];
  for (const { title, header, contents } of rowsOfRecords(records)) {
    lines.push(title, '='.repeat(title.length));
    for (const row of header) lines.push(...linesOf(row, options));
    for (const content of contents) {
      lines.push('', `  ${content.title}`);
      for (const row of content.rows) lines.push(...linesOf(row, options));
    }
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The bytes as lines of hex, cut where the options say. */
export function hexLines(
  bytes: Uint8Array,
  { maxBytesPerField = Number.POSITIVE_INFINITY }: PrintOptions,
): string[] {
  const shown = bytes.subarray(0, maxBytesPerField);
  const lines = [...hexOf(shown).matchAll(/.{1,32}/g)].map(([line]) => line.replace(/..(?=.)/g, '$& '));
  const hidden = bytes.length - shown.length;
  return hidden > 0 ? [...lines, `… ${hidden} more bytes`] : lines;
}

function linesOf({ offset, bytes, name, meaning, depth }: Row, options: PrintOptions): string[] {
  const [first = '', ...more] = hexLines(bytes, options);
  const indent = '  '.repeat(depth);
  const label = [name, meaning].filter((text) => text !== '').join(name === '' ? '' : ': ');
  return [
    `  ${offset.toString(16).padStart(4, '0')}  ${first.padEnd(hexColumns)}  ${indent}${label}`.trimEnd(),
    ...more.map((line, i) =>
      `  ${(offset + 16 * (i + 1)).toString(16).padStart(4, '0')}  ${line}`.replace(
        /^ {2}\w+(?= {2}…)/,
        '      ',
      ),
    ),
  ];
}

const hexColumns = 16 * 3 - 1;
