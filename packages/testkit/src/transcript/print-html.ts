import type { OpenedRecord } from './open-records.ts';
import { hexLines, type PrintOptions } from './print-text.ts';
import { type RecordRows, type Row, rowsOfRecords } from './rows.ts';

/**
 * The same as `printTranscript`, as one page that needs nothing else: no script, no font, no picture. Each record can
 * be folded. **What it shows of a real connection is secret.**
 */
export function printTranscriptHtml(
  records: readonly OpenedRecord[],
  options: PrintOptions & { readonly title?: string; readonly introduction?: string } = {},
): string {
  const { title = 'Transcript of a TLS connection', introduction = '' } = options;
  const body = rowsOfRecords(records).map((each) => recordHtml(each, options));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${style}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${introduction === '' ? '' : `<p>${escaped(introduction)}</p>\n`}${body.join('\n')}
</body>
</html>
`;
}

function recordHtml({ record, title, header, contents }: RecordRows, options: PrintOptions): string {
  const names = contents.map((content) => content.title).join('; ');
  return [
    `<details open class="${record.from}${record.isProtected ? ' sealed' : ''}">`,
    `<summary>${escaped(title)} <b>${escaped(names)}</b></summary>`,
    table(header, options),
    ...contents.map((content) => `<h2>${escaped(content.title)}</h2>\n${table(content.rows, options)}`),
    '</details>',
  ].join('\n');
}

function table(rows: readonly Row[], options: PrintOptions): string {
  return `<table>\n${rows.map((row) => rowHtml(row, options)).join('\n')}\n</table>`;
}

function rowHtml({ offset, bytes, name, meaning, depth }: Row, options: PrintOptions): string {
  const hex = hexLines(bytes, options).map(escaped).join('<br>');
  const indent = depth === 0 ? '' : ` style="padding-left:${depth * 1.2}em"`;
  const position = offset.toString(16).padStart(4, '0');
  return `<tr><td>${position}</td><td>${hex}</td><td${indent}>${escaped(name)}</td><td>${escaped(meaning)}</td></tr>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const style = `:root { color-scheme: light dark; }
body { font: 15px/1.4 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
details { border-left: 0.4rem solid #2a6fb0; margin: 0 0 1rem; padding: 0 0 0 1rem; }
details.server { border-color: #b0632a; margin-left: 2rem; }
summary { cursor: pointer; padding: 0.3rem 0; }
h2 { font-size: 1rem; margin: 0.8rem 0 0.2rem; }
table { border-collapse: collapse; }
td { vertical-align: top; padding: 0.05rem 0.8rem 0.05rem 0; }
td:nth-child(1), td:nth-child(2) { font: 13px/1.5 ui-monospace, monospace; white-space: nowrap; }
td:nth-child(1) { opacity: 0.6; }
tr:hover { background: #8883; }`;
