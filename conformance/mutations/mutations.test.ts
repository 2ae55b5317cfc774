import { contentTypes } from '@sealwire/core/codecs';
import {
  type Flight,
  judge,
  type Mutation,
  mutationOf,
  sealedAgain,
  seededRandom,
  unchanged,
} from '@sealwire/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { isFull, seed } from '../properties/profile.ts';
import { plain, scenarios } from '../properties/scenarios.ts';
import { converseAs } from './subjects.ts';

/**
 * Somebody in the middle changes one thing in one flight: a byte, a record, or a handshake message, which he opens
 * and seals again because he knows the traffic secrets. What must never happen is written in the test kit's `judge`; what
 * may pass unnoticed, and why, beside each mutator.
 *
 * Default profile: 500 mutations of each flight of some scenarios. SEALWIRE_PROFILE=full: 100,000, spread over all
 * flights of all scenarios. SEALWIRE_MUTATIONS: so many of each flight. SEALWIRE_SEED repeats a run.
 */
const flights: readonly Flight[] = [
  'client hello',
  'server flight',
  'client second flight',
  'post-handshake',
];
const inDefaultProfile = [
  'plain',
  'retry by group',
  'client authentication with a certificate',
  'KeyUpdate both ways',
  'everything at once',
];
const subjects = scenarios.filter(
  ({ name }) => name !== 'truncated' && (isFull || inDefaultProfile.includes(name)),
);
const runsPerFlight = Number(
  process.env['SEALWIRE_MUTATIONS'] ??
    (isFull ? Math.ceil(100_000 / (subjects.length * flights.length)) : 500),
);

const verdicts = new Map<string, number>();
const alerts = new Map<string, number>();
const rules = new Map<string, number>();
const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

afterAll(() => {
  const list = (counts: Map<string, number>) =>
    [...counts].sort((a, b) => b[1] - a[1]).map(([key, number]) => `  ${number} ${key}`);
  console.log(
    [`mutations, seed ${seed}`, ...list(verdicts), 'unnoticed, because', ...list(rules)].join('\n'),
  );
  console.log(['errors of the detected', ...list(alerts)].join('\n'));
});

describe.each(subjects)('$name', (scenario) => {
  const original = converseAs(scenario, { onRecord: unchanged });

  it('comes to the same end when somebody opens all messages and seals them again', () => {
    const mutation: Mutation = {
      name: 'none',
      benign: 'nothing changed',
      middle: { onMessage: sealedAgain },
    };
    expect(judge(converseAs(scenario, mutation.middle), original, mutation)).toBe('unnoticed');
    expect([original.client.isClosed, original.server.isClosed]).toEqual([true, true]);
  });

  it.each(flights)('bears mutations of: %s', (flight) => {
    let tried = 0;
    for (let number = 0; tried < runsPerFlight; number++) {
      const random = seededRandom(`${seed} ${scenario.name} ${flight} ${number}`);
      const mutation = mutationOf(original, flight, random);
      if (mutation === undefined) continue;
      tried++;
      const where = `SEALWIRE_SEED=${seed}, mutation ${number}: ${mutation.name}`;
      try {
        const mutant = converseAs(scenario, mutation.middle);
        const verdict = judge(mutant, original, mutation);
        count(verdicts, verdict);
        if (verdict === 'unnoticed') count(rules, mutation.benign!);
        for (const { failure } of [mutant.client, mutant.server]) {
          if (failure !== undefined && failure.sentBy !== 'peer') {
            count(alerts, `${failure.error.code}, ${failure.alert ?? 'no alert'}`);
          }
        }
      } catch (cause) {
        throw new Error(where, { cause });
      }
    }
    expect(tried).toBe(runsPerFlight);
  });
});

describe('the judge', () => {
  const original = converseAs(plain, { onRecord: unchanged });
  const nothing: Mutation = { name: 'nothing', middle: { onRecord: unchanged } };

  it('does not accept that a change goes unnoticed', () => {
    expect(() => judge(converseAs(plain, nothing.middle), original, nothing)).toThrow('nobody noticed');
  });

  it('sees application data that a holder of the keys has changed', () => {
    const mutant = converseAs(plain, {
      onMessage: (seen) => [
        ...sealedAgain(seen),
        ...(seen.message[0] === 20 && seen.from === 'client'
          ? [{ as: 'content', type: contentTypes.application_data, content: new Uint8Array([1]) } as const]
          : []),
      ],
    });
    expect(() => judge(mutant, original, nothing)).toThrow('data that nobody sent');
  });

  it('sees another view of the handshake', () => {
    const other = converseAs(scenarios.find(({ name }) => name === 'ALPN')!, { onRecord: unchanged });
    expect(() => judge(other, original, nothing)).toThrow('other facts');
  });
});
