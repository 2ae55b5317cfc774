import { commands } from './commands/index.ts';
import { type ExitName, exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import { normalised } from './options/normalise.ts';
import { parserProblem, programOf } from './program.ts';
import { Problem } from './problem.ts';
import { explained } from './text/explain.ts';
import { jsonReport } from './text/report.ts';
import { tell } from './text/tell.ts';

/**
 * Runs a command line (without program and script) and resolves to what the process should end with, see `exitCodes`.
 * Never rejects: what goes wrong is told on `stderr`, and with `--json` on `stdout` too.
 */
export async function main(args: readonly string[], host: Host): Promise<number> {
  const { name, length, options } = chosen(args);
  const line = [...args.slice(0, length), ...normalised(args.slice(length), options)];
  let exit: ExitName = 'ok';
  const program = programOf(host, (ended) => (exit = ended));
  try {
    await program.parseAsync(line, { from: 'user' });
  } catch (error) {
    const problem = problemOf(error, host);
    if (problem === undefined) return exitCodes.ok.code;
    tell(problem, host);
    if (line.includes('--json'))
      host.stdout.write(jsonReport({ command: name, result: problem.detail.result, problem }));
    exit = problem.exit;
  }
  return exitCodes[exit].code;
}

/** Which command it will be, for only that says how its options are spelt. */
function chosen(args: readonly string[]) {
  const command =
    commands.find(({ name }) => name === args.slice(0, 2).join(' ')) ??
    commands.find(({ name }) => name === args[0]);
  if (command === undefined) return { name: args[0] ?? '', length: 0, options: {} };
  return { name: command.name, length: command.name.split(' ').length, options: command.options };
}

function problemOf(error: unknown, host: Host): Problem | undefined {
  if (error instanceof Error && 'exitCode' in error) return parserProblem(error);
  return host.signal.aborted ? new Problem('interrupted', 'interrupted', 'interrupted') : explained(error);
}
