import { expect, it } from 'vitest';
import { withOtherSuites } from './report.ts';
import { readVerdicts } from './runner.ts';
import { countFates, judge } from './score.ts';
import { isIn } from './scopes.ts';
import { readSurveyed } from './survey.ts';

const printed = (text: string) => `unexpected failure\ngot:\n\tx\n\nextra stderr:\n${text}\n`;
const flags = (...argv: string[]) => Buffer.from(argv.map((each) => `${each}\0`).join('')).toString('base64');

it('reads what the runner prints, line by line', () => {
  const verdicts = readVerdicts(
    'This is shard 0\nPASSED (A)\nFAILED (B-(x))\nunexpected failure\ngot: PASSED (no)\n\nUNIMPLEMENTED (C)\n\n',
  );
  expect([...verdicts].map(([name, { verdict }]) => `${name} ${verdict}`)).toEqual([
    'A passed',
    'B-(x) failed',
    'C unimplemented',
  ]);
  expect(verdicts.get('B-(x)')?.text).toBe('unexpected failure\ngot: PASSED (no)');
});

it('learns from a shim that always fails what a test expects, and its flags', () => {
  const argv = flags('-port', '-5', '-on-resume-expect-alpn', 'x', '-on-shim-server', '-async');
  const test = readSurveyed('T', { verdict: 'failed', text: printed(argv) });
  expect(test).toEqual({
    name: 'T',
    mustSucceed: true,
    flags: new Set(['port', 'expect-alpn', 'server', 'async']),
  });
  const failing = printed(argv).replace('unexpected failure', 'unexpected error');
  expect(readSurveyed('T', { verdict: 'failed', text: failing }).mustSucceed).toBe(false);
});

it('counts those that must succeed and those that must fail apart, in each scope', () => {
  const table = [
    ['Plain', true, []],
    ['Renegotiate-X', false, []],
    ['ChannelID-X', true, ['enable-channel-id']],
    ['Disabled', false, []],
    ['X-DTLS', true, ['dtls']],
  ] as const;
  const surveyed = table.map(([name, mustSucceed, names]) => ({ name, mustSucceed, flags: new Set(names) }));
  expect(
    surveyed.map((test) => ['all', 'scope', 'core'].filter((scope) => isIn(scope as 'all', test))),
  ).toEqual([['all', 'scope', 'core'], ['all', 'scope'], ['all'], ['all', 'scope', 'core'], []]);
  const verdicts = readVerdicts('PASSED (Plain)\nFAILED (Renegotiate-X)\nx\nUNIMPLEMENTED (ChannelID-X)\n');
  const counts = countFates(judge(surveyed, verdicts));
  expect(counts.filter(({ scope }) => scope === 'scope')).toEqual([
    {
      scope: 'scope',
      tests: 'must succeed',
      of: 1,
      fates: { passed: 1, failed: 0, unimplemented: 0, disabled: 0 },
    },
    {
      scope: 'scope',
      tests: 'must fail',
      of: 2,
      fates: { passed: 0, failed: 1, unimplemented: 0, disabled: 1 },
    },
    {
      scope: 'scope',
      tests: 'together',
      of: 3,
      fates: { passed: 1, failed: 1, unimplemented: 0, disabled: 1 },
    },
  ]);
  expect(counts.find(({ scope }) => scope === 'all')?.fates.unimplemented).toBe(1);
});

it('leaves alone what is written about other suites', () => {
  expect(withOtherSuites('new\n', 'old\n\n## Other suites\n\ntext\n')).toBe(
    'new\n\n## Other suites\n\ntext\n',
  );
  expect(withOtherSuites('new\n', 'old\n')).toBe('new\n');
});
