import { expect } from 'vitest';
import { ca, clientIdentity, serverIdentity } from './identities.ts';
import type { ClientWishes, Dialed, Implementation, ServerWishes, Serving, Wishes } from './peer.ts';

/** A fleet of servers that share ticket keys and session id context, and clients of them. */

export const ticketKeys: string = Buffer.from(Array.from({ length: 48 }, (_, i) => 3 * i)).toString('hex');

export type Version = Wishes['version'];

export interface Scene {
  readonly name: string;
  readonly server?: Partial<ServerWishes>;
  readonly client?: Partial<ClientWishes>;
  /** What the server sees of the client. */
  readonly subject?: string;
  readonly alpn?: string;
}

export const scenes: readonly Scene[] = [
  { name: 'plain' },
  { name: 'with ALPN', server: { alpn: ['h2', 'http/1.1'] }, client: { alpn: ['h2'] }, alpn: 'h2' },
  {
    name: 'with a client certificate',
    server: { clients: 'trusted' },
    client: clientIdentity,
    subject: 'client',
  },
  { name: 'for another name', client: { servername: 'a.test' } },
];

export async function serving(
  by: Implementation,
  version: Version,
  wishes: Partial<ServerWishes> = {},
): Promise<Serving> {
  return by.serve({ version, ca, ...serverIdentity, ticketKeys, sessionIdContext: 'fleet', ...wishes });
}

export function dialing(
  by: Implementation,
  version: Version,
  port: number,
  wishes: Partial<ClientWishes> = {},
): Promise<Dialed> {
  return by.dial({ version, ca, port, servername: 'localhost', ...wishes });
}

/** Two conversations, of which the second shows the last session of the first. */
export async function twice(
  version: Version,
  scene: Scene,
  first: { readonly client: Implementation; readonly server: Serving },
  second: { readonly client: Implementation; readonly server: Serving },
): Promise<{ readonly before: Dialed; readonly after: Dialed }> {
  const before = await dialing(first.client, version, first.server.port, scene.client);
  expect(before).toMatchObject({ error: '', reused: false });
  const session = before.sessions.at(-1)!;
  const after = await dialing(second.client, version, second.server.port, { ...scene.client, session });
  return { before, after };
}

/** That a resumed connection knows what the first one did. */
export function expectSame({ before, after }: { before: Dialed; after: Dialed }, scene: Scene): void {
  const { subject = '', alpn = '' } = scene;
  const authorized = subject !== '';
  const server = { alpn, client: subject, authorized };
  expect(before.server).toEqual({ reused: false, ...server });
  expect(after).toMatchObject({ error: '', reused: true, authorized: true });
  expect(after.server).toEqual({ reused: true, ...server });
}
