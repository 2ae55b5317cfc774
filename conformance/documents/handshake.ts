import { createClient, createServer, givenEntropy, namedGroups } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import {
  type OpenedRecord,
  openRecords,
  pair,
  passageOf,
  seededRandom,
  virtualClock,
} from '@sealwire/testkit';
import { createVerifier, loadCredential, makeTestPki } from '@sealwire/x509';

/** A connection that is the same every time: handshake, data both ways, a key update, an orderly end. */
export function documentedConnection(): readonly OpenedRecord[] {
  const clock = virtualClock(Date.UTC(2026, 5, 15));
  const pki = makeTestPki({ provider, nowMs: clock.now(), source: seededRandom('documented authority') });
  const shared = { provider, groups: [namedGroups.x25519], alpnProtocols: ['http/1.1'], keyLog: true };
  const client = createClient({
    ...shared,
    entropy: givenEntropy(seededRandom('documented client')),
    serverName: 'localhost',
    answers: { verifyPeer: createVerifier({ provider, roots: pki.root.certificate }) },
  });
  const server = createServer({
    ...shared,
    entropy: givenEntropy(seededRandom('documented server')),
    credentials: [loadCredential({ provider, chain: pki.server.chain, key: pki.server.key })],
  });
  const say = (text: string) => new TextEncoder().encode(text);
  const result = pair(client, server, { clock }).run([
    { by: 'client', do: 'send', bytes: say('Is anybody there?') },
    { by: 'server', do: 'updateKeys', requestPeer: true },
    { by: 'server', do: 'send', bytes: say('Yes.') },
    { by: 'client', do: 'close' },
    { by: 'server', do: 'close' },
  ]);
  return openRecords(passageOf(result), provider);
}
