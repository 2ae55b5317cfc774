import type { CryptoProvider, MlDsaName } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { crossCheckProviders, cryptoProviderContract } from '@sealwire/testkit';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeProvider } from '../src/index.ts';

/** ML-DSA in pure JavaScript, by itself and beside node:crypto, and natively where this Node has it. */
const names: readonly MlDsaName[] = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'];
const pure = withMlDsa(nobleProvider);
const providers: Record<string, CryptoProvider> = { noble: pure, 'node and noble': withMlDsa(nodeProvider) };
const isNative = nodeProvider.mlDsa?.length === names.length;
if (isNative) providers['node'] = nodeProvider;
else console.log(`skipped: native ML-DSA, which Node ${process.version} does not have in node:crypto`);

describe.each(Object.entries(providers))('%s', (_, provider) => {
  it('names all three', () => expect(provider.mlDsa).toEqual(names));

  const cases = cryptoProviderContract(provider).filter(({ name }) => name.startsWith('ml-dsa'));
  for (const { name, run } of cases) it(name, () => expect(run()).toBeUndefined());
  it('the contract has cases of each', () => expect(cases).toHaveLength(3 * 8));

  it.each(names)('%s: the private keys of RFC 9881 appendix C.1, in each form', (name) => {
    const seed = example(name, 'seed.priv');
    const spki = example(name, 'pub');
    for (const form of ['seed', 'both', 'expanded'] as const) {
      const given = example(name, `${form}.priv`);
      const key = provider.importPrivateKey(given)!;
      expect(key.kind, form).toEqual({ type: name });
      expect(key.publicKey.spki, form).toEqual(spki);
      // The seed alone, where there is one.
      expect(key.exportPkcs8(), form).toEqual(form === 'expanded' ? given : seed);
      const signature = key.sign({ type: name }, message);
      expect(provider.importPublicKey(spki)!.verify({ type: name }, message, signature), form).toBe(true);
      expect(key.sign({ type: name }, message, zeros), form).toEqual(
        pure.importPrivateKey(seed)!.sign({ type: name }, message, zeros),
      );
    }
  });

  it.each([1, 2, 3])('private key %i of RFC 9881 appendix C.4, which does not fit itself', (number) => {
    expect(provider.importPrivateKey(pem(`bad-ML-DSA-44-${number}.priv`))).toBeUndefined();
  });

  it.each(names)('%s: no changed byte of an expanded key is taken', (name) => {
    const expanded = example(name, 'expanded.priv');
    const begin = expanded.length - sizes[name];
    // ρ, tr, s1, s2 and t0; the 32 bytes K behind ρ are of nothing else.
    for (const at of [0, 31, 64, 127, 128, 300, sizes[name] - 1])
      expect(provider.importPrivateKey(changed(expanded, begin + at)), `${at}`).toBeUndefined();
    expect(provider.importPrivateKey(changed(expanded, begin + 40))?.publicKey.spki).toEqual(
      example(name, 'pub'),
    );
  });
});

describe('withMlDsa', () => {
  it('leaves the rest as it is', () => {
    for (const key of Object.keys(nobleProvider) as (keyof CryptoProvider)[]) {
      if (!['importPublicKey', 'importPrivateKey', 'generateKeyPair'].includes(key))
        expect(pure[key]).toBe(nobleProvider[key]);
    }
    const { publicKey } = pure.generateKeyPair({ type: 'ed25519' });
    expect(pure.importPublicKey(publicKey.spki)!.kind).toEqual({ type: 'ed25519' });
    expect(() => pure.generateKeyPair({ type: 'dsa' } as never)).toThrow('expected a known kind of key');
  });

  it('leaves to a provider what it has, and adds the rest', () => {
    const asked: string[] = [];
    const some: CryptoProvider = {
      ...nobleProvider,
      mlDsa: ['ml-dsa-44'],
      generateKeyPair: (spec, source) => {
        asked.push(spec.type);
        return pure.generateKeyPair(spec, source);
      },
    };
    for (const type of names) withMlDsa(some).generateKeyPair({ type });
    expect(asked).toEqual(['ml-dsa-44']);
  });

  it('does not ask what is native before it must', () => {
    const lazy = Object.defineProperty({ ...nobleProvider }, 'mlDsa', {
      get: () => expect.fail('asked'),
      configurable: true,
      enumerable: true,
    });
    expect(withMlDsa(lazy).mlDsa).toEqual(names);
  });

  it.each([undefined, null, {}, 'node'])('of %j is a mistake', (value) => {
    expect(() => withMlDsa(value as never)).toThrow('withMlDsa expects a crypto provider');
  });
});

describe.runIf(isNative)('node and noble', () => {
  const cases = crossCheckProviders(nodeProvider, pure, 20).filter(({ name }) => name.includes('ml-dsa'));
  it('there are cases', () => expect(cases).toHaveLength(3));
  for (const { name, run } of cases) it(name, () => expect(run()).toBeUndefined());
});

function example(name: MlDsaName, what: string): Uint8Array {
  return pem(`${name.toUpperCase()}${what === 'pub' ? '.' : '-'}${what}`);
}

function pem(file: string): Uint8Array {
  const text = readFileSync(new URL(`../../x509/test/rfc9881/${file}`, import.meta.url), 'latin1');
  return new Uint8Array(Buffer.from(text.replace(/-----.*-----/g, ''), 'base64'));
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, bytes[at]! ^ 1);
}

const message = new TextEncoder().encode('a message');
const zeros = (length: number) => new Uint8Array(length);
const sizes = { 'ml-dsa-44': 2560, 'ml-dsa-65': 4032, 'ml-dsa-87': 4896 } as const;
