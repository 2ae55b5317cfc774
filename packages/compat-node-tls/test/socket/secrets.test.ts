import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type builtin from 'node:tls';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { decodeSslSession } from '../../src/session/ssl-session.ts';
import { serverIdentity } from '../http/identity.ts';

const tls = ours as unknown as typeof builtin;

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a socket of %s shows no secret when it is printed',
  async (version) => {
    const server = tls.createServer({ ...serverIdentity, minVersion: version, maxVersion: version });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const wishes = { port, host: '127.0.0.1', rejectUnauthorized: false };
    let session: Buffer | undefined;
    try {
      for (const round of ['first', 'resumed']) {
        const accepted = once(server, 'secureConnection') as Promise<[builtin.TLSSocket]>;
        const client = tls.connect({ ...wishes, ...(session && { session }) });
        client.on('session', (fresh) => void (session = fresh));
        const [peer] = await accepted;
        peer.on('error', () => {}).write('x');
        await once(client, 'data');
        const secrets = [server.getTicketKeys(), decodeSslSession(session!)?.masterSecret as Uint8Array];
        for (const socket of [client, peer]) {
          const printed = inspect(socket, { depth: 5, maxArrayLength: 512 });
          const bytes = printed.replaceAll(/\s/g, '');
          for (const secret of secrets) {
            expect(secret.length).toBeGreaterThanOrEqual(32);
            expect(bytes.includes([...secret].join(',')), round).toBe(false);
            expect(bytes.includes(Buffer.from(secret).toString('hex')), round).toBe(false);
          }
        }
        client.destroy();
        peer.destroy();
      }
    } finally {
      server.close();
    }
  },
);
