import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parityPki } from '../parity/pki.ts';

const pki = parityPki();
const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
writeFileSync(join(folder, 'identity.json'), JSON.stringify({ root: pki.root, server: pki.server }));
const app = fileURLToPath(new URL('cluster-app.mjs', import.meta.url));
const modules = { builtin: 'node:tls', ours: new URL('../../dist/index.js', import.meta.url).href };

afterAll(() => rmSync(folder, { recursive: true }));

type Visit = readonly [version: string, worker: string, knownThere: string, knownHere: boolean];

describe.each(Object.entries(modules))('workers of a cluster, %s', (_, module) => {
  it('share keys of tickets: a client resumes at another worker', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [app, folder, module]);
    const visits = JSON.parse(stdout) as Visit[];
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const of = visits.filter(([each]) => each === version);
      // Connections go to the workers in turn.
      expect(new Set(of.map(([, worker]) => worker)).size).toBe(2);
      expect(of.map(([, , there, here]) => [there, here])).toEqual([
        ['false', false],
        ...Array.from({ length: 3 }, () => ['true', true]),
      ]);
    }
  });
});
