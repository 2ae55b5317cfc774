import { freePort, Tool, versionOf } from '../../processes.ts';
import { Home, ready, type RealServer } from './server.ts';

/** Redis over TLS alone; `strict` is another that wants a certificate. */
export const redis: RealServer = {
  name: 'Redis',
  find() {
    const version = versionOf('redis-server', ['--version'], /v=([\d.]+)/);
    return version === undefined ? { reason: 'redis-server is not installed' } : { version };
  },
  async start(files) {
    const home = new Home();
    const [tls, strict] = [await freePort(), await freePort()];
    const certificates = {
      'tls-cert-file': home.copy(files.serverChain),
      'tls-key-file': home.copy(files.serverKey),
      'tls-ca-cert-file': home.copy(files.allCas),
    };
    const tools = [tls, strict].map((port) => {
      const settings = {
        port: 0,
        'tls-port': port,
        bind: '127.0.0.1',
        dir: home.path,
        save: '',
        requirepass: 'secret of sealwire',
        ...certificates,
        'tls-auth-clients': port === strict ? 'yes' : 'no',
        'tls-protocols': 'TLSv1.2 TLSv1.3',
      };
      const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
      return new Tool('redis-server', args, { ...home.owner, cwd: home.path });
    });
    await Promise.all(tools.map((tool) => ready(tool, 'Ready to accept connections')));
    return {
      ports: { tls, strict },
      describe: () => tools.map((tool) => tool.describe()).join('\n'),
      async stop() {
        await Promise.all(tools.map((tool) => tool.stop()));
        home.remove();
      },
    };
  },
};
