import type { ScenarioFacts } from './facts.ts';
import type { Passed } from './observer.ts';
import type { Style } from './style.ts';
import { trustLines } from './trust.ts';

/** A scenario for people, at most `columns` wide: what passed, what was agreed, what had to be so. */
export function reportOf(facts: ScenarioFacts, style: Style, columns: number): string {
  return [
    ...facts.passed.map((each) => passedLine(each, style, columns)),
    '',
    ...agreed(facts).map(([name, value]) => `  ${style('dim', name.padEnd(12))} ${value}`),
    ...(facts.trust === undefined ? [] : trustLines(facts.trust, style)),
    `  ${facts.checks.map(({ what, holds }) => (holds ? style('green', `✓ ${what}`) : style('red', `✗ ${what}`))).join('  ')}`,
  ].join('\n');
}

function passedLine({ atMs, direction, what, bytes, detail }: Passed, style: Style, columns: number): string {
  const arrow = direction === 'sent' ? style('cyan', '→') : style('magenta', '←');
  const name = what.padEnd(19);
  const title = what === 'application data' ? name : style('bold', name);
  const [first, ...more] = wrap(detail, columns - indent.length).map((line) => style('dim', line));
  return [
    `${style('dim', atMs.toFixed(1).padStart(7))} ${arrow} ${title} ${String(bytes).padStart(5)}  ${first}`,
    ...more.map((line) => indent + line),
  ].join('\n');
}

/** Breaks a list only between its items. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of text.split(separator)) {
    const longer = `${lines.at(-1)}${separator}${item}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}

function agreed(facts: ScenarioFacts): [string, string][] {
  const { keyUpdates, timings } = facts;
  return [
    ['agreed', [facts.version, facts.cipherSuite, facts.group, ...optional(facts.alpnProtocol)].join(' · ')],
    ['signed with', facts.signatureScheme],
    ...facts.certificates.map(({ subject, issuer, notBefore, notAfter }, depth): [string, string] => [
      depth === 0 ? 'certificates' : '',
      `${subject} ${subject === issuer ? '(self-signed)' : `by ${issuer}`}, ${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}`,
    ]),
    ['key updates', `${keyUpdates.sent} sent, ${keyUpdates.received} received`],
    ['time', `handshake ${timings.handshakeMs.toFixed(1)} ms, all ${timings.totalMs.toFixed(1)} ms`],
    ['handshake', `SHA-256 ${facts.handshakeSha256.slice(0, 32)}…`],
  ];
}

function optional(value: string | undefined): string[] {
  return value === undefined ? [] : [`ALPN ${value}`];
}

const separator = ' · ';

/** Where the details begin. */
const indent = ' '.repeat(37);
