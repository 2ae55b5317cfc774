import {
  type ClientOptions,
  type Connection,
  createClient,
  createServer,
  type Output,
  type ServerOptions,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { pair, type PairOptions, virtualClock } from '@sealwire/testkit';
import { createVerifier, encodePem, loadCredential, makeTestPki } from '@sealwire/x509';

/** A certificate authority for all tests of this folder, and what both sides need of it. */
export const nowMs = Date.UTC(2026, 0, 1);

const pki = makeTestPki({ provider: nodeProvider, nowMs });

export const serverCredential = loadCredential({
  provider: nodeProvider,
  chain: pki.server.chain,
  key: pki.server.key,
});

export const clientCredential = loadCredential({
  provider: nodeProvider,
  chain: pki.client.chain,
  key: pki.client.key,
});

/** The same for implementations that want PEM. */
export const pem = {
  serverChain: pki.server.chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
  serverKey: encodePem('PRIVATE KEY', pki.server.key.exportPkcs8()),
};

export const verifyPeer = createVerifier({ provider: nodeProvider, roots: [pki.root.certificate] });

/** For tests whose OCSP responses are any bytes. */
export const verifyPeerWithoutStaples = createVerifier({
  provider: nodeProvider,
  roots: [pki.root.certificate],
  stapling: 'ignored',
});

export function client(options: Partial<ClientOptions> = {}): Connection {
  const connection = unstartedClient(options);
  connection.start(nowMs);
  return connection;
}

function unstartedClient(options: Partial<ClientOptions>): Connection {
  const common = { provider: nodeProvider, serverName: 'localhost', answers: { verifyPeer } };
  return createClient({ ...common, ...options });
}

export function server(options: Partial<ServerOptions> = {}): Connection {
  const connection = unstartedServer(options);
  connection.start(nowMs);
  return connection;
}

function unstartedServer(options: Partial<ServerOptions>): Connection {
  const common = { provider: nodeProvider, credentials: [serverCredential], answers: { verifyPeer } };
  return createServer({ ...common, ...options });
}

/** The same two as a pair of the test kit, which starts them. */
export function pairOf(
  clientOptions: Partial<ClientOptions>,
  serverOptions: Partial<ServerOptions>,
  options: PairOptions = {},
): ReturnType<typeof pair> {
  return pair(unstartedClient(clientOptions), unstartedServer(serverOptions), {
    clock: virtualClock(nowMs),
    ...options,
  });
}

/** All outputs that are there, in order. */
export function drain(connection: Connection): Output[] {
  const outputs: Output[] = [];
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) outputs.push(output);
  return outputs;
}

/** Outputs of one type. */
export function ofType<T extends Output['type']>(
  outputs: readonly Output[],
  type: T,
): Extract<Output, { type: T }>[] {
  return outputs.filter((output): output is Extract<Output, { type: T }> => output.type === type);
}

/** The bytes that outputs send. */
export function bytesOf(outputs: readonly Output[]): Uint8Array {
  return new Uint8Array(Buffer.concat(ofType(outputs, 'transmit').flatMap(({ pieces }) => pieces)));
}

/** Carries bytes to and fro until neither side has any; returns what each side said besides. */
export function exchange(a: Connection, b: Connection): { readonly a: Output[]; readonly b: Output[] } {
  const said = { a: [] as Output[], b: [] as Output[] };
  for (;;) {
    const fromA = drain(a);
    const fromB = drain(b);
    if (fromA.length === 0 && fromB.length === 0) return said;
    said.a.push(...fromA);
    said.b.push(...fromB);
    const [toB, toA] = [bytesOf(fromA), bytesOf(fromB)];
    if (toB.length > 0) b.receive(toB, nowMs);
    if (toA.length > 0) a.receive(toA, nowMs);
  }
}
