/**
 * Runs inside a browser: a client and a server of ours, both on the provider in pure JavaScript, talk to each
 * other through arrays. The result is left in the global variable `outcome`.
 */
import {
  createClient,
  createServer,
  type Connection,
  namedGroups,
  type Output,
  signatureSchemes,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';

interface Identity {
  readonly certificate: string;
  readonly spki: string;
  readonly key: string;
}

/** What the page is called with, hexadecimal. */
declare const identity: Identity;

(globalThis as { outcome?: string }).outcome = outcomeOf();

function outcomeOf(): string {
  try {
    return `browser: ${JSON.stringify(converse())}`;
  } catch (error) {
    return `browser: failed ${String(error)}`;
  }
}

function converse(): Record<string, unknown> {
  const key = nobleProvider.importPrivateKey(bytes(identity.key));
  if (key === undefined) throw new Error('the key was refused');
  const client = createClient({
    provider: nobleProvider,
    serverName: 'localhost',
    alpnProtocols: ['browser/1'],
    groups: [namedGroups.X25519MLKEM768],
    answers: { verifyPeer: () => ({ ok: true, publicKey: bytes(identity.spki) }) },
  });
  const server = createServer({
    provider: nobleProvider,
    alpnProtocols: ['browser/1'],
    credentials: [
      {
        type: 'x509',
        chain: [bytes(identity.certificate)],
        signatureSchemes: [signatureSchemes.ecdsa_secp256r1_sha256],
        key,
      },
    ],
  });
  const got = { client: '', server: '', closed: 0 };
  const exchange = () => {
    for (let hasMoved = true; hasMoved; ) {
      const toServer = drain(client, (text) => (got.client += text), got);
      const toClient = drain(server, (text) => (got.server += text), got);
      for (const piece of toServer) server.receive(piece, 2);
      for (const piece of toClient) client.receive(piece, 2);
      hasMoved = toServer.length + toClient.length > 0;
    }
  };
  client.start(1);
  server.start(1);
  exchange();
  client.send(characters('from the client'));
  server.send(characters('from the server'));
  client.updateKeys({ requestPeer: true });
  exchange();
  client.send(characters(', again'));
  server.send(characters(', again'));
  exchange();
  client.close();
  server.close();
  exchange();
  return {
    ...got,
    suite: client.facts.cipherSuite,
    group: client.facts.group,
    protocol: client.facts.alpnProtocol,
    keyUpdates: client.facts.keyUpdatesReceived,
  };
}

function drain(end: Connection, deliver: (text: string) => void, got: { closed: number }): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let output: Output | undefined; (output = end.poll()); ) {
    if (output.type === 'transmit') pieces.push(...output.pieces);
    if (output.type === 'data') deliver(String.fromCharCode(...output.bytes));
    if (output.type === 'closed') got.closed += 1;
    if (output.type === 'failed') throw output.error;
  }
  return pieces;
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function characters(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
