import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Scenario } from './scenarios.ts';

const connectionsAtOnce = 16;

/** HTTP/1.1 of Node over what the stack gives: 16 connections that stay open, each with its next request when the answer is there. */
export const requests: Scenario<Duplex> = {
  name: 'HTTP requests over 16 kept connections',
  unit: 'requests/s',
  perSample: connectionsAtOnce * 8,
  warmUp: 20,
  async prepare(stack) {
    const body = Buffer.alloc(1_000, 0x62);
    const server = http.createServer((_, response) => response.end(body));
    const listening = await stack.listen((connection) => server.emit('connection', connection));
    const agents = await Promise.all(
      Array.from({ length: connectionsAtOnce }, async () => {
        const connection = await stack.connect(listening.port);
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        // Agents ask this of every connection; streams that are no sockets have nothing like it.
        const socketOnly = { setKeepAlive() {}, setTimeout() {}, ref() {}, unref() {} };
        for (const [name, nothing] of Object.entries(socketOnly))
          if (!(name in connection)) Object.assign(connection, { [name]: nothing });
        Object.assign(agent, { createConnection: () => connection });
        return { agent, connection };
      }),
    );
    const eight = async ({ agent }: { agent: http.Agent }) => {
      for (let i = 0; i < 8; i++) await get(agent, body.length);
    };
    return {
      run: async () => void (await Promise.all(agents.map(eight))),
      async end() {
        for (const { agent, connection } of agents) {
          agent.destroy();
          connection.destroy();
        }
        server.closeAllConnections();
        await listening.close();
      },
    };
  },
};

function get(agent: http.Agent, expected: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ agent, host: 'localhost', path: '/' }, (response) => {
      let got = 0;
      response.on('data', (chunk: Buffer) => (got += chunk.length));
      response.on('end', () =>
        got === expected ? resolve() : reject(new Error(`expected ${expected} bytes, got ${got}`)),
      );
    });
    request.on('error', reject);
  });
}
