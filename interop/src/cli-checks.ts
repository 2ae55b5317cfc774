import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check } from './keylog-check.ts';
import { filesOf } from './libraries/run.ts';
import { dovecot } from './libraries/servers/dovecot.ts';
import { mariadb } from './libraries/servers/mariadb.ts';
import { postgres } from './libraries/servers/postgres.ts';
import { slapd, vsftpd } from './libraries/servers/starttls.ts';
import type { RealServer } from './libraries/servers/server.ts';
import type { World } from './peers/peer.ts';
import { freePort, isInstalled, runTool, Tool } from './processes.ts';

/** The command line, as it is installed, with other programs: real servers behind STARTTLS, OpenSSL and GnuTLS on both sides. */
export const cliChecks: readonly Check[] = [
  behindStartTls('postgres', postgres, 'tls'),
  behindStartTls('mysql', mariadb, 'tls'),
  behindStartTls('imap', dovecot, 'starttls', 'a2 LOGOUT\r\n', /\* BYE/),
  behindStartTls('pop3', dovecot, 'pop3', 'QUIT\r\n', /\+OK Logging out/),
  behindStartTls('ldap', slapd, 'starttls'),
  behindStartTls('ftp', vsftpd, 'starttls', 'QUIT\r\n', /^221 /m),
  { name: 'sealwire connect: openssl s_server, data, resumption, early data', run: visitsOpenssl },
  { name: 'sealwire connect: openssl s_server, pre-shared key and client certificate', run: provesItself },
  { name: 'sealwire serve: openssl s_client, data, resumption, early data', run: servesOpenssl },
  { name: 'sealwire connect: gnutls-serv', run: visitsGnutls },
  { name: 'sealwire serve: gnutls-cli', run: servesGnutls },
];

