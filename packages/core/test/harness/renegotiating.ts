import { expect } from 'vitest';
import { p256Credential, takesFixtures } from './fixtures.ts';
import { olderProvider } from './older-provider.ts';
import { connect, exchange, failures } from './two-ends.ts';
import type { Connection } from '../../src/connection/connection.ts';
import type { Output } from '../../src/connection/outputs.ts';
import { createClient, createServer, tls13 } from '../../src/index.ts';
import type { ClientOptions, ServerOptions } from '../../src/index.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../../src/values/peer-evidence.ts';
import { tls12 } from '../../src/tls12/module.ts';

/** Two ends of TLS 1.2 that may do another handshake, and what they are asked of each other. */

/** Every cause for which a peer was judged, by side. */
export const causes: string[] = [];
export const judging =
  (side: string) =>
  (ask: VerifyPeerAsk): VerifyPeerReply | undefined => {
    causes.push(`${side}: ${ask.cause}`);
    return takesFixtures(ask);
  };

export const clientOptions: ClientOptions = {
  provider: olderProvider,
  versions: [tls13, tls12],
  serverName: 'sealwire.test',
  answers: { verifyPeer: judging('client') },
};

export const serverOptions: ServerOptions = {
  provider: olderProvider,
  versions: [tls12],
  credentials: [p256Credential],
  answers: { verifyPeer: judging('server') },
};

export function connected(
  ofClient: Partial<ClientOptions> = {},
  ofServer: Partial<ServerOptions> = {},
): { readonly a: Connection; readonly b: Connection } {
  causes.length = 0;
  const a = createClient({ ...clientOptions, ...ofClient });
  const b = createServer({ ...serverOptions, ...ofServer });
  const said = connect(a, b);
  expect([...failures(said.a), ...failures(said.b)]).toEqual([]);
  return { a, b };
}

export const types = (outputs: readonly Output[]) =>
  outputs.map(({ type }) => type).filter((type) => type !== 'transmit');

/** Data goes both ways. */
export function talk(a: Connection, b: Connection): void {
  expect([a.send(Uint8Array.of(1, 2)), b.send(Uint8Array.of(3))]).toEqual([2, 1]);
  const said = exchange(a, b);
  const data = (outputs: readonly Output[]) =>
    outputs.flatMap((each) => (each.type === 'data' ? [...each.bytes] : []));
  expect([data(said.b), data(said.a)]).toEqual([[1, 2], [3]]);
}
