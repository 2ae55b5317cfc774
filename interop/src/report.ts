import { featureNotes, type Cell, type Feature } from './cell.ts';
import type { Peer } from './peers/peer.ts';

export interface CellResult {
  readonly cell: Cell;
  /** Absent: passed. */
  readonly failure?: string;
}

export interface CheckResult {
  readonly name: string;
  readonly failure?: string;
  readonly skipped?: string;
}

export interface Outcome {
  readonly command: string;
  readonly seconds: number;
  /** Peers that were there, with their versions. */
  readonly versions: ReadonlyMap<Peer, string>;
  readonly skipped: readonly string[];
  readonly cells: readonly CellResult[];
  readonly checks: readonly CheckResult[];
}

/** docs/interop.md: what was run against whom, and what came of it. */
export function interopPage(outcome: Outcome): string {
  const { command, seconds, versions, skipped, cells, checks } = outcome;
  const passed = cells.filter(({ failure }) => failure === undefined).length;
  const day = new Date().toISOString().slice(0, 10);
  const peers = [...versions];
  return [
    '# Interoperability',
    '',
    'Written by the suite in `interop/`; do not edit.',
    '',
    `Run on ${day}: \`${command}\`, ${seconds} s, Node ${process.versions.node} on ${process.platform}-${process.arch}.`,
    `${passed} of ${cells.length} cells passed, and ${checks.filter(isGood).length} of ${checks.length} further checks.`,
    '',
    'A cell is one connection over TCP with one suite, one group, one kind of certificate and one feature. In each',
    'the facts on our side equal what was asked for, data went both ways, and the connection was closed in order;',
    'a cell that resumes has two connections.',
    'For each peer and direction every combination of suite, group and certificate runs once; every other feature',
    'runs with each suite, group and certificate at least once, and so does our provider in pure JavaScript.',
    '',
    '## Peers',
    '',
    ...table(
      ['peer', 'version', 'their server, our client', 'their client, our server'],
      [
        ...peers.map(([peer, version]) => [
          peer.name,
          version,
          count(cells, peer, 'client'),
          count(cells, peer, 'server'),
        ]),
      ],
    ),
    '',
    ...(skipped.length === 0 ? [] : ['Not run:', '', ...skipped.map((reason) => `- ${reason}`), '']),
    '## Features',
    '',
    'Passed of run; `us →` is our client and their server, `→ us` their client and our server.',
    '',
    ...table(
      [
        'feature',
        ...peers.flatMap(([{ name, server, client }]) => [
          ...(server ? [`us → ${name}`] : []),
          ...(client ? [`${name} → us`] : []),
        ]),
      ],
      (Object.keys(featureNotes) as Feature[]).map((feature) => [
        feature,
        ...peers.flatMap(([peer]) => [
          ...(peer.server ? [count(cells, peer, 'client', feature)] : []),
          ...(peer.client ? [count(cells, peer, 'server', feature)] : []),
        ]),
      ]),
    ),
    '',
    ...Object.entries(featureNotes).map(([feature, note]) => `- \`${feature}\`: ${note}`),
    '',
    '## Suites, groups and certificates',
    '',
    ...table(
      ['peer', 'suites', 'groups', 'certificates'],
      peers.flatMap(([peer]) =>
        [peer.server ?? peer.client!].map(({ suites, groups, certificates }) => [
          peer.name,
          suites.map((each) => each.slice(4)).join(', '),
          groups.join(', '),
          certificates.join(', '),
        ]),
      ),
    ),
    '',
    '## Further checks',
    '',
    ...table(
      ['check', 'result'],
      checks.map((each) => [each.name, each.skipped ?? (each.failure === undefined ? 'passed' : 'failed')]),
    ),
    '',
    '## Limits of the tools',
    '',
    ...peers.flatMap(([peer]) => peer.limits.map((limit) => `- ${peer.name}: ${limit}`)),
    ...failures(cells),
    '',
  ].join('\n');
}

function failures(cells: readonly CellResult[]): string[] {
  const failed = cells.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return [];
  const line = ({ cell, failure }: CellResult) =>
    `- ${cell.peer}, we as ${cell.role}, ${cell.feature}, ${cell.suite}, ${cell.group}, ${cell.certificate}, ${cell.provider}: ${failure?.split('\n')[0]}`;
  return ['', '## Failures', '', ...failed.map(line)];
}

function count(cells: readonly CellResult[], peer: Peer, role: Cell['role'], feature?: Feature): string {
  const of = cells.filter(
    ({ cell }) =>
      cell.peer === peer.name && cell.role === role && (feature === undefined || cell.feature === feature),
  );
  return of.length === 0
    ? '–'
    : `${of.filter(({ failure }) => failure === undefined).length} of ${of.length}`;
}

function isGood({ failure, skipped }: CheckResult): boolean {
  return failure === undefined && skipped === undefined;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}
