/**
 * `npm run interop -- [options]`: our stack against others.
 *
 *  --sample         a pairwise sample instead of the whole matrix; with `--seed N` a certain one
 *  --share N        of the sample N percent, drawn by the seed
 *  --full           the whole matrix (the default)
 *  --peer NAME      this peer alone; may be repeated
 *  --only TEXT      only cells and checks whose name contains this
 *  --checks         the checks of key log and bundle alone, or besides the peers named
 *  --libraries      libraries over Node's tls and over ours alone; all of them, or with `--library NAME` some
 *  --write-docs     write the results to docs/interop.md and docs/libraries.md
 */
import { runLibrariesAlone } from './libraries/alone.ts';
import { runInOwnNetwork } from './own-network.ts';
import { stopAllTools } from './processes.ts';
import { fetchRuntimes, runSuite } from './suite.ts';

process.on('exit', stopAllTools);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
const args = process.argv.slice(2);
const isLibraries = args.includes('--libraries');
// Fetched first: inside a network of our own there is no registry.
if (!isLibraries) await fetchRuntimes(args);
const exitCode = runInOwnNetwork();
process.exit(exitCode ?? ((await (isLibraries ? runLibrariesAlone : runSuite)(args)) ? 0 : 1));
