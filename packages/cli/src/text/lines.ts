import type { TerminalOutput } from '../host.ts';
import { printable } from './printable.ts';

/** Lines for people: nothing in them can do anything to a terminal. */
export class Lines {
  readonly #stream: TerminalOutput;

  constructor(stream: TerminalOutput) {
    this.#stream = stream;
  }

  line(text = ''): void {
    this.#stream.write(`${printable(text)}\n`);
  }

  /** Rows of a name and a value, the values under each other. Without a value: left out. */
  rows(rows: readonly (readonly [name: string, value: string | undefined])[], indent = ''): void {
    const shown = rows.filter(([, value]) => value !== undefined);
    const width = Math.max(0, ...shown.map(([name]) => name.length));
    for (const [name, value] of shown) this.line(`${indent}${`${name}:`.padEnd(width + 2)}${value}`);
  }
}

/** Columns as wide as what stands in them; the last is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
