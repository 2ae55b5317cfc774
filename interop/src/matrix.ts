import {
  type Cell,
  type Feature,
  type GroupName,
  hasExternalPsk,
  retriesGroup,
  type SuiteName,
} from './cell.ts';
import { pairwise } from './pairwise.ts';
import type { Peer, PeerSide } from './peers/peer.ts';

/** Every combination of suite, group and certificate; every feature with each value once; our second provider. */
export function fullMatrix(peer: Peer): Cell[] {
  return sidesOf(peer).flatMap(([role, side]) => {
    const cells: Cell[] = [];
    const base = { peer: peer.name, role, provider: 'node' } as const;
    for (const suite of side.suites)
      for (const group of side.groups)
        for (const certificate of side.certificates)
          cells.push({ ...base, suite, group, certificate, feature: 'plain' });
    for (const feature of side.features.filter((each) => each !== 'plain'))
      cells.push(...spread(side, feature).map((each) => ({ ...base, ...each, feature })));
    cells.push(...spread(side, 'plain').map((each) => ({ ...base, ...each, provider: 'noble' as const })));
    return cells;
  });
}

/** Every pair of values of suite, group, certificate, feature and provider in some cell. */
export function sampleMatrix(peer: Peer, random: () => number): Cell[] {
  return sidesOf(peer).flatMap(([role, side]) => {
    const rows = pairwise(
      {
        suite: side.suites,
        group: side.groups,
        certificate: side.certificates,
        feature: side.features,
        provider: ['node', 'noble'] as const,
      },
      random,
    );
    const cells = rows.map((row): Cell => ({ peer: peer.name, role, ...row }));
    return cells.filter((cell) => isPossible(side, cell));
  });
}

function sidesOf(peer: Peer): ['client' | 'server', PeerSide][] {
  return [
    ...(peer.server === undefined ? [] : [['client', peer.server] as ['client', PeerSide]]),
    ...(peer.client === undefined ? [] : [['server', peer.client] as ['server', PeerSide]]),
  ];
}

/** As many rows as the longest dimension has values, each value at least once. */
function spread(
  side: PeerSide,
  feature: Feature,
): Pick<Cell, 'suite' | 'group' | 'certificate' | 'feature'>[] {
  const { certificates } = side;
  const suites = suitesFor(side, feature);
  const groups = groupsFor(side, feature);
  const rows = Math.max(suites.length, groups.length, certificates.length);
  return Array.from({ length: rows }, (_, i) => ({
    suite: suites[i % suites.length]!,
    group: groups[i % groups.length]!,
    certificate: certificates[i % certificates.length]!,
    feature,
  }));
}

function groupsFor({ groups, neverRetried = [] }: PeerSide, feature: Feature): readonly GroupName[] {
  return retriesGroup({ feature }) ? groups.filter((each) => !neverRetried.includes(each)) : groups;
}

function isPossible(side: PeerSide, { feature, group, provider, suite }: Cell): boolean {
  if (!suitesFor(side, feature).includes(suite)) return false;
  // Our provider in pure JavaScript knows zlib alone.
  if (feature === 'compression' && side.compression !== undefined && provider === 'noble') return false;
  return groupsFor(side, feature).includes(group);
}

/** An external key is for one hash. */
function suitesFor({ suites }: PeerSide, feature: Feature): readonly SuiteName[] {
  return hasExternalPsk({ feature }) ? suites.filter((each) => each.endsWith('_SHA256')) : suites;
}
