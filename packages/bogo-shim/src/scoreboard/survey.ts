import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTests, type Verdict } from './runner.ts';

/** What is to be known of a test without running it. */
export interface Surveyed {
  readonly name: string;
  /** Whether the connection must come about, or must fail in the right way. */
  readonly mustSucceed: boolean;
  /** The names of its flags, without dash and prefixes. */
  readonly flags: ReadonlySet<string>;
}

/**
 * Asks the runner for its table: a shim that prints its flags and fails in a way that no test expects makes it say for
 * each test what it had expected. Takes seconds, and makes us independent of which revision the runner is.
 */
export async function survey(runner: string, folder: string): Promise<readonly Surveyed[]> {
  const shim = join(folder, 'survey-shim');
  writeFileSync(shim, surveyShim);
  chmodSync(shim, 0o755);
  const verdicts = await runTests({ runner, shim, workers: 2 });
  return [...verdicts].map(([name, verdict]) => readSurveyed(name, verdict));
}

export function readSurveyed(name: string, { text }: Verdict): Surveyed {
  const argv = Buffer.from(/extra stderr:\n(\S*)/.exec(text)?.[1] ?? '', 'base64')
    .toString('latin1')
    .split('\0');
  const flags = argv.flatMap(
    (each) =>
      /^-(?:on-(?:shim|handshaker)-)?(?:on-(?:initial|resume|retry)-)?([a-z].*)$/.exec(each)?.[1] ?? [],
  );
  return { name, mustSucceed: text.startsWith('unexpected failure'), flags: new Set(flags) };
}

/** Exit code 90 fails even where failure was expected; what stands behind the line is printed with every failure. */
const surveyShim = `#!/bin/sh
for flag in "$@"; do
  if [ "$flag" = -is-handshaker-supported ]; then echo No; exit 0; fi
done
echo '--- DONE ---' >&2
for flag in "$@"; do printf '%s\\000' "$flag"; done | base64 -w 0 >&2
exit 90
`;
