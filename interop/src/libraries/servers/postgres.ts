import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, Tool, versionOf } from '../../processes.ts';
import { Home, ready, type RealServer } from './server.ts';

/** PostgreSQL that answers only over TLS: `sealwire` by SCRAM, and whoever has a certificate by that. */
export const postgres: RealServer = {
  name: 'PostgreSQL',
  find() {
    const version = versionOf(join(programs(), 'postgres'), ['--version'], /([\d.]+)/);
    return version === undefined ? { reason: 'PostgreSQL is not installed' } : { version };
  },
  async start(files) {
    const home = new Home();
    const data = join(home.path, 'data');
    const program = (name: string, args: readonly string[], input = '') => {
      const run = spawnSync(join(programs(), name), args, {
        ...home.owner,
        cwd: home.path,
        input,
        encoding: 'utf8',
      });
      if (run.status !== 0) throw new Error(`${name} ended with ${run.status}: ${run.stderr}`);
    };
    const password = join(home.path, 'password');
    writeFileSync(password, 'secret of sealwire');
    home.give(password, 0o600);
    program('initdb', [
      ...['-D', data, '-U', 'sealwire', '-A', 'scram-sha-256', `--pwfile=${password}`],
      ...['--no-sync', '--locale=C', '-E', 'UTF8'],
    ]);
    program('postgres', ['--single', '-D', data, '-F', 'postgres'], 'create role "client p256" login\n');
    const rules = join(home.path, 'pg_hba.conf');
    writeFileSync(
      rules,
      'hostssl all "client p256" 127.0.0.1/32 cert\nhostssl all sealwire 127.0.0.1/32 scram-sha-256\n',
    );
    home.give(rules, 0o600);
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      hba_file: rules,
      ssl: 'on',
      ssl_cert_file: home.copy(files.serverChain),
      ssl_key_file: home.copy(files.serverKey),
      ssl_ca_file: home.copy(files.allCas),
      fsync: 'off',
    };
    const tool = new Tool(
      join(programs(), 'postgres'),
      [
        '-D',
        data,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { ...home.owner, cwd: home.path },
    );
    await ready(tool, 'ready to accept connections');
    return {
      ports: { tls: port },
      describe: () => tool.describe(),
      async stop() {
        // What SIGTERM asks for waits until every client has left.
        await tool.stop('SIGINT');
        home.remove();
      },
    };
  },
};

/** Debian keeps them beside the path. */
function programs(): string {
  const root = '/usr/lib/postgresql';
  try {
    const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return join(root, newest ?? '', 'bin');
  } catch {
    return '';
  }
}
