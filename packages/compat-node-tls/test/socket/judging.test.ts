import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import builtin from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { serverIdentity, trusted } from '../http/identity.ts';

const tls = ours as unknown as typeof builtin;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

/** A client of a builtin server of TLS 1.2, whose sessions are there before names are compared. */
async function dialler() {
  const server = builtin.createServer({ ...serverIdentity, maxVersion: 'TLSv1.2' });
  ends.push(() => server.close());
  server.on('secureConnection', (socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return (checkServerIdentity: (this: void) => Error | undefined, session?: Buffer) => {
    const options = { port, host: '127.0.0.1', servername: 'localhost', ...trusted };
    const socket = tls.connect({ ...options, checkServerIdentity, ...(session && { session }) });
    ends.push(() => socket.destroy());
    return socket;
  };
}

it('resumes nothing by a session that was taken while checkServerIdentity was asked, so that it is asked again', async () => {
  const dial = await dialler();
  const refusal = new Error('somebody else');
  let taken: Buffer | undefined;
  const first = dial(() => {
    taken = first.getSession();
    return refusal;
  });
  await expect(once(first, 'secureConnect')).rejects.toBe(refusal);
  expect(taken).toBeInstanceOf(Buffer);
  await expect(
    once(
      dial(() => refusal, taken),
      'secureConnect',
    ),
  ).rejects.toBe(refusal);
});

it('resumes by a session that is taken when it has answered', async () => {
  const dial = await dialler();
  const first = dial(() => undefined);
  await once(first, 'secureConnect');
  const again = dial(() => new Error('never asked'), first.getSession());
  await once(again, 'secureConnect');
  expect([again.isSessionReused(), again.authorized]).toEqual([true, true]);
});
