import { connect, createServer, type TlsServer, type TlsStream } from '@sealwire/node-transport';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { certificatesDer, loadCredential } from '@sealwire/x509';
import { type Check, type ScenarioFacts, scenarioFacts } from './facts.ts';
import { entropyFor, type Identities } from './identities.ts';
import { Inbox } from './inbox.ts';
import { Observer } from './observer.ts';

/** An end of ours, with what is needed to tell about it. */
export interface Observed {
  readonly connection: TlsStream;
  readonly inbox: Inbox;
  facts(checks: readonly Check[]): ScenarioFacts;
}

export async function observedClient(
  port: number,
  identities: Identities,
  seed: string | undefined,
): Promise<Observed> {
  const observer = new Observer();
  return observed(await connectTo(port, identities, seed, observer), observer, undefined);
}

/** Rejects where our end refuses the server. */
export function connectTo(
  port: number,
  { root, ocspResponse }: Identities,
  seed: string | undefined,
  observer: Observer,
): Promise<TlsStream> {
  return connect({
    host: loopback,
    serverName: 'localhost',
    port,
    roots: root,
    requestOcsp: ocspResponse !== undefined,
    alpnProtocols: [alpn],
    onTrace: observer.see,
    ...entropyFor(seed, 'client'),
  });
}

export async function withObservedServer<T>(
  identities: Identities,
  seed: string | undefined,
  use: (server: TlsServer, accepted: Promise<Observed>) => Promise<T>,
): Promise<T> {
  let observer: Observer | undefined;
  const { certificate, privateKey, ocspResponse } = identities;
  const server = await createServer({
    host: loopback,
    credentials: [
      loadCredential({
        provider,
        chain: certificate,
        key: privateKey,
        ...(ocspResponse === undefined ? {} : { ocspResponse }),
      }),
    ],
    alpnProtocols: [alpn, 'http/1.1'],
    onTrace: (event) => {
      observer ??= new Observer();
      observer.see(event);
    },
    ...entropyFor(seed, 'server'),
  });
  const chain = certificatesDer([identities.certificate, identities.root]);
  const accepted = new Promise<Observed>((resolve, reject) => {
    server.once('connection', (connection) => resolve(observed(connection, observer!, chain)));
    server.once('connectionError', reject);
  });
  accepted.catch(() => {});
  try {
    return await use(server, accepted);
  } finally {
    await server.close({ timeoutMs: 500 });
  }
}

function observed(
  connection: TlsStream,
  observer: Observer,
  chain: readonly Uint8Array[] | undefined,
): Observed {
  observer.connected();
  const handshakeMs = observer.elapsedMs;
  return {
    connection,
    inbox: new Inbox(connection),
    facts: (checks) => scenarioFacts(connection, observer, handshakeMs, chain, checks),
  };
}

export const loopback = '127.0.0.1';

export const alpn = 'sealwire-demo';
