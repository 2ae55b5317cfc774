import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, pathOf, Tool, versionOf } from '../../processes.ts';
import { Home, ready, type RealServer } from './server.ts';

/** MariaDB with two users, of whom one needs a certificate. */
export const mariadb: RealServer = {
  name: 'MariaDB',
  find() {
    const version = versionOf(program(), ['--version'], /Ver ([\d.]+)/);
    return version === undefined ? { reason: 'MariaDB is not installed' } : { version };
  },
  async start(files) {
    const home = new Home();
    const data = join(home.path, 'data');
    mkdirSync(data);
    home.give(data, 0o700);
    const made = spawnSync(
      program(),
      [
        '--no-defaults',
        '--bootstrap',
        `--datadir=${data}`,
        '--innodb-buffer-pool-size=8M',
        '--innodb-log-file-size=4M',
      ],
      { ...home.owner, cwd: home.path, encoding: 'utf8', input: systemTables() },
    );
    if (made.status !== 0) throw new Error(`mariadbd --bootstrap ended with ${made.status}: ${made.stderr}`);
    const users = join(home.path, 'users.sql');
    writeFileSync(
      users,
      [
        "create user sealwire@'127.0.0.1' identified by 'secret of sealwire' require ssl;",
        "create user certified@'127.0.0.1' identified by 'secret of certified' require subject '/CN=client p256';",
        "grant all on *.* to sealwire@'127.0.0.1';",
        'create database work;',
      ].join('\n'),
    );
    home.give(users, 0o600);
    const port = await freePort();
    const settings = {
      datadir: data,
      port,
      'bind-address': '127.0.0.1',
      socket: join(home.path, 'socket'),
      'pid-file': join(home.path, 'pid'),
      'ssl-cert': home.copy(files.serverChain),
      'ssl-key': home.copy(files.serverKey),
      'ssl-ca': home.copy(files.allCas),
      'init-file': users,
      'max-allowed-packet': '32M',
      'innodb-log-file-size': '4M',
      'innodb-buffer-pool-size': '8M',
      'innodb-flush-log-at-trx-commit': 0,
    };
    const tool = new Tool(
      program(),
      [
        '--no-defaults',
        ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
        '--skip-name-resolve',
      ],
      { ...home.owner, cwd: home.path },
    );
    await ready(tool, /ready for connections/);
    return {
      ports: { tls: port },
      describe: () => tool.describe(),
      async stop() {
        await tool.stop('SIGKILL');
        home.remove();
      },
    };
  },
};

/** What the tool `mariadb-install-db` would feed it, which wants programs of another package. */
function systemTables(): string {
  const files = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql'];
  return [
    'create database mysql;',
    'use mysql;',
    ...files.map((file) => readFileSync(join(tables, file), 'utf8')),
  ].join('\n');
}

/** Not on the path of everybody. */
function program(): string {
  return pathOf('mariadbd') ?? '/usr/sbin/mariadbd';
}

const tables = '/usr/share/mysql';
