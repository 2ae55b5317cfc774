import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort, pathOf, Tool, versionOf } from '../../processes.ts';
import type { SiteFiles } from '../script.ts';
import { Home, ready, type RealServer } from './server.ts';

/** slapd, for LDAP: what begins TLS is an extended request (RFC 4511 §4.14). */
export const slapd: RealServer = {
  name: 'slapd',
  find: () => found('slapd', 'slapd', ['-VV'], /slapd ([\d.]+)/),
  start: (files) =>
    started(files, async ({ home, port, chain, key }) => {
      const [file, data] = [join(home.path, 'slapd.conf'), folder(home, 'data')];
      write(home, file, [
        'include /etc/ldap/schema/core.schema',
        'modulepath /usr/lib/ldap',
        'moduleload back_mdb',
        `TLSCertificateFile ${chain}`,
        `TLSCertificateKeyFile ${key}`,
        `TLSCACertificateFile ${home.copy(files.allCas)}`,
        'database mdb',
        'suffix "dc=example"',
        `directory ${data}`,
      ]);
      const where = ['-f', file, '-h', `ldap://127.0.0.1:${port}`, '-d', 'stats'];
      return { tool: new Tool(program('slapd'), where, home.owner), says: 'slapd starting' };
    }),
};

/** vsftpd, for FTP: AUTH TLS (RFC 4217). */
export const vsftpd: RealServer = {
  name: 'vsftpd',
  // It says its version on standard input.
  find: () => found('vsftpd', 'sh', ['-c', `${program('vsftpd')} -v 0>&1`], /version ([\d.]+)/),
  start: (files) =>
    started(files, async ({ home, port, chain, key }) => {
      const [file, empty] = [join(home.path, 'vsftpd.conf'), folder(home, 'empty')];
      write(home, file, [
        'listen=YES',
        'listen_address=127.0.0.1',
        `listen_port=${port}`,
        'background=NO',
        'run_as_launching_user=YES',
        'anonymous_enable=YES',
        'ssl_enable=YES',
        'allow_anon_ssl=YES',
        'ssl_ciphers=HIGH',
        `rsa_cert_file=${chain}`,
        `rsa_private_key_file=${key}`,
        `secure_chroot_dir=${empty}`,
        `anon_root=${empty}`,
      ]);
      // It says nothing when it listens.
      return { tool: new Tool(program('vsftpd'), [file], home.owner), says: undefined };
    }),
};

interface Place {
  readonly home: Home;
  readonly port: number;
  readonly chain: string;
  readonly key: string;
}

/** One server on one port, `starttls`. */
async function started(
  files: SiteFiles,
  start: (place: Place) => Promise<{ readonly tool: Tool; readonly says: string | undefined }>,
) {
  const home = new Home();
  const port = await freePort();
  const place = { home, port, chain: home.copy(files.serverChain), key: home.copy(files.serverKey) };
  const { tool, says } = await start(place);
  if (says !== undefined) await ready(tool, says);
  else await listening(port, tool);
  return {
    ports: { starttls: port },
    describe: () => tool.describe(),
    async stop() {
      await tool.stop();
      home.remove();
    },
  };
}

/** Of a server that says nothing once it can be talked to. */
async function listening(port: number, tool: Tool): Promise<void> {
  for (let attempts = 0; attempts < 150; attempts++) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await setTimeout(100);
  }
  throw new Error(`it did not start: ${tool.describe()}`);
}

function folder(home: Home, name: string): string {
  const path = join(home.path, name);
  mkdirSync(path);
  home.give(path, 0o700);
  return path;
}

function write(home: Home, path: string, lines: readonly string[]): void {
  writeFileSync(path, `${lines.join('\n')}\n`);
  home.give(path, 0o600);
}

function found(debianPackage: string, name: string, args: readonly string[], pattern: RegExp) {
  const version = versionOf(name === 'sh' ? name : program(name), args, pattern);
  return version === undefined ? { reason: `${debianPackage} is not installed` } : { version };
}

/** Not on the path of everybody. */
function program(name: string): string {
  const path = pathOf(name) ?? `/usr/sbin/${name}`;
  return existsSync(path) ? path : name;
}
