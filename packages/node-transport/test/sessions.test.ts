import { decodeSession, encodeSession, type Session } from '@sealwire/core';
import { expect, it } from 'vitest';
import { createServer } from '../src/index.ts';
import { connectTo, loopback, readAll } from './ends.ts';
import { serverIdentity } from './identities.ts';

it('a session of one connection is resumed by the next, and gives another', async () => {
  const server = await createServer({ ...serverIdentity, port: 0, host: loopback }, (connection) => {
    connection.end(String(connection.facts.resumed));
  });
  const sessions: Session[] = [];
  const onSession = (session: Session) => sessions.push(session);
  const first = await connectTo(server.port, { onSession });
  expect(String(await readAll(first))).toBe('false');
  await first.close();
  expect(sessions).toHaveLength(2);
  const kept = decodeSession(encodeSession(sessions[0]!));
  const second = await connectTo(server.port, { onSession, sessions: [kept!] });
  expect(second.facts.resumed).toBe(true);
  expect(String(await readAll(second))).toBe('true');
  await second.close();
  expect(sessions).toHaveLength(3);
  await server.close();
});
