import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';
import { SessionStoreError } from './store-error.ts';

const clock = { nowMs: 0 };
const now = () => clock.nowMs;
const breaker = (options: ConstructorParameters<typeof Breaker>[0] = {}) => new Breaker(options, now);
const works = () => Promise.resolve('answer');
const fails = () => Promise.reject(new Error('a secret of the connection'));
const refuses = () => Promise.reject(new SessionStoreError('refused', 'no'));
const never = () => new Promise<never>(() => {});
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof SessionStoreError ? error.code : error),
  );

describe('Breaker', () => {
  it('passes answers on, and says of failures only that they are', async () => {
    const one = breaker();
    expect(await one.run(works)).toBe('answer');
    await expect(one.run(fails)).rejects.toThrow(/^the store cannot be reached$/);
  });

  it('gives up what takes too long, and says so to whoever is asked', async () => {
    let isAborted = false;
    const asked = breaker({ timeoutMs: 10 }).run((signal) => {
      signal.addEventListener('abort', () => (isAborted = true));
      return never();
    });
    expect([await codeOf(asked), isAborted]).toEqual(['timeout', true]);
  });

  it('leaves a store alone that fails, for longer each time, and lets one question find out', async () => {
    const one = breaker({ maxFailures: 2, restMs: 1_000, maxRestMs: 3_000 });
    expect([await codeOf(one.run(fails)), one.rests]).toEqual(['unreachable', false]);
    expect([await codeOf(one.run(fails)), one.rests]).toEqual(['unreachable', true]);
    for (const restMs of [1_000, 2_000, 3_000, 3_000]) {
      clock.nowMs += restMs - 1;
      expect(await codeOf(one.run(works))).toBe('resting');
      clock.nowMs += 1;
      const tried = [one.run(fails), one.run(works), one.run(works)].map(codeOf);
      expect(await Promise.all(tried)).toEqual(['unreachable', 'resting', 'resting']);
    }
    clock.nowMs += 3_000;
    expect([await codeOf(one.run(works)), one.rests]).toEqual(['answered', false]);
    // From the beginning again.
    await Promise.all([codeOf(one.run(fails)), codeOf(one.run(fails))]);
    clock.nowMs += 1_000;
    expect(await codeOf(one.run(works))).toBe('answered');
  });

  it('does not count refusals as failures, nor failures that follow the last', async () => {
    const one = breaker({ maxFailures: 2, restMs: 1_000 });
    for (let i = 0; i < 5; i++) expect(await codeOf(one.run(refuses))).toBe('refused');
    expect(one.rests).toBe(false);
    await Promise.all(Array.from({ length: 10 }, () => codeOf(one.run(fails))));
    clock.nowMs += 1_000;
    expect(await codeOf(one.run(works))).toBe('answered');
  });

  it('bounds how many wait', async () => {
    const one = breaker({ maxPending: 3, timeoutMs: 10 });
    const asked = [one.run(never), one.run(never), one.run(never), one.run(works)].map(codeOf);
    expect(await asked[3]).toBe('busy');
    expect(await Promise.all(asked)).toEqual(['timeout', 'timeout', 'timeout', 'busy']);
  });

  it.each(['timeoutMs', 'maxFailures', 'restMs', 'maxRestMs', 'maxPending'])('refuses %s of none', (name) => {
    for (const value of [0, 1.5, Number.POSITIVE_INFINITY, '1' as never])
      expect(() => breaker({ [name]: value })).toThrow(`${name} must be an integer from 1 to`);
  });
});
