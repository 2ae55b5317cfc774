/** The program that the runner starts, once for each test. */
import { run } from './run.ts';

void run(process.argv.slice(2)).then(({ exit, stdout, stderr }) => {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exit;
});
