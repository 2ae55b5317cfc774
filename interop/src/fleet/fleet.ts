import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Home } from '../libraries/servers/server.ts';
import type { World } from '../peers/peer.ts';
import { freePort, Tool } from '../processes.ts';

export interface FleetOptions {
  readonly name: string;
  readonly url: string;
  /** Hexadecimal. */
  readonly secret: string;
  /** Files, PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  /** How long a key of the ring seals that changes quickly. */
  readonly quickMs: number;
}

/** `ids`: TLS 1.2 by ids; `tickets`: tickets that are names in Redis; `ring`: tickets under keys from Redis; `quick`: that change quickly; `node`, `compat`: `newSession` and
 * `resumeSession` of a server of Node, and of compat-node-tls. */
export type FleetPorts = Readonly<Record<Way | 'quick13' | 'early13', number>>;
export type Way = (typeof ways)[number];
export const ways = ['ids12', 'tickets12', 'ring12', 'tickets13', 'ring13', 'node12', 'compat12'] as const;

/** A Redis, and two server processes that share it, behind one port for each way to keep sessions. */
export class Fleet {
  readonly #redisPort: number;
  readonly #home = new Home();
  readonly #splitters: Splitter[] = [];
  #redis: Tool | undefined;
  servers: readonly Tool[] = [];
  /** The ports of each server. */
  own: readonly FleetPorts[] = [];

  private constructor(redisPort: number) {
    this.#redisPort = redisPort;
  }

  static async start({ pki }: World): Promise<Fleet> {
    const fleet = new Fleet(await freePort());
    try {
      await fleet.startRedis();
      const { chain: certificate, key: privateKey } = pki.servers.p256.files;
      const secret = randomBytes(32).toString('hex');
      const url = `redis://127.0.0.1:${fleet.#redisPort}`;
      fleet.servers = ['a', 'b'].map((name) => {
        const options: FleetOptions = { name, url, secret, certificate, privateKey, quickMs: 1_000 };
        return new Tool(process.execPath, [program, JSON.stringify(options)]);
      });
      await Promise.all(fleet.servers.map((server) => server.until(/^\{.*\}$/m, 0, 60_000)));
      fleet.own = fleet.servers.map(({ output }) => JSON.parse(/^\{.*\}$/m.exec(output)![0]) as FleetPorts);
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  /** One port in front of all servers, which get connections in turn. */
  async split(way: keyof FleetPorts): Promise<Splitter> {
    const splitter = await Splitter.open(this.own.map((ports) => ports[way]));
    this.#splitters.push(splitter);
    return splitter;
  }

  async startRedis(): Promise<void> {
    const settings = {
      port: this.#redisPort,
      bind: '127.0.0.1',
      dir: this.#home.path,
      save: '',
      appendonly: 'no',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#redis = new Tool('redis-server', args, { ...this.#home.owner, cwd: this.#home.path });
    await this.#redis.until('Ready to accept connections');
  }

  async killRedis(): Promise<void> {
    await this.#redis?.stop('SIGKILL');
  }

  /** It is there, and says nothing any more. */
  freezeRedis(): void {
    this.#redis?.signal('SIGSTOP');
  }

  thawRedis(): void {
    this.#redis?.signal('SIGCONT');
  }

  describe(): string {
    return this.servers.map((server) => server.describe()).join('\n');
  }

  async stop(): Promise<void> {
    for (const splitter of this.#splitters) splitter.close();
    this.thawRedis();
    await Promise.all([...this.servers.map((server) => server.stop()), this.killRedis()]);
    this.#home.remove();
  }
}

/** Passes bytes on, each connection to the next of several servers. */
export class Splitter {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;
  /** What the clients have sent, one entry a connection. */
  readonly seen: Buffer[][];

  private constructor(server: Server, sockets: Set<Socket>, seen: Buffer[][]) {
    this.#server = server;
    this.#sockets = sockets;
    this.seen = seen;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(ports: readonly number[]): Promise<Splitter> {
    const sockets = new Set<Socket>();
    const seen: Buffer[][] = [];
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const chunks: Buffer[] = [];
      const port = ports[seen.push(chunks) % ports.length]!;
      const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('error', () => to.destroy()).on('close', () => sockets.delete(from));
        from.pipe(to);
      }
      near.on('data', (chunk) => chunks.push(chunk));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Splitter(server, sockets, seen);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

const program = fileURLToPath(new URL('main.js', import.meta.url));
