import { once } from 'node:events';
import { expect, it } from 'vitest';
import { secure } from '../src/index.ts';
import { tcpPair, tlsPair } from './ends.ts';
import { roots } from '@sealwire/transport-tests';

it('hears the alert of a peer that has closed before we write again', async () => {
  const [ours, theirs] = await tcpPair();
  const failed = secure(ours, { role: 'client', serverName: 'localhost', roots }).then(
    () => undefined,
    (error: unknown) => error,
  );
  await once(theirs, 'data');
  // All in one turn, in which nobody reads: the alert is there, the connection is reset, and our write fails.
  theirs.write(Uint8Array.of(21, 3, 3, 0, 2, 2, 40));
  theirs.resetAndDestroy();
  ours.write('something');
  expect(await failed).toMatchObject({ code: 'received.alert', receivedAlert: 40 });
  if (!ours.closed) await new Promise((resolve) => ours.once('close', resolve));
});

it('gives the data of a peer that has closed before we write again, and then the error of the write', async () => {
  const pair = await tcpPair();
  // Or the system keeps the last words back until the tickets are acknowledged, and the reset throws them away.
  pair[1].setNoDelay(true);
  const [client, server] = await tlsPair({}, pair);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  server.write('last words');
  await new Promise(process.nextTick);
  pair[1].resetAndDestroy();
  const heard: Buffer[] = [];
  client.on('data', (chunk: Buffer) => heard.push(chunk));
  client.write('more');
  const errors: unknown[] = [];
  client.on('error', (error) => errors.push(error));
  await new Promise((resolve) => client.once('close', resolve));
  expect(String(Buffer.concat(heard))).toBe('last words');
  expect(errors).toMatchObject([{ code: 'transport.reset' }]);
});
