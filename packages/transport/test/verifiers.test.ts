import { nodeProvider } from '@sealwire/crypto-node';
import { expect, it } from 'vitest';
import { verifierFor } from '../src/verifiers.ts';
import { encodePem, makeTestPki } from '@sealwire/x509';

const provider = nodeProvider;
const [roots, otherRoots] = [rootsOfSomebody(), rootsOfSomebody()];

it('one text of roots has one verifier', () => {
  expect(verifierFor({ provider, roots })).toBe(verifierFor({ provider, roots: `${roots}` }));
  expect(verifierFor({ provider, roots: otherRoots })).not.toBe(verifierFor({ provider, roots }));
});

it('another provider, other options, and forms that can change have their own', () => {
  const verifier = verifierFor({ provider, roots });
  expect(verifierFor({ provider: { ...provider }, roots })).not.toBe(verifier);
  expect(verifierFor({ provider, roots, rawPublicKeys: [] })).not.toBe(verifier);
  const list = [roots];
  expect(verifierFor({ provider, roots: list })).not.toBe(verifierFor({ provider, roots: list }));
});

it('only the latest texts are kept', () => {
  const [first, second] = [verifierFor({ provider, roots }), verifierFor({ provider, roots: otherRoots })];
  const texts = Array.from({ length: 7 }, (_, i) => `${'\n'.repeat(i + 1)}${roots}`);
  for (const text of texts) {
    verifierFor({ provider, roots: text });
    // What is used again stays.
    expect(verifierFor({ provider, roots })).toBe(first);
  }
  expect(verifierFor({ provider, roots: otherRoots })).not.toBe(second);
});

it('roots that cannot be read are refused each time', () => {
  for (let i = 0; i < 2; i++) expect(() => verifierFor({ provider, roots: 'none' })).toThrow();
});

function rootsOfSomebody(): string {
  return encodePem('CERTIFICATE', makeTestPki({ provider, nowMs: Date.now() }).root.certificate);
}
