import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import { connect } from '@sealwire/node-transport';
import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeOcspErrorResponse } from '@sealwire/x509';
import { file, paths, pki, run, scratch } from './run.ts';
import { served } from './served.ts';

const own = ['-cert', paths.serverCert, '-key', paths.serverKey];
const trusted = ['-CAfile', paths.root];

describe('serve', () => {
  it('shows in a page what a browser speaks', async () => {
    const server = await served([
      ...own,
      '-www',
      '-alpn',
      'http/1.1',
      '-naccept',
      '2',
      '--max-connections',
      '5',
    ]);
    const page = await get(server.port, '/', { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/<th>version<\/th><td>TLS 1\.3<\/td>/);
    const json = await get(server.port, '/', { accept: 'application/json' });
    expect(JSON.parse(json.body)).toMatchObject({ version: 'TLS 1.3', serverName: 'localhost' });
    const { code } = await server.ran;
    expect(code).toBe(0);
    expect(server.reports().map(({ result }) => result.event)).toEqual([
      'listening',
      'connection',
      'connection',
    ]);
  });

  it('ends an echo of which nothing comes, or is read', async () => {
    const server = await served([...own, '--idle-timeout', '0.3']);
    const silent = await connect({ host: 'localhost', port: server.port, roots: pki.root });
    silent.write('hello');
    let text = '';
    for await (const chunk of silent) text += String(chunk);
    expect(text).toBe('hello');
    const deaf = await connect({ host: 'localhost', port: server.port, roots: pki.root });
    // It hears, sooner or later, that it was cut off.
    const gone = new Promise<void>((resolve) => deaf.on('error', () => {}).once('close', resolve));
    const fill = () => {
      while (!deaf.destroyed && deaf.write(Buffer.alloc(65_536)));
    };
    deaf.on('drain', fill);
    fill();
    while (server.reports().filter(({ ok }) => !ok).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.reports().filter(({ ok }) => !ok)).toMatchObject([
      { problem: { code: 'idle' } },
      { problem: { code: 'idle' } },
    ]);
    deaf.destroy();
    await gone;
    expect((await server.stop()).code).toBe(0);
  });

  it('sends lines back backwards, however they come', async () => {
    const server = await served([...own, '-rev']);
    const where = ['connect', `localhost:${server.port}`, ...trusted, '-quiet', '-no_ign_eof'];
    const long = 'x'.repeat(16_384);
    const { stdout } = await run(where, {
      input: Readable.from(['abc\nde', 'f\r\n', '\n', `${long}yz\n`, 'end'].map((text) => Buffer.from(text))),
    });
    expect(stdout).toBe(`cba\n\rfed\n\n${long}zy\ndne`);
    await server.stop();
  });

  it('shows its second certificate for the name that it is told', async () => {
    const second = ['-cert2', paths.clientCert, '-key2', paths.clientKey];
    const server = await served([...own, ...second, '-servername', 'other.example']);
    const subject = async (name: string) => {
      const where = ['connect', `localhost:${server.port}`, '--insecure', '-servername', name, '--json'];
      return (await run(where)).stdout.match(/"subject":"CN=(\w+)/)?.[1];
    };
    expect([await subject('other.example'), await subject('localhost')]).toEqual(['client', 'server']);
    await server.stop();
    expect((await run(['serve', ...own, '-servername', 'a'])).stderr).toContain('without --cert2');
  });

  it('says that HTTP/2 is not what it speaks', async () => {
    const { code, stderr } = await run(['serve', ...own, '-www', '-alpn', 'h2,http/1.1']);
    expect({ code, isSaid: stderr.includes('HTTP/1.1 is all that') }).toEqual({ code: 2, isSaid: true });
  });

  it('serves files, and nothing that lies elsewhere or is hidden', async () => {
    const root = `${scratch}/site`;
    mkdirSync(`${root}/below`, { recursive: true });
    mkdirSync(`${root}/.git`);
    writeFileSync(`${root}/index.html`, '<p>hello');
    writeFileSync(`${root}/below/a b.txt`, 'text');
    writeFileSync(`${root}/.git/config`, 'hidden');
    writeFileSync(`${scratch}/outside.txt`, 'outside');
    symlinkSync(`${scratch}/outside.txt`, `${root}/link.txt`);
    symlinkSync(`${root}/.git/config`, `${root}/shown.txt`);
    const server = await served([...own, '-HTTP', '--root', root]);
    expect(await get(server.port, '/')).toMatchObject({
      status: 200,
      body: '<p>hello',
      type: 'text/html; charset=utf-8',
    });
    expect(await get(server.port, '/below/a%20b.txt?x=1')).toMatchObject({ status: 200, body: 'text' });
    for (const path of [
      '/../outside.txt',
      '/below/../../outside.txt',
      '/%2e%2e/outside.txt',
      '/below/..%2f..%2foutside.txt',
      '/..%5coutside.txt',
      '/link.txt',
      '/shown.txt',
      '/.git/config',
      '/below',
      '/index.html%00.txt',
      '/%ff',
      '//etc/passwd',
      '/none',
    ]) {
      expect({ path, ...(await get(server.port, path)) }).toMatchObject({ path, status: 404 });
    }
    expect(await get(server.port, '/', {}, 'POST')).toMatchObject({ status: 405 });
    expect(await get(server.port, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    await server.stop();
    expect((await run(['serve', ...own, '-HTTP', '--root', '/no/such/folder'])).code).toBe(3);
  });

  it('asks clients for certificates, and lets in whom it should', async () => {
    const asking = await served([...own, ...trusted, '-Verify', '3']);
    const to = `localhost:${asking.port}`;
    const client = ['-cert', paths.clientCert, '-key', paths.clientKey];
    expect((await run(['connect', to, ...trusted, ...client], { input: 'me' })).stdout).toBe('me');
    const without = await run(['connect', to, ...trusted], { input: 'me' });
    expect(without.code).toBe(5);
    expect(without.stderr).toContain('the server wants a certificate of ours');
    await asking.stop();
    const [, well, ill] = asking.reports();
    expect(well).toMatchObject({
      result: {
        event: 'connection',
        peer: { isTrusted: true, chain: [{ subject: 'CN=client, O=Sealwire tests' }, {}] },
      },
    });
    expect(ill).toMatchObject({
      ok: false,
      result: { event: 'failed' },
      problem: { code: 'incompatible.certificateRequired' },
    });

    const strict = await served([...own, ...trusted, '-verify', '0']);
    const tooLong = await run(['connect', `localhost:${strict.port}`, ...trusted, ...client], {
      input: 'me',
    });
    expect(tooLong.code).toBe(5);
    expect((await run(['connect', `localhost:${strict.port}`, ...trusted])).code).toBe(0);
    await strict.stop();
    const lax = await served([...own, '-verify', '1', '--insecure', '--brief']);
    expect((await run(['connect', `localhost:${lax.port}`, ...trusted, ...client])).code).toBe(0);
    await lax.stop();
    expect(lax.reports()[1]).toMatchObject({ result: { peer: { isTrusted: false } } });
    expect((await run(['serve', ...own, '-verify', '1'])).stderr).toContain('--ca-file');
  });

  it('has other certificates for other names', async () => {
    const other = `${scratch}/other`;
    const third = `${scratch}/third`;
    await run(['cert', 'pki', other, '--name', 'other.example']);
    await run(['cert', 'pki', third, '--name', 'third.example']);
    const server = await served([
      ...[...own, '-cert2', `${other}/server.pem`, '-key2', `${other}/server.key`],
      ...['--identity', `${third}/server.pem,${third}/server.key`, '-cert_chain', paths.root],
    ]);
    const names = async (name: string) => {
      const { stdout } = await run([
        'connect',
        `localhost:${server.port}`,
        '-servername',
        name,
        '--insecure',
        '--json',
      ]);
      return JSON.parse(stdout).result.connections[0].peer.chain.map(
        ({ names }: { names: string[] }) => names[0],
      );
    };
    expect(await names('other.example')).toEqual(['DNS:other.example', undefined]);
    expect(await names('third.example')).toEqual(['DNS:third.example', undefined]);
    expect(await names('localhost')).toEqual(['DNS:localhost', undefined, undefined]);
    await server.stop();
  });

  it('gives as many tickets as it is told to, staples, and takes as much early data', async () => {
    const status = file(makeOcspErrorResponse('tryLater'));
    const [session, early] = [file(), file('x'.repeat(100))];
    const server = await served([
      ...own,
      '-num_tickets',
      '1',
      '-status_file',
      status,
      '-max_early_data',
      '60',
      '--echo',
    ]);
    const to = `localhost:${server.port}`;
    const json = await run(['connect', to, ...trusted, '-sess_out', session, '--json']);
    expect(JSON.parse(json.stdout).result.connections[0].sessions).toHaveLength(1);
    const { stdout, stderr } = await run([
      'connect',
      to,
      ...trusted,
      '-sess_in',
      session,
      '-early_data',
      early,
    ]);
    expect(stdout).toBe('x'.repeat(100));
    expect(stderr).toContain('accepted');
    const asked = await run(['connect', to, ...trusted, '-status']);
    expect(asked).toMatchObject({ code: 6 });
    expect(asked.stderr).toMatch(/check: OCSP_VERIFY_(NEEDED|FAILED)/);
    expect((await run(['connect', to, ...trusted, '-must-staple'])).code).toBe(6);
    await server.stop();
    const none = await served([...own, '-no_ticket', '--keylog', file(), '--truncation', 'end']);
    const unresumable = await run(['connect', `localhost:${none.port}`, ...trusted, '--json', '-status']);
    expect(JSON.parse(unresumable.stdout).result.connections[0].sessions).toEqual([]);
    await none.stop();
  });

  it('goes on after clients that are none, and says so for people', async () => {
    const controller = new AbortController();
    let port = 0;
    const running = run(['serve', '-port', '0', ...own, '--trace', '--handshake-timeout', '20'], {
      signal: controller.signal,
      onMessages: (text) => {
        port ||= Number(/listening on 127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? 0);
      },
    });
    while (port === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const socket = connectSocket(port, '127.0.0.1', () => socket.end('GET / \u001b[31m HTTP/1.0\r\n\r\n'));
    await once(socket.resume(), 'close');
    expect((await run(['connect', `localhost:${port}`, ...trusted], { input: 'hi' })).stdout).toBe('hi');
    controller.abort();
    const { code, stderr } = await running;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^127\.0\.0\.1:\d+: failed: .*\[peer\.\w+\]$/m);
    expect(stderr).toMatch(/^127\.0\.0\.1:\d+: TLS 1\.3, .*for localhost$/m);
    expect(stderr).toMatch(/^< {3}client_hello/m);
  });

  it('says what it lacks before it listens', async () => {
    const wrong = [
      ['serve'],
      ['serve', '-key', paths.serverKey],
      ['serve', ...own, '-www', '-echo'],
      ['serve', ...own, '--root', '.'],
      ['serve', ...own, '-key2', paths.serverKey],
      ['serve', ...own, '-unix', file(), '-accept', '1'],
      ['serve', ...own, '-tls1_3', '-no_tls1_3'],
      ['serve', ...own, '-tls1_1', '-no_tls1_1'],
      ['serve', ...own, '-tls1', '-no_tls1'],
      ['serve', ...own, '-rev', '-www'],
      ['serve', ...own, '-groups', 'nonsense'],
      ['serve', ...own, '-sigalgs', 'nonsense'],
      ['serve', ...own, '-ciphersuites', 'nonsense'],
      ['serve', ...own, '-psk_identity', 'x'],
      ['serve', ...own, '-alpn', ''],
      ['serve', ...own, '-num_tickets', '99'],
    ];
    for (const args of wrong) expect({ args, code: (await run(args)).code }).toEqual({ args, code: 2 });
    const mismatch = await run(['serve', '-cert', paths.serverCert, '-key', paths.clientKey]);
    expect(mismatch.code).toBe(3);
    expect(mismatch.stderr).toContain(paths.clientKey);
    const taken = await served(own);
    expect(await run(['serve', ...own, '-accept', `${taken.port}`])).toMatchObject({ code: 4 });
    await taken.stop();
  });
});

interface Got {
  readonly status: number | undefined;
  readonly body: string;
  readonly type: string | undefined;
}

/** By Node's own client, over its own TLS. */
async function get(port: number, path: string, headers = {}, method = 'GET'): Promise<Got> {
  const asked = request({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: pki.root,
    path,
    headers: { ...headers, connection: 'close' },
    method,
  });
  asked.end();
  const [response] = await once(asked, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body, type: response.headers['content-type'] };
}
