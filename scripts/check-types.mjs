/**
 * Type-checks everything that the builds leave out: tests, scripts of the private folders, and the sources
 * once more with Node's types. Fails if a TypeScript file of the repository escaped the check.
 */
import { join } from 'node:path';
import { filesBelow, packages, report, root, run } from './workspace.mjs';

const tsc = join(root, 'node_modules/typescript7/bin/tsc');
const { status, stdout, stderr } = run(process.execPath, [
  tsc,
  '-p',
  'tsconfig.test.json',
  '--listFiles',
  '--pretty',
  'false',
]);
const lines = (stdout + stderr).split('\n').filter((line) => line !== '');
const errors = lines.filter((line) => !line.startsWith('/') && !/^[A-Za-z]:[/\\]/.test(line));
const seen = new Set(lines.map((line) => line.replaceAll('\\', '/')));
const expected = packages().flatMap((each) => filesBelow(each.directory, /\.ts$/));
const escaped = expected.filter((file) => !seen.has(join(root, file).replaceAll('\\', '/')));

const problems = [...errors, ...escaped.map((file) => `${file}: not covered by tsconfig.test.json`)];
if (status !== 0 && problems.length === 0) problems.push(`tsc ended with ${status}`);
report(problems, `${expected.length} files for types`);
