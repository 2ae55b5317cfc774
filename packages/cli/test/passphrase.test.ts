import { readFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, encryptPrivateKey, loadPrivateKey } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { paths, run, scratch } from './run.ts';
import { served } from './served.ts';

const locked = join(scratch, 'locked.key');
const key = loadPrivateKey(readFileSync(paths.serverKey, 'utf8'), provider);
const derivation = { type: 'pbkdf2', iterations: 10 } as const;
writeFileSync(
  locked,
  encodePem('ENCRYPTED PRIVATE KEY', encryptPrivateKey(key, { provider, passphrase: 'wörds', derivation })),
);

/** A terminal at which these keys are pressed once it shows nothing of them. */
function terminal(...chunks: string[]) {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    setRawMode(isRaw: boolean) {
      modes.push(isRaw);
      if (isRaw) for (const each of chunks) stdin.write(each);
    },
  });
  return { modes, options: { input: stdin, terminal: true } };
}

const args = ['cert', 'request', '-key', locked, '-subj', '/CN=a'];

describe('the passphrase of a key', () => {
  it('is asked for at a terminal, which shows nothing of it', async () => {
    const { modes, options } = terminal('forgotten\u0015wx', '\u007förds', '\r');
    const { code, stdout, stderr } = await run(args, options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Passphrase of ${locked}: \n` });
    expect(stdout).toContain('BEGIN CERTIFICATE REQUEST');
    expect(modes).toEqual([true, false]);
  });

  it('is asked for once', async () => {
    const { modes, options } = terminal('others\n');
    const { code, stderr } = await run(args, options);
    expect(code).toBe(3);
    expect(stderr).not.toContain('others');
    expect(modes).toEqual([true, false]);
  });

  it('may be refused by Ctrl-C, and is not asked for where nobody sits', async () => {
    const { modes, options } = terminal('wör\u0003');
    expect((await run(args, options)).code).toBe(130);
    expect(modes).toEqual([true, false]);
    const { code, stderr } = await run(args);
    expect(code).toBe(3);
    expect(stderr).toContain('the key is encrypted: -pass env:NAME');
  });

  it('may be said, and then nobody is asked', async () => {
    const { modes, options } = terminal();
    const said = await run([...args, '-passin', 'env:P'], { ...options, env: { P: 'wörds' } });
    expect(said.code).toBe(0);
    expect(modes).toEqual([]);
  });

  it('leaves a terminal at which one goes on typing', async () => {
    const server = await served(['-cert', paths.serverCert, '-key', paths.serverKey]);
    const { options } = terminal('wörds\r');
    // What is typed before anybody reads it waits in the terminal.
    const { input } = options;
    input.once('pause', () => input.write('hello\n'));
    const { code, stdout } = await run(
      [
        'connect',
        `localhost:${server.port}`,
        '-CAfile',
        paths.root,
        '-cert',
        paths.serverCert,
        '-key',
        locked,
      ],
      {
        ...options,
        onOutput: () => void input.write('Q\n'),
      },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello\n' });
    await server.stop();
  });

  it('leaves what is typed behind it in one go, as it leaves what comes later', async () => {
    const server = await served(['-cert', paths.serverCert, '-key', paths.serverKey]);
    const { options } = terminal('wörds\rhello\rwör', 'ld\r');
    const own = ['-CAfile', paths.root, '-cert', paths.serverCert, '-key', locked];
    let heard = '';
    const { code, stdout } = await run(['connect', `localhost:${server.port}`, ...own], {
      ...options,
      onOutput: (text) => {
        heard += text;
        if (heard.endsWith('ld\r')) options.input.write('Q\n');
      },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello\nwörld\r' });
    await server.stop();
  });

  it('is asked for of each key, also of somebody who types ahead', async () => {
    const { modes, options } = terminal('wörds\rwörds\r');
    const own = ['-cert', paths.serverCert, '-key', locked];
    const server = await served([...own, '-cert2', paths.serverCert, '-key2', locked], options);
    await server.stop();
    expect(modes).toEqual([true, false, true, false]);
  });

  it('is asked for of each key', async () => {
    const { modes, options } = terminal('wörds\r');
    const own = ['-cert', paths.serverCert, '-key', locked];
    const server = await served([...own, '-cert2', paths.serverCert, '-key2', locked], options);
    await server.stop();
    expect(modes).toEqual([true, false, true, false]);
  });

  it('is not waited for when the program is to end', async () => {
    const { modes, options } = terminal();
    expect((await run(args, { ...options, signal: AbortSignal.abort() })).code).toBe(130);
    expect(modes).not.toContain(true);
  });
});
