import { readdirSync, readFileSync } from 'node:fs';

/** One row of the tables beside this file, `rfc5280.md` and the others. */
export interface Row {
  /** Section and title: the name of the test. */
  readonly test: string;
  /** A `VerifyCode` or an `X509ErrorCode`; `accepted` where this is allowed. */
  readonly code: string;
  /** The rule, in one sentence. */
  readonly clause: string;
}

/** All rows of all tables. A line that is neither heading, prose nor a whole row throws. */
export function readTable(): readonly Row[] {
  return readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.endsWith('.md'))
    .flatMap(rowsOf);
}

function rowsOf(file: string): Row[] {
  const rows: Row[] = [];
  let section = '';
  for (const line of readFileSync(new URL(file, import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3).split(': ')[0]!;
    if (!line.startsWith('|') || line.startsWith('| test |') || line.startsWith('|---')) continue;
    const [title, code, clause, ...rest] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    const isWhole = section && title && code && clause && rest.length === 0;
    if (!isWhole) throw new Error(`not a row of three cells below a section: ${line}`);
    rows.push({ test: `${section}: ${title}`, code, clause });
  }
  return rows;
}
