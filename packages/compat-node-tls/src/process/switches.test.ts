import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readSwitches } from './switches.ts';

/** Command line and `NODE_OPTIONS`, as the Node that runs this reads them for its own `node:tls`. */
const table: readonly { readonly args: readonly string[]; readonly options?: string }[] = [
  { args: [] },
  { args: ['--tls-min-v1.0'] },
  { args: ['--tls-min-v1.1', '--tls-min-v1.3'] },
  { args: ['--tls-max-v1.2'] },
  { args: ['--tls-max-v1.2', '--tls-max-v1.3'] },
  { args: ['--tls_min_v1.0'] },
  { args: ['--tls-min-v1.0', '--no-tls-min-v1.0'] },
  { args: ['--no-tls-min-v1.0'], options: '--tls-min-v1.0' },
  { args: ['--tls-min-v1.1'], options: '--no-tls-min-v1.1' },
  { args: [], options: '--tls-min-v1.3' },
  { args: [], options: '  --no-warnings   "--tls-min-v1.1" ' },
  { args: [], options: '"--tls-max-v1\\.2"' },
];

describe('versions', () => {
  it.each(table)('$args, NODE_OPTIONS=$options', ({ args, options = '' }) => {
    const program = `process.stdout.write(JSON.stringify([tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION, process.execArgv]))`;
    const env = { ...process.env, NODE_OPTIONS: options };
    const printed = execFileSync(process.execPath, [...args, '-e', program], { env, encoding: 'utf8' });
    const [min, max, execArgv] = JSON.parse(printed) as [string, string, string[]];
    const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = readSwitches(execArgv, env);
    expect([minVersion, maxVersion]).toEqual([min, max]);
  });
});

describe('files and stores', () => {
  it.each([
    [['--tls-keylog=a b'], {}, { keylogFile: 'a b' }],
    [['--tls-keylog', 'a'], {}, { keylogFile: 'a' }],
    [[], { NODE_OPTIONS: '"--tls-keylog=a b"' }, { keylogFile: 'a b' }],
    [['--trace-tls'], {}, { traces: true }],
    [[], {}, { traces: false, trusts: 'bundled', extraCaFile: undefined, keylogFile: undefined }],
    [['--use-openssl-ca'], {}, { trusts: 'openssl' }],
    [['--use-system-ca'], {}, { trusts: 'bundled and system' }],
    [[], { NODE_USE_SYSTEM_CA: '1' }, { trusts: 'bundled and system' }],
    [['--no-use-system-ca'], { NODE_USE_SYSTEM_CA: '1' }, { trusts: 'bundled' }],
    [[], { NODE_USE_SYSTEM_CA: 'true' }, { trusts: 'bundled' }],
    [[], { NODE_EXTRA_CA_CERTS: 'ca.pem' }, { extraCaFile: 'ca.pem' }],
    [[], { NODE_EXTRA_CA_CERTS: '' }, { extraCaFile: undefined }],
  ])('%j %j', (args, env, expected) => {
    expect(readSwitches(args, env as Record<string, string>, 24)).toMatchObject(expected);
  });

  it('does not know NODE_USE_SYSTEM_CA on a Node that does not', () => {
    expect(readSwitches([], { NODE_USE_SYSTEM_CA: '1' }, 20).trusts).toBe('bundled');
  });
});
