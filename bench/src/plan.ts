import type { Duplex } from 'node:stream';
import * as memory from './in-memory.ts';
import type { Contestant } from './measure.ts';
import { requests } from './requests.ts';
import {
  bulk,
  fullAtOnce,
  fullHandshakes,
  resumedAtOnce,
  resumedHandshakes,
  roundTrips,
  type Scenario,
} from './scenarios.ts';
import { bareHandshake } from './stacks/bare-handshake.ts';
import { bareLoop } from './stacks/bare-loop.ts';
import { type Flavour, modern, older } from './stacks/flavour.ts';
import { builtin, lemonTls, sealwireCompat, sealwireNoble, sealwireNode, stacksOf } from './stacks/index.ts';
import { plainTcp } from './stacks/plain.ts';
import type { Stack } from './stacks/stack.ts';

export const groups = [
  'handshakes',
  'at-once',
  'bulk',
  'requests',
  'in-memory',
  'memory',
  'tls12',
  'profile',
] as const;
export type Group = (typeof groups)[number];

/** One part of the benchmark, measured in a process of its own: a scenario over contestants that take turns. */
export interface Part {
  readonly group: Group;
  /** Version, and the suite where several are measured. */
  readonly flavour: string;
  readonly scenario: string;
  readonly unit: string;
  readonly perSample: number;
  readonly warmUp: number;
  /** In the order in which they are printed; the first is what ratios are against. */
  readonly names: readonly string[];
  prepare(): Promise<{ readonly contestants: readonly Contestant[]; end(): Promise<void> }>;
}

const large = bulk(65_536, 64 * 2 ** 20);
const largeForNoble = bulk(65_536, 4 * 2 ** 20);

export const plan: readonly Part[] = [
  ...[fullHandshakes, resumedHandshakes].map((scenario) =>
    overStacks('handshakes', modern, scenario, [
      builtin,
      sealwireNode,
      sealwireNoble,
      sealwireCompat,
      lemonTls,
      ...(scenario === resumedHandshakes ? [bareHandshake] : []),
    ]),
  ),
  ...[fullAtOnce, resumedAtOnce].map((scenario) =>
    overStacks('at-once', modern, scenario, [
      builtin,
      sealwireNode,
      sealwireCompat,
      lemonTls,
      ...(scenario === resumedAtOnce ? [bareHandshake] : []),
    ]),
  ),
  ...[large, bulk(16_384, 32 * 2 ** 20), bulk(1_024, 8 * 2 ** 20)].map((scenario) =>
    overStacks('bulk', modern, scenario, [
      builtin,
      sealwireNode,
      sealwireCompat,
      lemonTls,
      bareLoop,
      plainTcp,
    ]),
  ),
  overStacks('bulk', modern, largeForNoble, [builtin, sealwireNoble]),
  overStacks('requests', modern, requests, [builtin, sealwireNode, sealwireCompat, lemonTls, plainTcp]),
  overStacks('requests', modern, roundTrips, [builtin, sealwireNode, sealwireCompat, lemonTls, plainTcp]),
  inMemory([memory.rawNode, memory.coreWithNode]),
  inMemory([memory.rawNoble, memory.coreWithNoble, memory.forgeAead, memory.forgeTls]),
  ...[older.ecdsa, older.rsa].flatMap((flavour) =>
    [fullHandshakes, resumedHandshakes].map((scenario) =>
      overStacks('tls12', flavour, scenario, stacksOf(flavour)),
    ),
  ),
  ...[older.ecdsa, older.cbc, older.ccm].flatMap((flavour) => {
    const [reference, node, noble] = stacksOf(flavour) as [Stack<Duplex>, Stack<Duplex>, Stack<Duplex>];
    return [
      overStacks('tls12', flavour, large, [reference, node]),
      overStacks('tls12', flavour, largeForNoble, [reference, noble]),
    ];
  }),
];

/** What is shown under the profiler, with our stack on crypto-node. */
export const profiled: readonly Scenario[] = [fullHandshakes, resumedHandshakes, large];

function overStacks<S extends Stack>(
  group: Group,
  { name: flavour }: Flavour,
  scenario: { readonly [K in keyof Scenario]: K extends 'prepare' ? unknown : Scenario[K] } & {
    prepare(stack: S): ReturnType<Scenario['prepare']>;
  },
  stacks: readonly S[],
): Part {
  return {
    group,
    flavour,
    scenario: scenario.name,
    unit: scenario.unit,
    perSample: scenario.perSample,
    warmUp: scenario.warmUp,
    names: stacks.map(({ name }) => name),
    async prepare() {
      const contestants: Contestant[] = [];
      const ends: (() => Promise<void>)[] = [];
      for (const stack of stacks) {
        const { run, end } = await scenario.prepare(stack);
        contestants.push({ name: stack.name, run });
        ends.push(end);
      }
      return {
        contestants,
        async end() {
          for (const end of ends) await end();
        },
      };
    },
  };
}

function inMemory(sealers: readonly memory.Sealer[]): Part {
  return {
    group: 'in-memory',
    flavour: modern.name,
    scenario: 'records of 16 KiB sealed and opened, without sockets',
    unit: 'MB/s',
    perSample: 16_384 / 1e6,
    warmUp: 2_000,
    names: sealers.map(({ name }) => name),
    async prepare() {
      const contestants: Contestant[] = [];
      for (const { name, prepare } of sealers) contestants.push({ name, run: await prepare() });
      return { contestants, end: async () => {} };
    },
  };
}
