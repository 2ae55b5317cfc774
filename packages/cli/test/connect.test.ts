import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from '@sealwire/node-transport';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePem, makeCertificate } from '@sealwire/x509';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { file, paths, pki, run } from './run.ts';
import { type Served, served } from './served.ts';

const own = ['-cert', paths.serverCert, '-key', paths.serverKey];
const trusted = ['-CAfile', paths.root];
let echo: Served;
let to: string;

beforeAll(async () => {
  echo = await served([...own, '-early_data', '-alpn', 'a,b']);
  to = `localhost:${echo.port}`;
});
afterAll(() => echo.stop());

describe('connect', () => {
  it('is clean for bytes, and closes at the end of the input', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) & 0xff));
    const { code, stdoutBytes, stderr } = await run(['connect', to, ...trusted], { input: bytes });
    expect(stdoutBytes.equals(bytes)).toBe(true);
    expect(code).toBe(0);
    expect(stderr).toContain('TLS 1.3');
    expect(stderr).toContain('verification: ok');
  });

  it('takes the flags of OpenSSL and their long forms for the same', async () => {
    const spellings = [
      [
        '-connect',
        to,
        '-CAfile',
        paths.root,
        '-tls1_2',
        '-cipher',
        'ECDHE-ECDSA-AES256-GCM-SHA384',
        '-servername',
        'localhost',
        '-brief',
      ],
      [
        `--connect=${to}`,
        '--ca-file',
        paths.root,
        '--tls1-2',
        '--cipher=ECDHE-ECDSA-AES256-GCM-SHA384',
        '--servername=localhost',
        '--brief',
      ],
    ];
    const [short, long] = await Promise.all(spellings.map((args) => run(['connect', ...args])));
    expect(short!.stderr).toBe(long!.stderr);
    expect(short!.stderr).toContain(
      'CONNECTION ESTABLISHED\nProtocol version: TLSv1.2\nCiphersuite:      ECDHE-ECDSA-AES256-GCM-SHA384\n',
    );
  });

  it('says in JSON what was agreed on', async () => {
    const args = [
      '-ciphersuites',
      'TLS_CHACHA20_POLY1305_SHA256',
      '-groups',
      'P-384',
      '-sigalgs',
      'ecdsa_secp256r1_sha256',
      '-alpn',
      'b',
    ];
    const out = file();
    const { stdout, code } = await run(
      [
        'connect',
        to,
        ...trusted,
        ...args,
        '--json',
        '--quiet',
        '--no-ign-eof',
        '--out',
        out,
        '--provider',
        'noble',
        '-no_tls1_2',
      ],
      { input: 'hello' },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'connect',
      ok: true,
      result: {
        connections: [
          {
            version: 'TLS 1.3',
            cipherSuite: 'TLS_CHACHA20_POLY1305_SHA256',
            group: 'secp384r1',
            alpnProtocol: 'b',
            serverName: 'localhost',
            isResumed: false,
            bytesSent: 5,
            bytesReceived: 5,
            peer: { isTrusted: true },
          },
        ],
      },
    });
    expect(readFileSync(out, 'utf8')).toBe('hello');
  });

  it('ends where the server is not to be trusted, and says which certificate and why', async () => {
    const stranger = await run(['connect', to]);
    expect(stranger).toMatchObject({ code: 6, stdout: '' });
    expect(stranger.stderr).toContain('check: UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
    const wrongName = await run(['connect', to, ...trusted, '-verify_hostname', 'other.example', '--json']);
    expect(JSON.parse(wrongName.stdout)).toMatchObject({
      exitCode: 6,
      problem: { check: 'HOSTNAME_MISMATCH', certificate: 'CN=server, O=Sealwire tests' },
      result: { connections: [{ address: to }] },
    });
    expect((await run(['connect', to, '-servername', 'other.example', ...trusted])).code).toBe(6);
    const strict = await run(['connect', to, '--insecure', '-verify_return_error']);
    expect(strict.code).toBe(6);
    const goesOn = await run(['connect', to, '--insecure'], { input: 'x' });
    expect(goesOn).toMatchObject({ code: 0, stdout: 'x' });
    expect(goesOn.stderr).toContain(
      'FAILED, going on because of --insecure: UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    );
  });

  it('trusts directories, the system, and no server without a name', async () => {
    const env = { SSL_CERT_FILE: paths.root };
    expect((await run(['connect', to, '--system-roots'], { env })).code).toBe(0);
    expect((await run(['connect', to, '-CApath', '/no/such/folder'])).code).toBe(3);
    expect((await run(['connect', to, '--system-roots', ...trusted])).code).toBe(2);
    expect((await run(['connect', '-unix', file()])).code).toBe(2);
    const noName = await run(['connect', to, ...trusted, '-noservername', '--json']);
    expect(JSON.parse(noName.stdout).result.connections[0].serverName).toBeUndefined();
  });

  it('keeps sessions in files that their owner alone reads, resumes them, and sends early data', async () => {
    const [session, early] = [file(), file('early ')];
    await run(['connect', to, ...trusted, '-sess_out', session]);
    expect(statSync(session).mode & 0o777).toBe(0o600);
    const resumed = await run(
      ['connect', to, ...trusted, '-sess_in', session, '-sess_out', session, '-early_data', early],
      { input: 'late' },
    );
    expect(resumed.stdout).toBe('early late');
    expect(resumed.stderr).toMatch(/session: +resumed/);
    expect(resumed.stderr).toMatch(/early data: +accepted/);
    // The server takes a hello with early data once: the same session again brings none.
    const json = await run(['connect', to, ...trusted, '-sess_in', session, '--json']);
    expect(json.stdout).not.toContain(readFileSync(session, 'latin1').split('\n')[3]!);
    expect(JSON.parse(json.stdout).result.connections[0]).toMatchObject({ isResumed: true });
    expect((await run(['connect', to, ...trusted, '-early_data', early])).code).toBe(2);
    expect((await run(['connect', to, ...trusted, '-sess_in', early])).code).toBe(3);
    const foreign = file(
      '-----BEGIN SSL SESSION PARAMETERS-----\nMAA=\n-----END SSL SESSION PARAMETERS-----\n',
    );
    const refused = await run(['connect', to, ...trusted, '-sess_in', foreign]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('got a session of OpenSSL');
  });

  it('reconnects five times, each time with the session before', async () => {
    const { stderr } = await run(['connect', to, ...trusted, '-reconnect']);
    expect(stderr.match(/connected again: resumed/g)).toHaveLength(5);
  });

  it('logs keys for Wireshark, and prints certificates', async () => {
    const keys = file();
    const { stdout } = await run([
      'connect',
      to,
      ...trusted,
      '-keylogfile',
      keys,
      '-showcerts',
      '-quiet',
      '-no_ign_eof',
    ]);
    expect(stdout).toBe(pki.server.certificate);
    expect(statSync(keys).mode & 0o777).toBe(0o600);
    expect(readFileSync(keys, 'utf8')).toMatch(/^SERVER_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]{64}$/m);
    expect((await run(['connect', to, ...trusted, '--keylog', '/no/such/folder/x'])).code).toBe(3);
  });

  it('traces messages field by field, without data and without anything that a terminal obeys', async () => {
    const { stderr } = await run(['connect', to, ...trusted, '--trace', '-alpn', '\u001b[31mred,b'], {
      input: 'secret words',
    });
    expect(stderr).toMatch(/^> {3}client_hello, \d+/m);
    expect(stderr).toMatch(/^> +host_name: "localhost"$/m);
    expect(stderr).toMatch(/^< {3}encrypted_extensions/m);
    expect(stderr).toMatch(/^< record application_data, .*protected$/m);
    expect(stderr).toMatch(/^> {3}alert warning close_notify$/m);
    expect(stderr).not.toContain('secret words');
    expect(stderr).not.toContain('\u001b');
  });

  it('obeys lines of one letter where somebody types them, and sends them where nobody does', async () => {
    const typed = new PassThrough();
    const running = run(['connect', to, ...trusted, '--trace'], { input: typed, terminal: true });
    for (const line of ['k\n', 'K\n', 'hello\n', 'Q\n']) typed.write(line);
    const { stdout, stderr, code } = await running;
    expect({ stdout, code }).toEqual({ stdout: 'hello\n', code: 0 });
    expect(stderr.match(/^> {3}key_update/gm)).toHaveLength(2);
    expect((await run(['connect', to, ...trusted], { input: 'Q\n' })).stdout).toBe('Q\n');
    const asText = new PassThrough();
    const sending = run(['connect', to, ...trusted, '-nocommands', '-crlf'], {
      input: asText,
      terminal: true,
    });
    asText.end('Q\n');
    expect((await sending).stdout).toBe('Q\r\n');
  });

  it('talks over a Unix socket, and with pre-shared keys in the place of certificates', async () => {
    const path = file();
    const psk = ['-psk_identity', 'someone', '-psk', 'env:PSK'];
    const env = { PSK: '0f'.repeat(32) };
    const controller = new AbortController();
    const server = run(['serve', '-unix', path, ...psk, '-naccept', '3', '--quiet'], {
      env,
      signal: controller.signal,
    });
    while (!isThere(path)) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const version of ['-tls1_3', '-tls1_2']) {
      const { stdout, stderr } = await run(
        ['connect', '-unix', path, '-servername', 'x.example', ...psk, version],
        { env, input: 'hi' },
      );
      expect(stdout).toBe('hi');
      expect(stderr).toMatch(/pre-shared key: +someone/);
    }
    const wrong = await run(['connect', '-unix', path, '-servername', 'x.example', ...psk], {
      env: { PSK: 'aa'.repeat(32) },
    });
    expect(wrong.code).toBe(5);
    expect((await server).code).toBe(0);
  });

  it('tells network from protocol from verification by what it ends with', async () => {
    const nobody = createServer();
    const { port } = await new Promise<{ port: number }>((resolve) =>
      nobody.listen(0, '127.0.0.1', () => resolve(nobody.address() as { port: number })),
    );
    nobody.close();
    const refused = await run(['connect', `127.0.0.1:${port}`, '-4']);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('check: ECONNREFUSED');
    expect(refused.stderr).toContain('nobody listens there');
    const older = await run(['connect', to, ...trusted, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0']);
    expect(older.code).toBe(5);
    expect(older.stderr).toMatch(/check: (received\.alert|incompatible\.version)/);

    const silent = createServer((socket) => socket.on('error', () => {}).write('220 hello\r\n'));
    const silentPort = await new Promise<number>((resolve) =>
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port)),
    );
    const noTls = await run(['connect', `localhost:${silentPort}`]);
    expect(noTls.code).toBe(5);
    expect(noTls.stderr).toContain('this is no TLS');
    silent.close();
  });

  it('speaks the versions that it is told to, over the family that it is told to', async () => {
    const range = ['-min_protocol', 'TLSv1', '-max_protocol', 'TLSv1.2'];
    expect((await run(['connect', to, ...trusted, ...range])).stderr).toMatch(/version: +TLS 1\.2/);
    expect((await run(['connect', to, ...trusted, '-tls1'])).code).toBe(5);
    expect((await run(['connect', to, ...trusted, '-ipv6', '-handshake-timeout', '3'])).code).toBe(4);
    expect((await run(['connect', to, '-4', '-6'])).code).toBe(2);
  });

  it('says which file it cannot read or write', async () => {
    for (const args of [
      ['--in', '/no/such/file'],
      ['--out', '/no/such/folder/x'],
    ]) {
      const { code, stderr } = await run(['connect', to, ...trusted, ...args]);
      expect(code).toBe(3);
      expect(stderr).toContain(`cannot ${args[0] === '--in' ? 'read' : 'write'} ${args[1]}`);
    }
    const both = await run(['connect', to, ...trusted, '--in', '-', '--out', '-'], { input: 'x' });
    expect(both).toMatchObject({ code: 0, stdout: 'x' });
  });

  it('leaves the end to the server where it is told to', async () => {
    const pages = await served([...own, '-www']);
    const { code, stdout } = await run(['connect', `localhost:${pages.port}`, ...trusted, '-ign_eof'], {
      input: 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    await pages.stop();
  });

  it('ends when somebody presses Ctrl-C', async () => {
    const controller = new AbortController();
    const running = run(['connect', to, ...trusted], { input: new PassThrough(), signal: controller.signal });
    const before = echo.reports().length;
    while (echo.reports().length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    expect((await running).code).toBe(130);
  });

  it('shows names of a certificate without letting them do anything', async () => {
    const key = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
    const nowMs = Date.now();
    const contents = { provider, subject: { CN: 'a\u001b[2Jb' }, key, dnsNames: ['localhost'] };
    const der = makeCertificate({ ...contents, notBeforeMs: nowMs - 60_000, notAfterMs: nowMs + 60_000 });
    const [cert, keyFile] = [
      file(encodePem('CERTIFICATE', der)),
      file(encodePem('PRIVATE KEY', key.exportPkcs8())),
    ];
    const server = await served(['-cert', cert, '-key', keyFile]);
    for (const args of [['--insecure'], [], ['-CAfile', cert], ['--insecure', '--json', '--trace']]) {
      const { stdout, stderr } = await run(['connect', `localhost:${server.port}`, ...args]);
      expect(stdout + stderr).not.toContain('\u001b');
    }
    await server.stop();
  });

  it('shows how far it has come where nothing else is shown', async () => {
    const slow = await createTlsServer({ ...pki.server }, async (stream) => {
      await stream.send(Buffer.from('a'));
      await new Promise((resolve) => setTimeout(resolve, 700));
      stream.end('b');
    });
    const args = ['connect', `localhost:${slow.port}`, ...trusted, '-brief', '-in', file('c')];
    const filed = await run([...args, '-out', file()], { terminal: true });
    expect(filed.stderr).toMatch(/\r\u001b\[K\[#{30}\] 100 %, 1 byte sent, 2 bytes received, .*\r\u001b\[K/);
    expect((await run(args, { terminal: true })).stderr).not.toContain('received');
    await slow.close();
  });
});

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
