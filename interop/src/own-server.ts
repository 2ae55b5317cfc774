import { createServer as listen, type Socket } from 'node:net';
import type { Connection } from '@sealwire/core';
import { OwnEnd } from './own-end.ts';

/** Our server on the loopback address: an end for each connection, in the order in which they came. */
export async function openOwnServer(make: () => Connection) {
  const ends: OwnEnd[] = [];
  const server = listen({ allowHalfOpen: true }, (socket: Socket) => {
    ends.push(new OwnEnd(make(), socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () => {
    for (const end of ends) end.destroy();
    server.close();
  };
  return { ends, port, close };
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`we: no ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
