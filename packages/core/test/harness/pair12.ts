import type { Connection } from '../../src/connection/connection.ts';
import { createClient, createServer, type ClientOptions, type ServerOptions } from '../../src/index.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { tls12Suites } from '../../src/tls12/suites.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../../src/values/peer-evidence.ts';
import { olderProvider } from './older-provider.ts';
import { nowMs } from './peer.ts';
import { rsaCredential } from './rsa-keys.ts';
import { connect } from './two-ends.ts';

/** Two connections of TLS 1.2, one beside the other. */

/** The "certificate" is the key. */
export const verifyPeer = ({ evidence }: VerifyPeerAsk): VerifyPeerReply => ({
  ok: true,
  publicKey: evidence.type === 'x509' ? evidence.chain[0]!.certificate : evidence.spki,
});

export function client12(options: Partial<ClientOptions>): Connection {
  return createClient({
    provider: olderProvider,
    versions: [tls12],
    ...options,
    answers: { verifyPeer, ...options.answers },
  });
}

export function server12(options: Partial<ServerOptions>): Connection {
  const credentials = [rsaCredential];
  return createServer({
    provider: olderProvider,
    versions: [tls12],
    credentials,
    ...options,
    answers: { verifyPeer, ...options.answers },
  });
}

/** Both ends until nothing moves; the errors that they end with. */
export function connect12(a: Connection, b: Connection): string[] {
  const said = connect(a, b, nowMs);
  return [...said.a, ...said.b].flatMap((each) =>
    each.type === 'failed' && each.sentBy !== 'peer' ? [each.error.code] : [],
  );
}

export function suitesOf(keyExchange: string, authentication: string) {
  return tls12Suites
    .filter((suite) => suite.keyExchange === keyExchange && suite.authentication === authentication)
    .filter(({ id }) => tls12.supports(id, olderProvider))
    .map(({ name, id }) => [name, id] as const);
}
