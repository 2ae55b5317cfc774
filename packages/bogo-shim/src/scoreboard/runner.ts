import { spawn } from 'node:child_process';

/** What became of one test; `text` is what the runner says of a failure. */
export interface Verdict {
  readonly verdict: 'passed' | 'failed' | 'unimplemented';
  readonly text: string;
}

export interface RunnerCall {
  /** A ready runner binary. */
  readonly runner: string;
  readonly shim: string;
  /** The configuration of the runner: patterns that are not run, and which errors mean which. */
  readonly config?: string;
  readonly workers: number;
  /** Patterns of test names, separated by semicolons; absent: all. */
  readonly tests?: string | undefined;
  readonly shard?: { readonly index: number; readonly total: number };
}

/** Runs the runner once, in strict mode, and reads what it prints. Its exit code says less than its lines. */
export async function runTests(call: RunnerCall): Promise<ReadonlyMap<string, Verdict>> {
  const { runner, shim, config, workers, tests, shard } = call;
  const args = ['-pipe', '-allow-unimplemented', '-num-workers', `${workers}`, '-shim-path', shim];
  // The shim gives up before that; the harness around the runner must not.
  args.push('-idle-timeout', '5s', '-test.timeout', '4h');
  if (config !== undefined) args.push('-shim-config', config);
  if (tests !== undefined) args.push('-test', tests);
  const sharding =
    shard === undefined ? {} : { TEST_TOTAL_SHARDS: `${shard.total}`, TEST_SHARD_INDEX: `${shard.index}` };
  const verdicts = readVerdicts(await output(runner, args, { ...process.env, ...sharding }));
  if (verdicts.size === 0 && shard === undefined) throw new Error('the runner ran no test');
  return verdicts;
}

/** The runner prints a line for each test, and what went wrong below those that failed. */
export function readVerdicts(text: string): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const block of text.split(/^(?=(?:PASSED|FAILED|UNIMPLEMENTED) \()/m)) {
    const [, word, name] = /^(PASSED|FAILED|UNIMPLEMENTED) \((.+)\)\n/.exec(block) ?? [];
    if (word === undefined || name === undefined) continue;
    verdicts.set(name, {
      verdict: word.toLowerCase() as Verdict['verdict'],
      text: block.slice(block.indexOf('\n') + 1).trim(),
    });
  }
  return verdicts;
}

function output(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
