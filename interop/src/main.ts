/**
 * `npm run interop -- [options]`: our stack against others.
 *
 *  --sample         a pairwise sample instead of the whole matrix; with `--seed N` a certain one
 *  --full           the whole matrix (the default)
 *  --peer NAME      this peer alone; may be repeated
 *  --only TEXT      only cells whose name contains this
 *  --checks         the checks of key log and bundle alone, or besides the peers named
 *  --write-docs     write the results to docs/interop.md
 */
import { runInOwnNetwork } from './own-network.ts';
import { stopAllTools } from './processes.ts';
import { fetchRuntimes, runSuite } from './suite.ts';

process.on('exit', stopAllTools);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
// Fetched first: inside a network of our own there is no registry.
await fetchRuntimes(process.argv.slice(2));
const exitCode = runInOwnNetwork();
process.exit(exitCode ?? ((await runSuite(process.argv.slice(2))) ? 0 : 1));
