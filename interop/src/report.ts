import { featureNotes, type Cell, type Feature } from './cell.ts';
import { type OlderCell, olderCellName, olderFeatureNotes } from './older/cells.ts';
import { olderPeers } from './older/peers.ts';
import type { Peer } from './peers/peer.ts';

export interface CellResult {
  readonly cell: Cell;
  /** Absent: passed. */
  readonly failure?: string;
}

export interface OlderCellResult {
  readonly cell: OlderCell;
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
  /** Of TLS 1.2 and older. */
  readonly olderCells: readonly OlderCellResult[];
  readonly checks: readonly CheckResult[];
}

/** docs/interop.md: what was run against whom, and what came of it. */
export function interopPage(outcome: Outcome): string {
  const { command, seconds, versions, skipped, cells, olderCells, checks } = outcome;
  const passed = cells.filter(({ failure }) => failure === undefined).length;
  const olderPassed = olderCells.filter(({ failure }) => failure === undefined).length;
  const day = new Date().toISOString().slice(0, 10);
  const peers = [...versions];
  return [
    '# Interoperability',
    '',
    'Written by the suite in `interop/`; do not edit.',
    '',
    `Run on ${day}: \`${command}\`, ${seconds} s, Node ${process.versions.node} on ${process.platform}-${process.arch}.`,
    `${passed} of ${cells.length} cells of TLS 1.3 passed, ${olderPassed} of ${olderCells.length} of TLS 1.2 and older, and ${checks.filter(isGood).length} of ${checks.length} further checks.`,
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
    ...olderSection(olderCells),
    '## Further checks',
    '',
    ...table(
      ['check', 'result'],
      checks.map((each) => [each.name, each.skipped ?? (each.failure === undefined ? 'passed' : 'failed')]),
    ),
    '',
    '## Limits of the tools',
    '',
    ...peers.flatMap(([{ name, limits }]) =>
      [...limits, ...(olderPeers[name]?.().limits ?? [])].map((limit) => `- ${name}: ${limit}`),
    ),
    ...failures(cells, olderCells),
    '',
  ].join('\n');
}

function failures(cells: readonly CellResult[], olderCells: readonly OlderCellResult[]): string[] {
  const failed = cells.filter(({ failure }) => failure !== undefined);
  const older = olderCells.filter(({ failure }) => failure !== undefined);
  if (failed.length + older.length === 0) return [];
  const line = ({ cell, failure }: CellResult) =>
    `- ${cell.peer}, we as ${cell.role}, ${cell.feature}, ${cell.suite}, ${cell.group}, ${cell.certificate}, ${cell.provider}: ${failure?.split('\n')[0]}`;
  const olderLine = ({ cell, failure }: OlderCellResult) =>
    `- ${olderCellName(cell)}: ${failure?.split('\n')[0]}`;
  return ['', '## Failures', '', ...failed.map(line), ...older.map(olderLine)];
}

/** TLS 1.2, 1.1 and 1.0: every suite that both have, with every kind of certificate that fits. */
function olderSection(results: readonly OlderCellResult[]): string[] {
  const sides = [...new Set(results.map(({ cell }) => `${cell.peer} ${cell.role}`))];
  const of = (side: string) => results.filter(({ cell }) => `${cell.peer} ${cell.role}` === side);
  const counted = (list: readonly OlderCellResult[]) =>
    list.length === 0
      ? '–'
      : `${list.filter(({ failure }) => failure === undefined).length} of ${list.length}`;
  const heads = sides.map((side) => {
    const [peer = '', role] = side.split(' ');
    return role === 'client' ? `us → ${peer}` : `${peer} → us`;
  });
  const features = Object.entries(olderFeatureNotes);
  const rows = olderVersions.flatMap((version) =>
    features.map(([feature]) => [
      version,
      feature,
      ...sides.map((side) =>
        counted(of(side).filter(({ cell }) => cell.version === version && cell.feature === feature)),
      ),
    ]),
  );
  const suitesOf = (side: string) => [...new Set(of(side).map(({ cell }) => cell.suite.slice(4)))];
  return [
    '## TLS 1.2, 1.1 and 1.0',
    '',
    'Every suite that both sides have, in every version that knows it, with every kind of certificate that fits; other',
    'features with each version, suite and certificate at least once. What authenticates nobody, NULL and SHA-1 are there because',
    'both sides were told to take them.',
    '',
    ...table(['version', 'feature', ...heads], rows),
    '',
    ...features.map(([feature, note]) => `- \`${feature}\`: ${note}`),
    '',
    ...table(
      ['', 'suites'],
      sides.map((side, i) => [heads[i]!, suitesOf(side).join(', ')]),
    ),
    '',
  ];
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

const olderVersions = ['TLS 1.2', 'TLS 1.1', 'TLS 1.0'] as const;
