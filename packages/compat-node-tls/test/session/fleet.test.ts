import { afterAll, describe, expect, it } from 'vitest';
import {
  bindsSessionsToHosts,
  decodeNodeSession,
  encodeNodeSession,
} from '../../src/session/node-session.ts';
import { decodeSslSession, encodeSslSession } from '../../src/session/ssl-session.ts';
import { TicketKeys } from '../../src/session/ticket-keys.ts';
import { builtin } from './builtin.ts';
import {
  dialing,
  expectSame,
  scenes,
  serving,
  ticketKeys,
  twice,
  type Scene,
  type Version,
} from './fleet.ts';
import { clientIdentity, otherCa } from './identities.ts';
import { ours } from './ours.ts';
import type { Implementation, Serving } from './peer.ts';

const implementations = [builtin, ours(bindsSessionsToHosts())];
const open: Serving[] = [];
afterAll(() => Promise.all(open.map((each) => each.close())));

async function served(...wanted: Parameters<typeof serving>): Promise<Serving> {
  const server = await serving(...wanted);
  open.push(server);
  return server;
}

/** Each client with each server, and then each with each. */
function pairings<T>(of: readonly T[]): [T, T, T, T][] {
  return of.flatMap((a) => of.flatMap((b) => of.flatMap((c) => of.map((d) => [a, b, c, d] as [T, T, T, T]))));
}

const ticketOf = (session: string) => decodeNodeSession(Buffer.from(session, 'hex'))?.session.ticket;

const named = ([a, b, c, d]: Implementation[]) => `${a!.name} at ${b!.name}, then ${c!.name} at ${d!.name}`;

describe.each<Version>(['TLSv1.2', 'TLSv1.3'])('a fleet with the same ticket keys, %s', (version) => {
  describe.each(scenes)('$name', (scene) => {
    it.each(pairings(implementations).map((each) => [named(each), each] as const))(
      'resumes: %s',
      async (_, [client, server, otherClient, otherServer]) => {
        const first = { client, server: await served(server, version, scene.server) };
        const second = { client: otherClient, server: await served(otherServer, version, scene.server) };
        const both = await twice(version, scene, first, second);
        expectSame(both, scene);
        // As many as Node's: the ticket that was shown stays in force, and no other follows.
        expect(both.before.sessions).toHaveLength(version === 'TLSv1.3' ? 2 : 1);
        const shown = ticketOf(both.before.sessions.at(-1)!);
        for (const each of both.after.sessions) expect(ticketOf(each)).toEqual(shown);
      },
    );
  });
});

describe.each<Version>(['TLSv1', 'TLSv1.1'])('a fleet of %s', (version) => {
  it.each(pairings(implementations).map((each) => [named(each), each] as const))(
    'resumes: %s',
    async (_, [client, server, otherClient, otherServer]) => {
      const first = { client, server: await served(server, version) };
      const second = { client: otherClient, server: await served(otherServer, version) };
      expectSame(await twice(version, { name: '' }, first, second), { name: '' });
    },
  );
});

describe('sessions of node:tls', () => {
  it.each(
    (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) =>
      scenes.map((scene) => [version, scene.name, scene] as const),
    ),
  )('come back byte for byte: %s %s', async (version, _, scene) => {
    const server = await served(builtin, version, { ...scene.server, byId: true });
    const first = { client: builtin, server };
    const { before, after } = await twice(version, scene, first, first);
    expect(after.reused).toBe(true);
    for (const text of [...before.sessions, ...after.sessions]) {
      const buffer = Buffer.from(text, 'hex');
      const read = decodeNodeSession(buffer);
      expect(read?.host).toBe(bindsSessionsToHosts() ? (scene.client?.servername ?? 'localhost') : undefined);
      expect(Buffer.from(encodeNodeSession(read!)).toString('hex')).toBe(text);
      const contents = new TicketKeys(Buffer.from(ticketKeys, 'hex')).open(read!.session.ticket!);
      expect(encodeSslSession(decodeSslSession(contents!)!)).toEqual(contents);
    }
    expect(server.seen.length).toBeGreaterThan(1);
    for (const text of server.seen)
      expect(Buffer.from(encodeSslSession(decodeSslSession(Buffer.from(text, 'hex'))!)).toString('hex')).toBe(
        text,
      );
  });
});

