import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parityPki } from '../parity/pki.ts';

/** One application under the same switches and variables, with the builtin and with the built entry of this package. */

const pki = parityPki();
const folder = mkdtempSync(join(tmpdir(), 'switches-'));
const rootFile = join(folder, 'root.pem');
writeFileSync(rootFile, pki.root);
writeFileSync(join(folder, 'identity.json'), JSON.stringify({ root: pki.root, server: pki.server }));
const app = fileURLToPath(new URL('app.mjs', import.meta.url));
const modules = { builtin: 'node:tls', ours: new URL('../../dist/index.js', import.meta.url).href };

afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly told: readonly string[];
  readonly stderr: string;
  readonly keylog: string;
}

async function run(
  module: keyof typeof modules,
  switches: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Run> {
  const keylog = join(folder, `${module}.keylog`);
  writeFileSync(keylog, '');
  const own = switches.map((each) => each.replace('KEYLOG', keylog));
  // Native code writes without waiting: a pipe would lose what does not fit.
  const errors = join(folder, `${module}.stderr`);
  const child = spawn(process.execPath, [...own, app, folder, modules[module]], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', openSync(errors, 'w')],
  });
  let stdout = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  const stderr = readFileSync(errors, 'latin1');
  expect(code, stderr.slice(-1000)).toBe(0);
  const told = stdout.trim().replaceAll(keylog, 'KEYLOG').split('\n');
  return { told, stderr, keylog: readFileSync(keylog, 'latin1') };
}

function both(...args: [readonly string[], NodeJS.ProcessEnv?]): Promise<[Run, Run]> {
  return Promise.all([run('builtin', ...args), run('ours', ...args)]);
}

const labels = ({ keylog }: Run): string[] =>
  keylog
    .trim()
    .split('\n')
    .map((line) => line.slice(0, line.indexOf(' ')))
    .sort();

describe('as the builtin', () => {
  it('does what --tls-cipher-list, --tls-min-v1.0, --tls-max-v1.2, --tls-keylog and NODE_EXTRA_CA_CERTS say', async () => {
    const [theirs, ours] = await both(
      [
        '--tls-cipher-list=ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256',
        ...['--tls-min-v1.0', '--tls-max-v1.2', '--tls-keylog=KEYLOG'],
      ],
      { NODE_EXTRA_CA_CERTS: rootFile },
    );
    expect(ours.told).toEqual(theirs.told);
    expect(ours.told.join()).toContain(
      '"without a root",true,null,"TLSv1.2","ECDHE-ECDSA-AES128-GCM-SHA256"',
    );
    expect(labels(ours)).toEqual(labels(theirs));
    expect(labels(ours)).toContain('CLIENT_RANDOM');
  });

  it('does what NODE_OPTIONS says, and --use-openssl-ca with SSL_CERT_FILE', async () => {
    const [theirs, ours] = await both([], {
      NODE_OPTIONS: '--tls-min-v1.3 --use-openssl-ca',
      SSL_CERT_FILE: rootFile,
    });
    expect(ours.told).toEqual(theirs.told);
    expect(ours.told.join()).toContain('"without a root",true,null,"TLSv1.3"');
    // Newer releases throw where older ones warn of DEP0123.
    expect(ours.told.join()).toMatch(/DEP0123|"by its address","thrown","ERR_INVALID_ARG_VALUE"/);
  });

  it('traces with --trace-tls, and lets everybody in by NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
    const [theirs, ours] = await both(['--trace-tls'], { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(ours.told).toEqual(theirs.told);
    expect(ours.told.join()).toContain('"without a root",false,"UNABLE_TO_GET_ISSUER_CERT_LOCALLY"');
    expect(traced(ours)).toEqual(traced(theirs));
    expect(traced(ours)['Received ClientHello']).toBeGreaterThan(0);
  });

  it('says with NODE_DEBUG=tls what the builtin says', async () => {
    const [theirs, ours] = await both([], { NODE_DEBUG: 'tls' });
    expect(ours.told).toEqual(theirs.told);
    // How the two sides of a connection interleave is chance.
    for (const side of ['client', 'server']) expect(debugged(ours, side)).toEqual(debugged(theirs, side));
    expect(debugged(ours, 'client')).toContain('client emit secureConnect. authorized: true');
  });
});

/** How often each message was seen. */
function traced({ stderr }: Run): Record<string, number> {
  const counts: Record<string, number> = {};
  let direction = '';
  for (const line of stderr.split('\n')) {
    direction = /^(Sent|Received) (?:TLS )?Record$/.exec(line)?.[1] ?? direction;
    const [, message] = /^ {4}(\w+), Length=\d+$/.exec(line) ?? [];
    if (message === undefined) continue;
    const name = `${direction} ${message}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Lines of one side; which address is no server name is no matter here (RFC 6066 §3). */
function debugged({ stderr }: Run, side: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('TLS '))
    .map((line) =>
      line.replace(/^TLS \d+: /, '').replace(/servername (127\.0\.0\.1|false)$/, 'servername none'),
    )
    .filter((line) => line.startsWith(side) && !line.includes('error'));
}
