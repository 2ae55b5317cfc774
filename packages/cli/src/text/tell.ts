import type { Host } from '../host.ts';
import type { Problem } from '../problem.ts';
import { Lines } from './lines.ts';

/** What happened, which check it was, and what can be done. */
export function tell(problem: Problem, host: Pick<Host, 'stderr'>): void {
  const { advice, certificate, check, lines = [] } = problem.detail;
  const out = new Lines(host.stderr);
  const [first = '', ...more] = problem.message.split('\n');
  out.line(`sealwire: ${first}`);
  for (const each of more) out.line(`  ${each}`);
  if (certificate !== undefined) out.line(`  certificate: ${certificate}`);
  if (problem.exit !== 'usage' && problem.exit !== 'interrupted')
    out.line(`  check: ${check ?? problem.code}`);
  for (const each of lines) out.line(`  ${each}`);
  if (advice !== undefined) out.line(`  what to do: ${advice}`);
}
