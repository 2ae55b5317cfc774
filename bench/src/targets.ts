/** What the benchmark prints and keeps of one contestant. */
export interface Row {
  readonly group: string;
  readonly flavour: string;
  readonly scenario: string;
  readonly stack: string;
  /** Which of them ratios are against. */
  readonly reference: string;
  readonly unit: string;
  readonly value: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  readonly cpuRatio: number;
  /** ms; of samples that are one operation. */
  readonly p50?: number;
  readonly p99?: number;
  readonly p999?: number;
}

export interface Verdict {
  readonly target: string;
  readonly wanted: string;
  readonly got: number;
  readonly isMet: boolean;
}

/** What we want to reach, as far as the rows say anything about it. */
export function judged(rows: readonly Row[]): Verdict[] {
  const value = (scenario: string, stack: string): number | undefined =>
    rows.find(
      (row) => row.flavour === 'TLS 1.3' && row.scenario.startsWith(scenario) && row.stack.startsWith(stack),
    )?.value;
  return targets.flatMap(({ target, scenario, stack, against, least, most }): Verdict[] => {
    const [own, other] = [value(scenario, stack), value(scenario, against)];
    if (own === undefined || other === undefined) return [];
    const got = own / other;
    if (least !== undefined) return [{ target, wanted: `>= ${least.toFixed(2)}`, got, isMet: got >= least }];
    return [{ target, wanted: `<= ${most!.toFixed(2)}`, got, isMet: got <= most! }];
  });
}

interface Target {
  readonly target: string;
  readonly scenario: string;
  readonly stack: string;
  readonly against: string;
  readonly least?: number;
  readonly most?: number;
}

const ours = 'sealwire, crypto-node';
const targets: readonly Target[] = [
  {
    target: 'bulk in writes of 64 KiB, against the bare loop',
    scenario: 'bulk data, writes of 64 KiB',
    stack: ours,
    against: 'bare loop',
    least: 0.95,
  },
  {
    target: 'bulk in writes of 16 KiB, against the bare loop',
    scenario: 'bulk data, writes of 16 KiB',
    stack: ours,
    against: 'bare loop',
    least: 0.95,
  },
  {
    target: 'bulk in writes of 1 KiB, against node:tls',
    scenario: 'bulk data, writes of 1 KiB',
    stack: ours,
    against: 'node:tls',
    least: 0.6,
  },
  {
    target: 'full handshakes, one after the other, against node:tls',
    scenario: 'full handshakes, one',
    stack: ours,
    against: 'node:tls',
    least: 1,
  },
  {
    target: 'resumed handshakes, one after the other, against node:tls',
    scenario: 'resumed handshakes, one',
    stack: ours,
    against: 'node:tls',
    least: 1,
  },
  {
    target: 'full handshakes, 64 at once, against node:tls',
    scenario: 'full handshakes, 64',
    stack: ours,
    against: 'node:tls',
    least: 1,
  },
  {
    target: 'resumed handshakes, 64 at once, against node:tls',
    scenario: 'resumed handshakes, 64',
    stack: ours,
    against: 'node:tls',
    least: 1,
  },
  {
    target: 'memory of an idle connection, against node:tls',
    scenario: 'memory of an idle connection',
    stack: ours,
    against: 'node:tls',
    most: 1,
  },
  {
    target: 'core with crypto-noble, against the AEAD of @noble/ciphers',
    scenario: 'records of 16 KiB',
    stack: 'sealwire, core with crypto-noble',
    against: 'AES-128-GCM of @noble/ciphers',
    least: 0.9,
  },
  {
    target: 'core with crypto-noble, against the AEAD of node-forge',
    scenario: 'records of 16 KiB',
    stack: 'sealwire, core with crypto-noble',
    against: 'AES-128-GCM of node-forge',
    least: 2,
  },
  {
    target: 'core with crypto-noble, against the TLS of node-forge',
    scenario: 'records of 16 KiB',
    stack: 'sealwire, core with crypto-noble',
    against: 'TLS 1.1 of node-forge',
    least: 2,
  },
];
