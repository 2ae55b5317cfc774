/** Packs packages as they would be published. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { publicPackages, root } from './workspace.mjs';

/**
 * All public packages, into an empty folder.
 * @param {string} folder
 * @returns {Promise<{ subject: import('./workspace.mjs').Package, tarball: string, paths: string[] }[]>} `paths`: what is in it
 */
export async function packAll(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const queue = publicPackages();
  const subjects = [...queue];
  /** @type {Map<string, { tarball: string, paths: string[] }>} */
  const packed = new Map();
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const args = ['pack', '--json', '--pack-destination', folder];
      const { stdout } = await promisify(execFile)('pnpm', args, {
        cwd: join(root, next.directory),
        shell: process.platform === 'win32',
        maxBuffer: 1 << 28,
      });
      const { filename, files } = JSON.parse(stdout);
      const paths = files.map((/** @type {{ path: string }} */ { path }) => path);
      packed.set(next.name, { tarball: join(folder, basename(filename)), paths });
    }
  };
  await Promise.all([work(), work()]);
  return subjects.map((subject) => ({ subject, .../** @type {any} */ (packed.get(subject.name)) }));
}