function behindStartTls(
  protocol: string,
  server: RealServer,
  portName: string,
  says = '',
  hears = /^/,
): Check {
  return {
    name: `sealwire connect -starttls ${protocol}: ${server.name}`,
    async run(world) {
      const found = server.find();
      if ('reason' in found) return { skipped: found.reason };
      const running = await server.start(filesOf(world));
      try {
        const port = running.ports[portName];
        if (port === undefined) return { skipped: `it is installed without ${protocol}` };
        // Servers of databases leave without close_notify when nobody logs in.
        const out = connect(
          ['-starttls', protocol, ...to(port, world), '-truncation', 'end', '-status', '-showcerts'],
          says,
        );
        expectText(out, hears);
        expectText(out, /version: +TLS 1\.3/);
        expectText(out, /verification: +ok/);
        expectText(out, /^-----BEGIN CERTIFICATE-----$/m);
        const others = ['-starttls', protocol, ...to(port, world), '-verify_hostname', 'other.example'];
        expectText(connect(others, '', 6), /HOSTNAME_MISMATCH/);
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${running.describe().slice(-1_000)}`);
      } finally {
        await running.stop();
      }
      return undefined;
    },
  };
}

async function visitsOpenssl(world: World) {
  if (!isInstalled('openssl')) return { skipped: 'openssl is not installed' };
  const port = await freePort();
  const server = new Tool('openssl', [
    's_server',
    '-accept',
    `127.0.0.1:${port}`,
    '-early_data',
    ...own(world),
  ]);
  const [session, early] = [join(world.directory, 'cli-session.pem'), join(world.directory, 'cli-early')];
  writeFileSync(early, 'early\n');
  try {
    await server.until('ACCEPT');
    connect([...to(port, world), '-sess_out', session], 'the first\n');
    await server.until('the first\n');
    const again = connect([...to(port, world), '-sess_in', session, '-early_data', early], 'the second\n');
    await server.until(/early\n[\s\S]*the second\n/);
    expectText(again, /session: +resumed/);
    expectText(again, /early data: +accepted/);
    expectText(connect([...to(port, world), '-tls1_2', '-reconnect'], ''), /(connected again: resumed\n){5}/);
  } finally {
    await server.stop();
  }
  return undefined;
}

async function provesItself(world: World) {
  if (!isInstalled('openssl')) return { skipped: 'openssl is not installed' };
  const [psk, asking] = [await freePort(), await freePort()];
  const key = '0123456789abcdef0123456789abcdef';
  const { chain, key: clientKey } = world.pki.clients.p256.files;
  const common = ['s_server', '-rev', ...own(world)];
  const servers = [
    new Tool('openssl', [
      ...common,
      '-accept',
      `127.0.0.1:${psk}`,
      '-psk',
      key,
      '-psk_identity',
      'me',
      '-nocert',
    ]),
    new Tool('openssl', [
      ...[...common, '-accept', `127.0.0.1:${asking}`, '-Verify', '3', '-verify_return_error'],
      ...['-CAfile', world.pki.issuersFile],
    ]),
  ];
  try {
    for (const server of servers) await server.until('ACCEPT');
    for (const version of ['-tls1_3', '-tls1_2']) {
      const out = connect([...to(psk, world), '-psk', key, '-psk_identity', 'me', version], 'abc\n');
      expectText(out, /^cba$/m);
      expectText(out, /pre-shared key: +me/);
    }
    expectText(connect([...to(asking, world), '-cert', chain, '-key', clientKey], 'abc\n'), /^cba$/m);
    expectText(connect(to(asking, world), 'abc\n', 5), /received\.alert|the server wants a certificate/);
  } finally {
    for (const server of servers) await server.stop();
  }
  return undefined;
}

async function servesOpenssl(world: World) {
  if (!isInstalled('openssl')) return { skipped: 'openssl is not installed' };
  const server = await serving(['-early_data', ...own(world)]);
  const [session, early] = [
    join(world.directory, 'openssl-session.pem'),
    join(world.directory, 'openssl-early'),
  ];
  writeFileSync(early, 'early\n');
  const client = async (hears: readonly string[], ...args: string[]) => {
    const tool = new Tool('openssl', [
      's_client',
      '-connect',
      `127.0.0.1:${server.port}`,
      '-servername',
      'localhost',
      '-CAfile',
      world.pki.rootFile,
      '-verify_return_error',
      ...args,
    ]);
    try {
      await tool.write('late\n');
      for (const each of hears) await tool.until(each);
    } finally {
      await tool.stop();
    }
    return tool.output;
  };
  try {
    await client(['late\n', 'Verify return code: 0 (ok)'], '-sess_out', session);
    if (!existsSync(session) || readFileSync(session).length === 0)
      throw new Error('OpenSSL kept no session');
    expectText(
      await client(['early\n', 'late\n'], '-sess_in', session, '-early_data', early),
      /Reused, TLSv1\.3[\s\S]*Early data was accepted/,
    );
    expectText(await client(['late\n'], '-tls1_2'), /New, TLSv1\.2/);
  } finally {
    await server.tool.stop();
  }
  return undefined;
}

async function visitsGnutls(world: World) {
  if (!isInstalled('gnutls-serv')) return { skipped: 'gnutls-bin is not installed' };
  const port = await freePort();
  const { chain, key } = world.pki.servers.p256.files;
  const server = new Tool('gnutls-serv', [
    '--echo',
    '--port',
    `${port}`,
    '--x509certfile',
    chain,
    '--x509keyfile',
    key,
  ]);
  try {
    await server.until('listening');
    const out = connect([...to(port, world), '-truncation', 'end'], 'to gnutls\n');
    expectText(out, /to gnutls/);
  } finally {
    await server.stop();
  }
  return undefined;
}

async function servesGnutls(world: World) {
  if (!isInstalled('gnutls-cli')) return { skipped: 'gnutls-bin is not installed' };
  const server = await serving(own(world));
  try {
    const args = ['--port', `${server.port}`, '--x509cafile', world.pki.rootFile, 'localhost'];
    expectText(runTool('gnutls-cli', args, 'from gnutls\n'), /from gnutls/);
  } finally {
    await server.tool.stop();
  }
  return undefined;
}

/** `sealwire serve` on a free port. */
async function serving(args: readonly string[]): Promise<{ readonly tool: Tool; readonly port: number }> {
  const tool = new Tool(program, ['serve', '-accept', '0', ...args]);
  await tool.until(/listening on 127\.0\.0\.1:\d+/);
  return { tool, port: Number(/listening on 127\.0\.0\.1:(\d+)/.exec(tool.output)?.[1]) };
}

/** What `sealwire connect` prints, all of it; it must end as it should. */
function connect(args: readonly string[], input: string, code = 0): string {
  const { status, stdout, stderr, error } = spawnSync(program, ['connect', ...args], {
    input,
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (error !== undefined) throw error;
  if (status !== code)
    throw new Error(`sealwire connect ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

function to(port: number, { pki }: World): string[] {
  return ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost', '-CAfile', pki.rootFile];
}

function own({ pki }: World): string[] {
  const { certificate, chain, key } = pki.servers.p256.files;
  return ['-cert', certificate, '-cert_chain', chain, '-key', key];
}

function expectText(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`expected ${pattern} in\n${text.slice(-2_000)}`);
}

/** As a package manager installs it: by its shebang line. */
const program = fileURLToPath(new URL('../node_modules/.bin/sealwire', import.meta.url));
