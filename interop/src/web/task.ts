import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { World } from '../peers/peer.ts';

/** What a program is to do, and by which certificates. */
export function taskOf({ pki }: World, servers: Readonly<Record<string, number>>, upgrading: number) {
  const identity = ({ files }: World['pki']['servers']['p256']) => ({
    certificate: readFileSync(files.chain, 'utf8'),
    privateKey: readFileSync(files.key, 'utf8'),
  });
  const identities = {
    roots: readFileSync(pki.rootFile, 'utf8'),
    otherRoots: readFileSync(pki.strangerFile, 'utf8'),
    server: identity(pki.servers.p256),
    rsaServer: identity(pki.servers.rsa2048),
  };
  return {
    identities,
    profile: process.env.SEALWIRE_PROFILE === 'full' ? 'full' : 'default',
    servers,
    upgrading,
  };
}

/** A program of the package as one file, in which nothing of Node's may be. */
export async function bundle(program: string, world: World): Promise<string> {
  const outfile = join(world.directory, program.replace('.ts', '.mjs'));
  const { metafile } = await build({
    entryPoints: [join(programs, program)],
    outfile,
    bundle: true,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['cloudflare:sockets'],
    logLevel: 'error',
  });
  const imports = Object.values(metafile.inputs).flatMap(({ imports: each }) => each.map(({ path }) => path));
  const ofNode = imports.filter((path) => path.startsWith('node:'));
  if (ofNode.length > 0) throw new Error(`the bundle of ${program} imports ${ofNode.join(', ')}`);
  return outfile;
}

export function file({ directory }: World, name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const programs = join(import.meta.dirname, '../../../packages/web-transport/test/runtimes');

/** How long a program may take. */
export const patienceMs = process.env.SEALWIRE_PROFILE === 'full' ? 3_600_000 : 240_000;
