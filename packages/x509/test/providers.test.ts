import { describe, expect, test } from 'vitest';
import type { KeySpec } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { nodeProvider } from '@sealwire/crypto-node';
import { type TestPki, makeTestPki, verifyChain } from '../src/index.ts';
import { nowMs } from './authority.ts';

/** The package is the same on every provider: what one signs the other accepts, and given randomness gives one result. */
const providers = [withMlDsa(nodeProvider), withMlDsa(nobleProvider)];
const specs: KeySpec[] = [
  { type: 'ec', curve: 'secp256r1' },
  { type: 'ec', curve: 'secp384r1' },
  { type: 'ec', curve: 'secp521r1' },
  { type: 'ec', curve: 'secp256k1' },
  { type: 'ec', curve: 'brainpoolP256r1' },
  { type: 'ec', curve: 'brainpoolP384r1' },
  { type: 'ec', curve: 'brainpoolP512r1' },
  { type: 'ed25519' },
  { type: 'ed448' },
  { type: 'ml-dsa-44' },
  { type: 'ml-dsa-65' },
  { type: 'ml-dsa-87' },
];

describe.each(specs)('$type $curve', (keySpec) => {
  const pkis = providers.map((provider) => makeTestPki({ provider, nowMs, keySpec, source: counter() }));

  test('byte for byte the same from the same randomness', () => {
    const certificates = ({ root, intermediate, server, client }: TestPki) =>
      [root, intermediate, server, client].map(({ certificate }) => certificate);
    expect(certificates(pkis[0]!)).toEqual(certificates(pkis[1]!));
  });
  test('each verifies it', () => {
    for (const provider of providers) {
      const { server, root } = pkis[0]!;
      const outcome = verifyChain({
        provider,
        chain: server.chain,
        roots: root.certificate,
        timeMs: nowMs,
        hostName: 'localhost',
      });
      expect(outcome.ok, provider.name).toBe(true);
      const forged = [server.chain[0]!, server.certificate];
      expect(verifyChain({ provider, chain: forged, roots: root.certificate, timeMs: nowMs }).ok).toBe(false);
    }
  });
});

// Making keys of 2,048 bits takes as long as it takes.
test('RSA: native signatures of one are good for the other', () => {
  for (const type of ['rsa', 'rsa-pss'] as const) {
    const { root, server } = makeTestPki({ provider: nodeProvider, nowMs, keySpec: { type, bits: 2048 } });
    const outcome = verifyChain({
      provider: nobleProvider,
      chain: server.chain,
      roots: root.certificate,
      timeMs: nowMs,
    });
    expect(outcome.ok, type).toBe(true);
  }
});

/** Bytes that depend on nothing: a linear congruence. */
function counter() {
  let state = 1;
  return (length: number) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    });
}
