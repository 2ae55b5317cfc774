import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cases } from './cases.ts';

describe('a protocol of lines over TLS', () => {
  for (const { name, run } of cases) it(name, run);
});

it('is tested under node:test as well', () => {
  const program = fileURLToPath(new URL('../dist/under-node.js', import.meta.url));
  // The runner of this test tells its own children that they are part of it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ['--test', program], { env, encoding: 'utf8' });
  expect([status, /# pass (\d+)/.exec(stdout)?.[1] ?? /pass (\d+)/.exec(stdout)?.[1]]).toEqual([
    0,
    String(cases.length),
  ]);
});
