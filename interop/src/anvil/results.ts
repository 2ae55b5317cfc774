import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What became of one template of TLS-Anvil: of all the handshakes that it was blown up to. */
interface TemplateResult {
  readonly id: string;
  readonly test: string;
  readonly result: string;
  /** Of the first handshake that failed, or why it was not run. */
  readonly reason: string;
}

/** In the order of a table. */
const verdicts = [
  'STRICTLY_SUCCEEDED',
  'CONCEPTUALLY_SUCCEEDED',
  'PARTIALLY_FAILED',
  'FULLY_FAILED',
  'TEST_SUITE_ERROR',
  'DISABLED',
];

export function readResults(folder: string): TemplateResult[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('_testRun.json'))
    .map((file) => templateResult(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
    .sort((one, other) => one.id.localeCompare(other.id));
}

function templateResult(run: Record<string, unknown>): TemplateResult {
  const text = (key: string) => String(run[key] ?? '').trim();
  return {
    id: text('TestId'),
    test: `${text('TestClass')}.${text('TestMethod')}`,
    result: text('Result'),
    reason: (text('FailedReason') || text('DisabledReason')).split('\n')[0]!,
  };
}

/** How many of which verdict, and all that are no success. */
export function summary(results: readonly TemplateResult[]): string {
  const counts = verdicts.map(
    (verdict) => `${verdict} ${results.filter(({ result }) => result === verdict).length}`,
  );
  const bad = results.filter(({ result }) => /FAILED|ERROR/.test(result));
  return [
    `${results.length} templates: ${counts.join(', ')}`,
    ...bad.map(({ id, test, result, reason }) => `${result} ${id} ${test}\n    ${reason}`),
  ].join('\n');
}
