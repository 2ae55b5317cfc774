import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, pathOf, Tool, versionOf } from '../../processes.ts';
import { Home, ready, type RealServer } from './server.ts';

/** Mosquitto: `tls`, and `strict` where a client's certificate says who it is. */
export const mosquitto: RealServer = {
  name: 'Mosquitto',
  find() {
    const version = versionOf(program(), ['-h'], /mosquitto version ([\d.]+)/);
    return version === undefined ? { reason: 'mosquitto is not installed' } : { version };
  },
  async start(files) {
    const home = new Home();
    const [tls, strict] = [await freePort(), await freePort()];
    const certificates = [
      `cafile ${home.copy(files.allCas)}`,
      `certfile ${home.copy(files.serverChain)}`,
      `keyfile ${home.copy(files.serverKey)}`,
    ];
    const rules = join(home.path, 'rules');
    writeFileSync(rules, 'topic readwrite open/#\npattern readwrite of/%u/#\n');
    home.give(rules, 0o600);
    const file = join(home.path, 'mosquitto.conf');
    writeFileSync(
      file,
      [
        'per_listener_settings false',
        'allow_anonymous true',
        `acl_file ${rules}`,
        `listener ${tls} 127.0.0.1`,
        ...certificates,
        `listener ${strict} 127.0.0.1`,
        ...certificates,
        'require_certificate true',
        'use_identity_as_username true',
        '',
      ].join('\n'),
    );
    home.give(file, 0o600);
    const tool = new Tool(program(), ['-v', '-c', file], { ...home.owner, cwd: home.path });
    await ready(tool, /mosquitto version [\d.]+ running/);
    return {
      ports: { tls, strict },
      describe: () => tool.describe(),
      async stop() {
        await tool.stop();
        home.remove();
      },
    };
  },
};

/** Not on the path of everybody. */
function program(): string {
  return pathOf('mosquitto') ?? '/usr/sbin/mosquitto';
}
