import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { otherNodes } from '../session/nodes.ts';

/** All that is compared with the builtin, beside those of other releases of Node: each runs the same tests with itself. */

const nodes = process.env['SEALWIRE_PROFILE'] === 'full' ? otherNodes() : 'only with SEALWIRE_PROFILE=full';
if (typeof nodes === 'string') {
  console.log(`skipped: situations beside other releases of Node, ${nodes}`);
  it.skip('other releases of Node');
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const vitest = fileURLToPath(new URL('../../../../node_modules/vitest/vitest.mjs', import.meta.url));
const files = ['parity/handshake', 'parity/stream', 'process/', 'trace/', 'http/permission', 'context/'];

describe.each(typeof nodes === 'string' ? [] : nodes)('%s', (binary) => {
  it('plays as its own builtin does', async () => {
    const args = [vitest, 'run', ...files.map((file) => `packages/compat-node-tls/test/${file}`)];
    // As vitest sets it for those that it runs itself.
    const { VITEST: _, SEALWIRE_PROFILE: __, ...env } = process.env;
    const run = promisify(execFile)(binary, args, { cwd: root, env, maxBuffer: 1 << 28 });
    const { stdout, failed } = await run.then(
      ({ stdout: text }) => ({ stdout: text, failed: false }),
      (error: { stdout: string }) => ({ stdout: error.stdout, failed: true }),
    );
    const text = stripVTControlCharacters(stdout);
    console.log(`${binary}: ${/^ *Tests .*$/m.exec(text)?.[0].trim() ?? 'no tests'}`);
    expect(failed, text.slice(-20_000)).toBe(false);
    expect(text).toMatch(/^ *Tests +\d+ passed/m);
  });
});
