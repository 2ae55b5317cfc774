import { describe, expect, test } from 'vitest';
import { type Connection, createClient, createServer, type Output } from '@sealwire/core';
import { createVerifier, loadCredential, makeTestPki } from '../src/index.ts';
import { nowMs, provider } from './authority.ts';

/** The package in its place: core's connections with our credentials and our verifier, both ways. */
const pki = makeTestPki({ provider, nowMs, dnsNames: ['a.example'] });
const verifyPeer = createVerifier({ provider, roots: pki.root.certificate });
const credentialOf = (side: 'server' | 'client') =>
  loadCredential({ provider, chain: pki[side].chain, key: pki[side].key.exportPkcs8() });

function connect(
  change: {
    serverName?: string;
    roots?: Uint8Array;
    startMs?: number;
    clientCredential?: 'server' | 'client';
  } = {},
) {
  const trusting =
    change.roots === undefined ? verifyPeer : createVerifier({ provider, roots: change.roots });
  const client = createClient({
    provider,
    serverName: change.serverName ?? 'a.example',
    credentials: [credentialOf(change.clientCredential ?? 'client')],
    answers: { verifyPeer: trusting },
  });
  const server = createServer({
    provider,
    credentials: [credentialOf('server')],
    clientAuthentication: 'require',
    answers: { verifyPeer },
  });
  return run(client, server, change.startMs ?? nowMs);
}

function run(client: Connection, server: Connection, atMs: number) {
  const said: { client: Output[]; server: Output[] } = { client: [], server: [] };
  client.start(atMs);
  server.start(atMs);
  const drain = (from: Connection, to: Connection, outputs: Output[]): boolean => {
    let moved = false;
    for (let output = from.poll(); output !== undefined; output = from.poll()) {
      moved = true;
      outputs.push(output);
      if (output.type === 'transmit') for (const piece of output.pieces) to.receive(piece, atMs);
    }
    return moved;
  };
  while ([drain(client, server, said.client), drain(server, client, said.server)].includes(true));
  const ending = (outputs: Output[]) => {
    const failed = outputs.find((output) => output.type === 'failed');
    if (failed !== undefined) return `${failed.error.code} ${failed.alert} ${failed.sentBy}`;
    return outputs.some(({ type }) => type === 'connected') ? 'connected' : 'waiting';
  };
  return {
    client: ending(said.client),
    server: ending(said.server),
    facts: { client: client.facts, server: server.facts },
  };
}

describe('TLS 1.3 with certificates on both sides', () => {
  test('each accepts the other', () => {
    const { client, server, facts } = connect();
    expect([client, server]).toEqual(['connected', 'connected']);
    expect(facts.client.peerVerdict).toEqual({
      authorized: true,
      chain: [...pki.server.chain, pki.root.certificate],
    });
    expect(facts.server.peerVerdict).toEqual({
      authorized: true,
      chain: [...pki.client.chain, pki.root.certificate],
    });
  });
  test.each([
    [{ serverName: 'b.example' }, 'local.nameMismatch bad_certificate us'],
    [{ roots: makeTestPki({ provider, nowMs }).client.certificate }, 'local.unknownCa unknown_ca us'],
    [{ startMs: nowMs + 400 * 86_400_000 }, 'local.certificateExpired certificate_expired us'],
  ])('the client refuses: %j', (change, expected) => expect(connect(change).client).toBe(expected));
  test('the server refuses a certificate that is for servers', () => {
    expect(connect({ clientCredential: 'server' }).server).toBe(
      'local.certificateUnsupported unsupported_certificate us',
    );
  });
});
