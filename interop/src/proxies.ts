import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Home } from './libraries/servers/server.ts';
import type { World } from './peers/peer.ts';
import { freePort, pathOf, Tool } from './processes.ts';

/** A program that speaks TLS on one side and none on the other, both ways at once. */
export interface TlsProxy {
  readonly name: string;
  /** `undefined` where it is not installed. */
  path(): string | undefined;
  /** Writes what it is to do into this folder; its arguments. */
  configure(home: Home, ports: ProxyPorts, world: World): readonly string[];
}

export interface ProxyPorts {
  /** Where it speaks TLS, for our clients; what is behind it is at `plain`, except of nginx, which has files. */
  readonly tls: number;
  readonly plain: number;
  /** Where it speaks none; behind it is our server, at `ours`. */
  readonly clear: number;
  readonly ours: number;
}

export const nginx: TlsProxy = {
  name: 'nginx',
  path: () => found('nginx'),
  configure(home, { tls, clear, ours }, { pki, bulk }) {
    const { files } = pki.servers.p256;
    const pages = join(home.path, 'pages');
    mkdirSync(pages);
    writeFileSync(join(pages, 'bulk'), bulk.subarray(0, bulkBytes));
    home.give(pages, 0o700);
    home.give(join(pages, 'bulk'), 0o600);
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const folders = kinds.map((kind) => `${kind}_temp_path ${home.path}/${kind};`).join(' ');
    const config = `daemon off; master_process off; pid ${home.path}/pid;
      events { worker_connections 256; }
      http { access_log off; ${folders} client_max_body_size 8m;
        server { listen 127.0.0.1:${tls} ssl http2; server_name localhost; root ${pages};
          ssl_certificate ${home.copy(files.chain)}; ssl_certificate_key ${home.copy(files.key)};
          ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets on; }
        server { listen 127.0.0.1:${clear};
          location / { proxy_pass https://127.0.0.1:${ours}; proxy_ssl_verify on; proxy_ssl_verify_depth 3;
            proxy_ssl_trusted_certificate ${home.copy(pki.rootFile)}; proxy_ssl_name localhost;
            proxy_ssl_server_name on; proxy_ssl_protocols TLSv1.2 TLSv1.3; proxy_ssl_session_reuse on; } } }`;
    return ['-p', home.path, '-e', 'stderr', '-c', written(home, 'nginx.conf', config)];
  },
};

export const haproxy: TlsProxy = {
  name: 'HAProxy',
  path: () => found('haproxy'),
  configure(home, { tls, plain, clear, ours }, { pki }) {
    const { files } = pki.servers.p256;
    const identity = written(home, 'identity.pem', [files.chain, files.key].map(text).join(''));
    const config = `global
  log stderr format raw local0
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend tls
  bind 127.0.0.1:${tls} ssl crt ${identity} alpn h2,http/1.1
  default_backend plain
backend plain
  server plain 127.0.0.1:${plain}
frontend clear
  bind 127.0.0.1:${clear}
  default_backend ours
backend ours
  server ours 127.0.0.1:${ours} ssl verify required ca-file ${home.copy(pki.rootFile)} sni str(localhost) verifyhost localhost alpn h2,http/1.1
`;
    return ['-db', '-f', written(home, 'haproxy.cfg', config)];
  },
};

export const stunnel: TlsProxy = {
  name: 'stunnel',
  path: () => found('stunnel4'),
  configure(home, { tls, plain, clear, ours }, { pki }) {
    const { files } = pki.servers.p256;
    const config = `foreground = yes
pid =
debug = 5
[tls]
accept = 127.0.0.1:${tls}
connect = 127.0.0.1:${plain}
cert = ${home.copy(files.chain)}
key = ${home.copy(files.key)}
[clear]
client = yes
accept = 127.0.0.1:${clear}
connect = 127.0.0.1:${ours}
CAfile = ${home.copy(pki.rootFile)}
verifyChain = yes
checkHost = localhost
sni = localhost
`;
    return [written(home, 'stunnel.conf', config)];
  },
};

/** Runs with this proxy between `plain` and `ours`. */
export async function withProxy(
  proxy: TlsProxy,
  world: World,
  behind: Pick<ProxyPorts, 'plain' | 'ours'>,
  run: (ports: ProxyPorts) => Promise<void>,
): Promise<void> {
  const home = new Home();
  const ports = { ...behind, tls: await freePort(), clear: await freePort() };
  const tool = new Tool(proxy.path()!, proxy.configure(home, ports, world), {
    ...home.owner,
    cwd: home.path,
  });
  try {
    for (const port of [ports.tls, ports.clear]) await untilListening(port, tool);
    await run(ports);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : error}\n${tool.describe()}`);
  } finally {
    await tool.stop();
    home.remove();
  }
}

async function untilListening(port: number, tool: Tool): Promise<void> {
  for (let tries = 0; ; tries++) {
    const isThere = await new Promise<boolean>((resolve) => {
      const probe = connectTcp(port, '127.0.0.1', () => resolve(true));
      probe.on('error', () => resolve(false));
      setTimeout(() => probe.destroy(), 100);
    });
    if (isThere) return;
    if (tries === 100 || tool.exitCode !== undefined) throw new Error('it does not listen');
    await sleep(50);
  }
}

/** Servers are not on the path of everybody. */
function found(program: string): string | undefined {
  return pathOf(program) ?? pathOf(`/usr/sbin/${program}`);
}

function written(home: Home, name: string, contents: string): string {
  const path = join(home.path, name);
  writeFileSync(path, contents);
  home.give(path, 0o600);
  return path;
}

function text(file: string): string {
  return readFileSync(file, 'utf8');
}

export const bulkBytes = 2_000_000;
