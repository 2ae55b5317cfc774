import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('compare.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const listed = ['test-tls-psk-circuit', 'test-tls-alert-handling'];

function compared(results: readonly object[]): { status: number | null; said: string } {
  const file = join(folder, 'result.json');
  const meta = { suite: '20.11.1', node: '20.20.2', graft: false, groups: ['tls'] };
  writeFileSync(file, JSON.stringify({ meta, results }));
  const { status, stdout } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  return { status, said: stdout };
}

const results = (failing: readonly string[], passing: readonly string[] = []): object[] =>
  Object.entries({ fail: failing, pass: ['test-tls-alert', ...passing] }).flatMap(([status, names]) =>
    names.map((name) => ({ name, status, group: 'tls' })),
  );

describe('the comparison with the list of failures', () => {
  it('is content with what is listed', () => {
    const { status, said } = compared(results(listed));
    expect(said).toContain('checked 3 tests of 20.11.1 on 20: 1 passed (33.3 %), 2 listed; 0 problems');
    expect(status).toBe(0);
  });

  it.each([
    [
      'what fails and is not listed',
      results([...listed, 'test-tls-other']),
      'test-tls-other: fail, not listed',
    ],
    [
      'what is listed and passes',
      results(listed.slice(0, 1), listed.slice(1)),
      'test-tls-alert-handling: passes',
    ],
    [
      'what is listed and was not run',
      results(listed.slice(0, 1)),
      'test-tls-alert-handling: listed, and was not',
    ],
  ])('finds %s', (_, given, problem) => {
    const { status, said } = compared(given);
    expect(said).toContain(problem);
    expect(status).toBe(1);
  });
});
