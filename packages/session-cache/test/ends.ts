import type { Facts } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { secure, type TlsClientOptions, type TlsServerOptions } from '@sealwire/node-transport';
import { encodePem, makeTestPki } from '@sealwire/x509';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const pki = makeTestPki({ provider, nowMs: Date.now() });

/** A private CA that certified a server for `localhost` and a client. */
export const roots = pem(pki.root.certificate);
export const serverIdentity = identity(pki.server);
export const clientIdentity = identity(pki.client);

/**
 * What the client says of a connection on which both have said something, and closed. `lingerMs`: how long it stays, for
 * tickets that have to be fetched or stored first.
 */
export async function visit(
  client: Partial<TlsClientOptions>,
  server: Partial<TlsServerOptions>,
  { lingerMs = 0, sent = [] }: { readonly lingerMs?: number; readonly sent?: Uint8Array[] } = {},
): Promise<Facts & { readonly earlyTaken: number }> {
  const [below, above] = duplexPair();
  const write = below._write.bind(below);
  below._write = (chunk: Uint8Array, ...more) => {
    sent.push(new Uint8Array(chunk));
    write(chunk, ...more);
  };
  const [asking, answering] = await Promise.all([
    secure(below, {
      role: 'client',
      serverName: 'localhost',
      ...(trusts(client) ? {} : { roots }),
      ...client,
    }),
    secure(above, { role: 'server', ...serverIdentity, ...server }),
  ]);
  answering.write('hello');
  answering.resume().on('end', () => answering.end());
  await once(asking, 'data');
  if (lingerMs > 0) await sleep(lingerMs);
  asking.end();
  await Promise.all([once(asking, 'close'), once(answering, 'close')]);
  return { ...asking.facts, earlyTaken: asking.earlyDataTaken };
}

/** Sends what a client has sent to a server once more; resolves when the server has given it up. */
export async function replay(sent: readonly Uint8Array[], server: Partial<TlsServerOptions>): Promise<void> {
  const [below, above] = duplexPair();
  const answered = secure(above, { role: 'server', ...serverIdentity, ...server });
  below.resume();
  for (const chunk of sent) below.write(chunk);
  below.end();
  await answered.then(
    () => {
      throw new Error('a replayed handshake was completed');
    },
    () => {},
  );
}

function trusts({ roots: given, verify, decide }: Partial<TlsClientOptions>): boolean {
  return given !== undefined || verify === false || decide?.verifyPeer !== undefined;
}

function identity(issued: typeof pki.server): { readonly certificate: string; readonly privateKey: string } {
  return {
    certificate: issued.chain.map(pem).join(''),
    privateKey: encodePem('PRIVATE KEY', issued.key.exportPkcs8()),
  };
}

function pem(certificate: Uint8Array): string {
  return encodePem('CERTIFICATE', certificate);
}