describe.each<Version>(['TLSv1.2', 'TLSv1.3'])('what is not resumed in a fleet, %s', (version) => {
  const plain: Scene = { name: 'plain' };
  const others = 'ab'.repeat(48);

  it.each([
    ['other ticket keys', { ticketKeys: others }],
    ['another session id context', { sessionIdContext: 'elsewhere' }],
    ['another, of which this is the beginning', { sessionIdContext: 'fleet2' }],
  ])('by a server with %s', async (_, wishes) => {
    for (const [by, next] of [
      [builtin, ours()],
      [ours(), builtin],
      [ours(), ours()],
    ] as const) {
      const first = { client: builtin, server: await served(by, version) };
      const { after } = await twice(version, plain, first, {
        client: builtin,
        server: await served(next, version, wishes),
      });
      expect(after).toMatchObject({ error: '', reused: false });
    }
  });

  it('after the keys have been replaced, and again once they are the old ones', async () => {
    for (const by of implementations) {
      const server = await served(by, version);
      const { sessions } = await dialing(builtin, version, server.port);
      const again = () => dialing(builtin, version, server.port, { session: sessions[0]! });
      server.setTicketKeys(others);
      expect((await again()).reused).toBe(false);
      server.setTicketKeys(ticketKeys);
      expect((await again()).reused).toBe(true);
    }
  });

  it('without a certificate where one is required', async () => {
    const first = { client: builtin, server: await served(builtin, version) };
    const strict = await served(ours(), version, { clients: 'trusted' });
    const scene = { ...plain, client: clientIdentity };
    const { after } = await twice(version, scene, first, { client: builtin, server: strict });
    expect(after).toMatchObject({
      error: '',
      reused: false,
      server: { client: 'client' },
    });
  });

  it('of a client that was not trusted, where one must be', async () => {
    const lax = { clients: 'any', ca: otherCa } as const;
    for (const by of implementations) {
      const first = { client: builtin, server: await served(by, version, lax) };
      const strict = await served(ours(), version, { clients: 'trusted' });
      const scene = { ...plain, client: clientIdentity };
      const { before, after } = await twice(version, scene, first, { client: builtin, server: strict });
      expect(before.server).toMatchObject({ authorized: false });
      // It proves itself anew, to whom it is somebody.
      expect(after).toMatchObject({ error: '', reused: false, server: { authorized: true } });
      const laxToo = await served(ours(), version, lax);
      const same = await twice(version, scene, first, { client: builtin, server: laxToo });
      expect(same.after).toMatchObject({ reused: true, server: { reused: true, authorized: false } });
    }
  });

  it('by our client for another host than the certificate was checked for', async () => {
    const server = await served(builtin, version);
    for (const client of [builtin, ours(), ours(true)]) {
      const { sessions } = await dialing(client, version, server.port);
      const session = sessions[0]!;
      const wishes = { session, servername: 'a.test' };
      const other = await dialing(ours(), version, server.port, wishes);
      // A session that does not say whom it was made for says it by its certificate, which is for both.
      const isSilent = client === builtin && !bindsSessionsToHosts();
      expect(other).toMatchObject({ error: '', reused: isSilent });
    }
  });

  it('as trusted, by our client, if it was not when it was made', async () => {
    const server = await served(builtin, version);
    const lax = { ca: otherCa, anyServer: true };
    for (const client of implementations) {
      const { sessions, authorized } = await dialing(client, version, server.port, lax);
      const session = sessions[0]!;
      expect(authorized).toBe(false);
      const again = await dialing(ours(), version, server.port, { ...lax, session });
      expect(again).toMatchObject({ error: '', reused: true, authorized: false });
      const strict = await dialing(ours(), version, server.port, { session });
      expect(strict.error).toBe('local.certificateRejected');
    }
  });
});

describe('sessions by their ids, TLS 1.2', () => {
  it.each(
    implementations.flatMap((by) => implementations.map((next) => [by.name, next.name, by, next] as const)),
  )('kept by %s, taken again by %s', async (_by, _next, by, next) => {
    for (const client of implementations) {
      const wishes = { noTickets: true, byId: true };
      const first = { client, server: await served(by, 'TLSv1.2', wishes) };
      const second = { client, server: await served(next, 'TLSv1.2', wishes) };
      const before = await dialing(client, 'TLSv1.2', first.server.port);
      expect([before.sessions.length, first.server.store.size]).toEqual([1, 1]);
      for (const [id, data] of first.server.store) second.server.store.set(id, data);
      const session = before.sessions[0]!;
      const after = await dialing(client, 'TLSv1.2', second.server.port, { session });
      expect(after).toMatchObject({ error: '', reused: true, server: { reused: true } });
    }
  });
});

describe('SSL_OP_NO_TICKET in TLS 1.3', () => {
  it.each(implementations)('$name sends ids, and resumes nothing', async (by) => {
    const server = await served(by, 'TLSv1.3', { noTickets: true });
    const first = { client: builtin, server };
    const { before, after } = await twice('TLSv1.3', { name: '' }, first, first);
    const tickets = before.sessions.map(
      (each) => decodeNodeSession(Buffer.from(each, 'hex'))!.session.ticket?.length,
    );
    expect(tickets).toEqual([32, 32]);
    expect(after).toMatchObject({ error: '', reused: false });
  });
});
