import { execFileSync } from 'node:child_process';
import { findRuntime } from '../../../../scripts/runtimes.mjs';

/**
 * Other releases of Node, whose `node:tls` is the reference too: the binaries that `SEALWIRE_NODES` names, separated by colons, or
 * else Node 24 and 26 from npm. A text says why there are none.
 */
export function otherNodes(): readonly string[] | string {
  const named = process.env['SEALWIRE_NODES'];
  if (named !== undefined) return named.split(':').filter(takesTypeScript);
  const nodes = (['node24', 'node26'] as const).map(findRuntime);
  const missing = nodes.find((node) => 'reason' in node);
  return missing?.reason ?? nodes.flatMap((node) => ('path' in node ? [node.path] : []));
}

function takesTypeScript(binary: string): boolean {
  const isFit =
    execFileSync(binary, ['-p', 'process.features.typescript'], { encoding: 'utf8' }).trim() === 'strip';
  if (!isFit) console.log(`skipped: sessions beside ${binary}, which does not take TypeScript`);
  return isFit;
}
