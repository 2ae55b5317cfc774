import { decodeSession, encodeSession, type Session } from '@sealwire/core';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createServer, type TlsServer, type TlsStream } from '../src/index.ts';
import { connectTo, loopback, readAll } from './ends.ts';
import { serverIdentity } from '@sealwire/transport-tests';

const text = (words: string) => new TextEncoder().encode(words);

/** A server that says what it heard first, and how much of it came early. */
async function echoing(earlyData?: { readonly maxBytes: number }): Promise<TlsServer> {
  return createServer(
    { port: 0, host: loopback, ...serverIdentity, ...(earlyData === undefined ? {} : { earlyData }) },
    async (connection) => {
      const [chunk] = (await once(connection, 'data')) as [Uint8Array];
      connection.end(`${connection.earlyDataReceived} early: ${String(chunk)}`);
    },
  );
}

/** Two tickets come with a connection. */
async function sessionsFrom(server: TlsServer): Promise<readonly Session[]> {
  const sessions: Session[] = [];
  const connection = await connectTo(server.port, { onSession: (session) => sessions.push(session) });
  connection.end('first');
  await readAll(connection);
  expect(sessions).toHaveLength(2);
  return sessions;
}

async function answerOf(connection: TlsStream): Promise<string> {
  return String(await readAll(connection));
}

describe('a session', () => {
  it('is given out, can be kept as bytes, resumes a later connection, and gives another', async () => {
    const server = await echoing();
    const kept = (await sessionsFrom(server)).map((session) => decodeSession(encodeSession(session))!);
    const more: Session[] = [];
    const onSession = (session: Session) => more.push(session);
    const connection = await connectTo(server.port, { sessions: kept, onSession });
    connection.end('again');
    expect([connection.facts.resumed, await answerOf(connection)]).toEqual([true, '0 early: again']);
    expect(more).toHaveLength(1);
    await server.close();
  });
});

describe('a server that answers and ends at once', () => {
  it('gives the tickets all the same that somebody has to store first', async () => {
    const server = await storing(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    const sessions: Session[] = [];
    const connection = await connectTo(server.port, { onSession: (session) => sessions.push(session) });
    expect(await answerOf(connection)).toBe('hello');
    connection.end();
    expect(sessions).toHaveLength(2);
    await server.close();
  });

  it('ends without them, in order, where nobody does', async () => {
    let atLast = () => {};
    const never = new Promise<void>((resolve) => (atLast = resolve));
    const server = await storing(() => never);
    const sessions: Session[] = [];
    const began = performance.now();
    const connection = await connectTo(server.port, { onSession: (session) => sessions.push(session) });
    expect(await answerOf(connection)).toBe('hello');
    connection.end();
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(sessions).toEqual([]);
    atLast();
    await server.close();
  });

  it('does not wait where it cannot be stored', async () => {
    const server = await storing(() => Promise.reject(new Error('no store')));
    const connection = await connectTo(server.port, {});
    expect(await answerOf(connection)).toBe('hello');
    connection.end();
    await server.close();
  });

  /** Tickets are names; `stored` is over when they may leave. */
  function storing(stored: () => Promise<void>): Promise<TlsServer> {
    const sealTicket = async () => {
      await stored();
      return { ok: true, ticket: new Uint8Array(32).fill(7) } as const;
    };
    return createServer(
      { port: 0, host: loopback, ...serverIdentity, decide: { sealTicket } },
      (connection) => void connection.end('hello'),
    );
  }
});

describe('0-RTT data', () => {
  it('comes first of all that the server reads', async () => {
    const server = await echoing({ maxBytes: 100 });
    const sessions = await sessionsFrom(server);
    const connection = await connectTo(server.port, { sessions, sendEarlyData: text('GET /') });
    expect([connection.facts.earlyData, connection.earlyDataTaken]).toEqual(['accepted', 5]);
    connection.end();
    expect(await answerOf(connection)).toBe('5 early: GET /');
    await server.close();
  });

  it('is not sent again by itself', async () => {
    const server = await echoing({ maxBytes: 100 });
    const sessions = await sessionsFrom(server);
    const refusing = await echoing();
    const connection = await connectTo(refusing.port, { sessions, sendEarlyData: text('GET /') });
    expect([connection.facts.earlyData, connection.earlyDataTaken]).toEqual(['rejected', 0]);
    connection.end('later');
    expect(await answerOf(connection)).toBe('0 early: later');
    await server.close();
    await refusing.close();
  });

  it('is not what is merely written early, and not sent without a session', async () => {
    const server = await echoing({ maxBytes: 100 });
    const connection = await connectTo(server.port, { sendEarlyData: text('GET /') });
    expect([connection.facts.earlyData, connection.earlyDataTaken]).toEqual([undefined, 0]);
    connection.end('written');
    expect(await answerOf(connection)).toBe('0 early: written');
    await server.close();
  });

  it('is a Uint8Array', async () => {
    await expect(connectTo(1, { sendEarlyData: 'GET /' as never })).rejects.toThrow('must be a Uint8Array');
  });
});
