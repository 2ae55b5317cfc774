import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { serverIdentity, trusted } from './identity.ts';

/** An application that knows nothing of this package, by the built entry. */
const app = fileURLToPath(new URL('app.cjs', import.meta.url));
const entry = new URL('../../dist/register.js', import.meta.url).href;

async function told(before: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const identity = JSON.stringify({ ...serverIdentity, ...trusted });
  const { stdout } = await promisify(execFile)(process.execPath, [...before, app], {
    env: { ...process.env, ...env, APP_IDENTITY: identity },
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const seen = {
  isOurs: true,
  sameByImport: true,
  https: 'https true',
  isInstance: true,
  fetched: 'https true',
  http2: 'http2',
  encrypted: true,
};

describe('register', () => {
  it('puts ours under an application', async () => {
    expect(await told(['--import', entry])).toEqual([seen, seen]);
  });

  it('comes with NODE_OPTIONS', async () => {
    expect(await told([], { NODE_OPTIONS: `--import=${entry}` })).toEqual([seen, seen]);
  });

  it('may come after https and http2 were loaded', async () => {
    const early = fileURLToPath(new URL('early.cjs', import.meta.url));
    expect(await told(['--require', early, '--import', entry])).toEqual([seen, seen]);
  });

  it('is what makes the difference', async () => {
    const [main] = (await told([])) as [object];
    expect(main).toEqual({ ...seen, isOurs: false, https: 'https false', fetched: 'https false' });
  });
});
