import { readdirSync, readFileSync } from 'node:fs';

/** One row of the tables beside this file, `rfc9846.md` and the others. */
export interface Row {
  /** `RFC 9846 §4.2.3`. */
  readonly section: string;
  /** Section and title: the name of the test. */
  readonly test: string;
  /** Who is attacked. */
  readonly victim: 'client' | 'server' | 'both';
  /** The `ErrorCode`; `accepted` where the peer may do this and nothing may come of it. */
  readonly code: string;
  /** The alert on the wire; `none` where nothing is sent. */
  readonly alert: string;
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
    if (!line.startsWith('| ') || line.startsWith('| test |')) continue;
    const [title, victim, code, alert, clause, ...rest] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    const isWhole = title && isVictim(victim) && code && alert && clause && rest.length === 0;
    if (!isWhole) throw new Error(`not a row of five cells: ${line}`);
    rows.push({ section, test: `${section}: ${title}`, victim, code, alert, clause });
  }
  return rows;
}

function isVictim(text: string | undefined): text is Row['victim'] {
  return text === 'client' || text === 'server' || text === 'both';
}
