import { type Count, fates, type Judged } from './score.ts';
import { isIn } from './scopes.ts';

export interface RunFacts {
  /** ISO date of the run. */
  readonly date: string;
  /** As it was typed. */
  readonly command: string;
  readonly minutes: number;
  /** Where all tests were played in one process: those that were played again with a process for each. */
  readonly sample: Sample | undefined;
  readonly node: string;
  /** Patterns that are not run, with their reasons. */
  readonly disabled: Readonly<Record<string, string>>;
}

export interface Sample {
  readonly tests: number;
  /** Names of those that then met another fate. */
  readonly differing: readonly string[];
}

/** docs/conformance.md: what the run gave, and nothing else. */
export function conformancePage(
  facts: RunFacts,
  judged: readonly Judged[],
  counts: readonly Count[],
): string {
  const { date, command, minutes, node, disabled, sample } = facts;
  const failed = judged.filter(({ fate }) => fate === 'failed');
  return `# Conformance by somebody else's tests

Written by \`${command}\` on ${date}, in ${minutes.toFixed(0)} minutes on Node ${node}; do not edit above the part on other suites.

BoringSSL's protocol test runner (BoGo) plays the other end of every connection, right or wrong, and looks at what we
send, at our alerts, and at which of our errors ends the connection. Our side is the private package
[bogo-shim](../packages/bogo-shim), over the core itself, under the unmodified runner in strict mode: a test that must
fail passes only if it fails for the expected reason. ${playedBy(sample)}

\`all\` is every test of TLS over TCP; \`scope\` is without what nobody but Google ships and without policies that are no
protocol; \`core\` is \`scope\` without raw public keys, Encrypted Client Hello, imported pre-shared keys and renegotiation.
\`quic\` is every test of TLS for QUIC (RFC 9001), over [the core's own entry for it](../packages/core/src/quic.ts), with the
runner's records in the place of packets; \`quic protocol\` is without policies, and \`quic scope\` with the cuts of \`scope\`.
"unimplemented" tests need a flag that the shim does not know as yet; they say nothing about the core.

${table(counts)}

## Not run, and why

${Object.entries(disabled)
  .map(([pattern, reason]) => `- \`${pattern}\`: ${reason}`)
  .join('\n')}

## Failed

${failureList(failed, 'core', (test) => isIn('core', test))}

${failureList(failed, 'scope beyond core', (test) => isIn('scope', test) && !isIn('core', test))}

${failureList(failed, 'beyond scope', (test) => isIn('all', test) && !isIn('scope', test))}

${failureList(failed, 'QUIC', (test) => isIn('quic', test))}
`;
}

const otherSuites = '\n## Other suites\n';

/** The page with what stands on the old one about other suites, which people write. */
export function withOtherSuites(page: string, old: string): string {
  const at = old.indexOf(otherSuites);
  return at < 0 ? page : `${page}${old.slice(at)}`;
}

function playedBy(sample: Sample | undefined): string {
  if (sample === undefined) return 'Each test had a process of its own.';
  const { tests, differing } = sample;
  const names = differing.map((name) => `\`${name}\``).join(', ');
  return `In this run one process
has played all tests (\`--fast\`); ${tests} of them were played again with a process for each, and ${differing.length} verdicts
differed${names === '' ? '' : ` (${names})`}.`;
}

/** The counts for a terminal. */
export function plainCounts(counts: readonly Count[]): string {
  const rows = counts.map(({ scope, tests, of, fates: met }) =>
    [
      scope.padEnd(13),
      tests.padEnd(13),
      `${of}`.padStart(5),
      ...fates.map((fate) => `${met[fate]} ${fate}`),
    ].join('  '),
  );
  return rows.join('\n');
}

function table(counts: readonly Count[]): string {
  const head = ['', 'tests', 'of', ...fates];
  const rows = counts.map(({ scope, tests, of, fates: met }) => [
    scope,
    tests,
    `${of}`,
    ...fates.map((fate) => `${met[fate]}`),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function failureList(failed: readonly Judged[], title: string, belongs: (test: Judged) => boolean): string {
  const names = failed.filter(belongs).map(({ name }) => `\`${name}\``);
  return `### ${title}: ${names.length}\n\n${names.length === 0 ? 'None.' : names.sort().join(', ')}`;
}
