import type { MemoryRow } from './memory.ts';
import type { Row, Verdict } from './targets.ts';

/** Lines for people. */
export function lineOf(row: Row, isLatency: boolean): string {
  const { stack, value, unit, ratio, lowest, highest, cpuRatio } = row;
  const spread = `${ratio.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
  const latency = isLatency ? `  p50 ${ms(row.p50)}, p99 ${ms(row.p99)}, p99.9 ${ms(row.p999)}` : '';
  return (
    `  ${stack.padEnd(32)} ${rounded(value).padStart(8)} ${unit.padEnd(13)} ${spread.padEnd(17)}` +
    ` by processor time ${cpuRatio.toFixed(2)}${latency}`
  );
}

export function verdictLine({ target, wanted, got, isMet }: Verdict): string {
  return `  ${isMet ? 'met   ' : 'MISSED'} ${got.toFixed(2)} (wanted ${wanted})  ${target}`;
}

/** The tables of docs/performance.md. */
export function markdown(
  rows: readonly Row[],
  memory: readonly MemoryRow[],
  verdicts: readonly Verdict[],
): string {
  const lines: string[] = [];
  if (verdicts.length > 0) {
    lines.push('| target | wanted | measured | |', '|---|---|---|---|');
    for (const { target, wanted, got, isMet } of verdicts)
      lines.push(`| ${target} | ${wanted} | ${got.toFixed(2)} | ${isMet ? 'met' : 'missed'} |`);
  }
  if (rows.length > 0) {
    lines.push(
      '',
      '| scenario | stack | result | ratio (spread) | by processor time |',
      '|---|---|---|---|---|',
    );
  }
  let last = '';
  for (const row of rows) {
    const { flavour, scenario, stack, value, unit, ratio, lowest, highest, cpuRatio } = row;
    const name = flavour === 'TLS 1.3' ? scenario : `${flavour}: ${scenario}`;
    const key = `${name}${row.reference}`;
    const latency =
      row.p50 === undefined ? '' : `; p50 ${ms(row.p50)}, p99 ${ms(row.p99)}, p99.9 ${ms(row.p999)}`;
    lines.push(
      `| ${key === last ? '' : name} | ${stack} | ${rounded(value)} ${unit}${latency} ` +
        `| ${ratio.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)}) | ${cpuRatio.toFixed(2)} |`,
    );
    last = key;
  }
  if (memory.length > 0) {
    lines.push(
      '',
      '| idle connection, both ends | RSS | heap and buffers of JavaScript | RSS, of `node:tls` |',
      '|---|---|---|---|',
    );
    for (const { variant, rss, heap } of memory) {
      const ratio = (rss / memory[0]!.rss).toFixed(2);
      lines.push(`| ${variant} | ${rounded(rss)} bytes | ${rounded(heap)} bytes | ${ratio} |`);
    }
  }
  return lines.join('\n');
}

export function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2);
}

function ms(value = 0): string {
  return `${value.toFixed(2)} ms`;
}
