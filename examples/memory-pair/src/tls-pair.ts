import { createClient, createServer, givenEntropy } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import {
  type MemoryPair,
  memoryPair,
  type MemoryPairOptions,
  seededRandom,
  virtualClock,
} from '@sealwire/testkit';
import { createVerifier, loadCredential, makeTestPki } from '@sealwire/x509';

const startMs = Date.UTC(2026, 5, 15);
/** Made once: keys and certificates that are the same in every run. */
const pki = makeTestPki({ provider, nowMs: startMs, source: seededRandom('pki') });
const roots = pki.root.certificate;
const credentials = [loadCredential({ provider, chain: pki.server.chain, key: pki.server.key })];

/** A client and a server with a real handshake between them, the same bytes in every run. */
export function tlsPair(options: Omit<MemoryPairOptions, 'client' | 'server' | 'clock'> = {}): MemoryPair {
  const entropy = (side: string) => givenEntropy(seededRandom(`${side} ${options.seed ?? 0}`));
  const answers = { verifyPeer: createVerifier({ provider, roots }) };
  return memoryPair({
    client: createClient({ provider, entropy: entropy('client'), serverName: 'localhost', answers }),
    server: createServer({ provider, entropy: entropy('server'), credentials }),
    clock: virtualClock(startMs),
    ...options,
  });
}
