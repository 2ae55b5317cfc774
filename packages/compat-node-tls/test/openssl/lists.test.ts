import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getCiphers } from '../../src/openssl/ciphers.ts';
import { ask, builtins, isFull } from './builtin.ts';
import { comparable, expectedAnswer } from './expected.ts';
import { listOptions } from './grammar.ts';

/** What a client of the builtin offers for options of all kinds, beside what ours says that it offers. */
const runs = isFull ? 5_000 : 400;

describe.each(await builtins())('$name', (builtin) => {
  it('offers what the languages say, and refuses what they refuse', async () => {
    const samples = fc.sample(listOptions, { seed: 20_261_122, numRuns: runs });
    const answers = await ask(
      builtin,
      samples.map((options) => ({ ask: 'hello', options: { ...options } })),
    );
    const found = answers.flatMap((answer, i) => {
      const options = samples[i] as (typeof samples)[number];
      const [said, expected] = [comparable(answer), expectedAnswer(options, builtin)];
      return JSON.stringify(said) === JSON.stringify(expected) ? [] : [{ options, said, expected }];
    });
    // One at a time: a difference is read, not counted.
    expect(found[0]?.expected, JSON.stringify(found[0]?.options)).toEqual(found[0]?.said);
    expect(found).toHaveLength(0);
    // All kinds of answers are among them.
    expect(answers.filter(({ hello }) => hello !== undefined).length).toBeGreaterThan(runs / 4);
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(runs / 20);
    expect(answers.filter(({ alert }) => alert !== undefined).length).toBeGreaterThan(runs / 50);
  });

  it('lists the same ciphers', async () => {
    const [answer] = await ask(builtin, [{ ask: 'ciphers' }]);
    expect(getCiphers(builtin.openssl)).toEqual(answer?.ciphers);
    expect(answer?.ciphers).toHaveLength(62);
  });
});
