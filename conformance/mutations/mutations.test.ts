import { contentTypes } from '@sealwire/core/codecs';
import { judge, type Mutation, mutationOf, recordMutators, sealedAgain, unchanged } from '@sealwire/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { isFull, sampled, seed } from '../properties/profile.ts';
import { plain, scenarios } from '../properties/scenarios.ts';
import { flightsOf, mutableScenarios, originalOf, tryMutations } from './cases.ts';
import { converseAs } from './subjects.ts';
import { add, describeTally, newTally } from './tally.ts';

/**
 * Somebody in the middle changes one thing in one flight: a byte, a record, or a handshake message, which he opens
 * and seals again because he knows the traffic secrets. What must never happen is written in the test kit's `judge`; what
 * may pass unnoticed, and why, beside each mutator.
 *
 * 500 mutations of each flight: by default of some scenarios, half of which the seed leaves out; of all with
 * SEALWIRE_PROFILE=full, to which `scripts/mutations.mjs` belongs, which makes 100,000. SEALWIRE_MUTATIONS: so many.
 * SEALWIRE_SEED repeats a run.
 */
const inDefaultProfile = [
  'plain',
  'retry by group',
  'client authentication with a certificate',
  'KeyUpdate both ways',
  '0-RTT data',
  '0-RTT data refused by a retry',
  'everything at once',
  'TLS 1.2, ECDHE, ECDSA, GCM',
  'TLS 1.2, resumed by ticket, and the client with it',
  'TLS 1.0, chained CBC, client authentication by RSA',
  'TLS 1.2, renegotiated by the client, twice',
  'TLS 1.2, renegotiated by the server, which asks for a certificate',
];
const ofProfile = mutableScenarios.filter(({ name }) => isFull || inDefaultProfile.includes(name));
const subjects = sampled(ofProfile, 2);
const runsPerFlight = isFull ? 500 : Number(process.env['SEALWIRE_MUTATIONS'] ?? 500);

const tally = newTally();
afterAll(() => console.log(`mutations, seed ${seed}\n${describeTally(tally)}`));

describe.each(subjects)('$name', (scenario) => {
  const original = originalOf(scenario);

  it('comes to the same end when somebody opens all messages and seals them again', () => {
    const mutation: Mutation = {
      name: 'none',
      benign: 'nothing changed',
      middle: { onMessage: sealedAgain },
    };
    expect(judge(converseAs(scenario, mutation.middle), original, mutation)).toBe('unnoticed');
    expect([original.client.isClosed, original.server.isClosed]).toEqual([true, true]);
  });

  it.each(flightsOf(scenario))('bears mutations of: %s', (flight) => {
    const name = `${scenario.name} / ${flight}`;
    const tried = tryMutations({ scenario, flight, name }, { seed, from: 0, to: runsPerFlight });
    add(tally, tried);
    expect(Object.values(tried.verdicts).reduce((a, b) => a + b)).toBe(runsPerFlight);
  });
});

describe('the judge', () => {
  const original = converseAs(plain, { onRecord: unchanged });
  const nothing: Mutation = { name: 'nothing', middle: { onRecord: unchanged } };

  it('does not accept that a change goes unnoticed', () => {
    expect(() => judge(converseAs(plain, nothing.middle), original, nothing)).toThrow('nobody noticed');
  });

  it('knows that a change_cipher_spec may become a record that is skipped with refused 0-RTT data', () => {
    const scenario = scenarios.find(({ name }) => name === '0-RTT data refused by a retry')!;
    const original = originalOf(scenario);
    const flight = 'client second flight';
    const index = original.records
      .filter((seen) => seen.flight === flight)
      .findIndex(({ record }) => record.type === contentTypes.change_cipher_spec);
    const retype = recordMutators.findIndex(({ name }) => name === 'retype');
    const drawn = [1, index, retype, 2]; // a record, which, what is done to it, by how much
    const mutation = mutationOf(original, flight, (length) =>
      new Uint8Array(length).fill(drawn.shift()!, length - 1),
    )!;
    expect(mutation.name).toMatch(/type 20.*byte 0 changed by 0x3$/);
    expect(judge(converseAs(scenario, mutation.middle), original, mutation)).toBe('unnoticed');
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
