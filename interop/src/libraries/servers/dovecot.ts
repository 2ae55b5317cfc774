import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, pathOf, runTool, Tool, versionOf } from '../../processes.ts';
import { Home, ready, type RealServer } from './server.ts';

/** Dovecot for IMAP, at once by TLS (`tls`), by STARTTLS (`starttls`), and for POP3 (`pop3`) where it is installed; run by somebody who is not root. */
export const dovecot: RealServer = {
  name: 'Dovecot',
  find() {
    const version = versionOf(program(), ['--version'], /([\d.]+)/);
    const hasImap = existsSync('/usr/lib/dovecot/imap-login');
    return version === undefined || !hasImap ? { reason: 'dovecot-imapd is not installed' } : { version };
  },
  async start(files) {
    const home = new Home();
    const [tls, starttls] = [await freePort(), await freePort()];
    const pop3 = existsSync('/usr/lib/dovecot/pop3-login') ? await freePort() : undefined;
    const isRoot = home.owner.uid !== undefined;
    const user = isRoot ? 'nobody' : userInfo().username;
    const group = runTool('id', ['-gn', user]).trim();
    const mail = join(home.path, 'mail');
    mkdirSync(mail);
    home.give(mail, 0o700);
    const file = join(home.path, 'dovecot.conf');
    writeFileSync(file, configOf({ home, user, group, mail, tls, starttls, pop3, files }));
    home.give(file, 0o600);
    const tool = new Tool(program(), ['-F', '-c', file], { ...home.owner, cwd: home.path });
    await ready(tool, /starting up for .*imap/);
    return {
      ports: { tls, starttls, ...(pop3 === undefined ? {} : { pop3 }) },
      describe: () => tool.describe(),
      async stop() {
        await tool.stop();
        home.remove();
      },
    };
  },
};

interface Setting {
  readonly home: Home;
  readonly user: string;
  readonly group: string;
  readonly mail: string;
  readonly tls: number;
  readonly starttls: number;
  readonly pop3: number | undefined;
  readonly files: Parameters<typeof dovecot.start>[0];
}

function configOf({ home, user, group, mail, tls, starttls, pop3, files }: Setting): string {
  // Nobody but root can change who it is and what it sees.
  const services = [
    'anvil',
    'imap-login',
    'stats',
    'config',
    'log',
    'auth',
    'auth-worker',
    'imap',
    'director',
    ...(pop3 === undefined ? [] : ['pop3-login', 'pop3']),
  ];
  return [
    pop3 === undefined ? 'protocols = imap' : 'protocols = imap pop3',
    'listen = 127.0.0.1',
    `base_dir = ${join(home.path, 'run')}`,
    `state_dir = ${join(home.path, 'state')}`,
    'log_path = /dev/stderr',
    `default_login_user = ${user}`,
    `default_internal_user = ${user}`,
    `default_internal_group = ${group}`,
    'ssl = required',
    `ssl_cert = <${home.copy(files.serverChain)}`,
    `ssl_key = <${home.copy(files.serverKey)}`,
    `ssl_ca = <${home.copy(files.allCas)}`,
    'ssl_min_protocol = TLSv1.2',
    'ssl_verify_client_cert = yes',
    `mail_location = maildir:${mail}`,
    'first_valid_uid = 1',
    'first_valid_gid = 1',
    'passdb {',
    '  driver = static',
    '  args = password=secret',
    '}',
    'userdb {',
    '  driver = static',
    `  args = uid=${home.owner.uid ?? process.getuid?.()} gid=${home.owner.gid ?? process.getgid?.()} home=${mail}`,
    '}',
    ...services.flatMap((name) => [`service ${name} {`, '  chroot =', '}']),
    'service imap-login {',
    '  inet_listener imap {',
    `    port = ${starttls}`,
    '  }',
    '  inet_listener imaps {',
    `    port = ${tls}`,
    '    ssl = yes',
    '  }',
    '}',
    ...(pop3 === undefined
      ? []
      : [
          'service pop3-login {',
          '  inet_listener pop3 {',
          `    port = ${pop3}`,
          '  }',
          '  inet_listener pop3s {',
          '    port = 0',
          '  }',
          '}',
        ]),
    '',
  ].join('\n');
}

/** Not on the path of everybody. */
function program(): string {
  return pathOf('dovecot') ?? '/usr/sbin/dovecot';
}
