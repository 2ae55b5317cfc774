import { appendFileSync } from 'node:fs';
import { fileProblem } from '../files.ts';

/**
 * A listener that appends lines of a key log (RFC 9850) to a file, which its owner alone can read. Each line is written
 * at once: a capture is worth nothing without the last.
 */
export function keyLogInto(path: string): (line: string) => void {
  const append = (text: string) => appendFileSync(path, text, { mode: 0o600 });
  try {
    append('');
  } catch (error) {
    throw fileProblem(error, 'write', path);
  }
  return (line) => append(`${line}\n`);
}
