import { type CryptoProvider, type Entropy, givenEntropy } from '@sealwire/core';
import { seededRandom, type Side } from '@sealwire/testkit';

/**
 * Entropy in the given form that remembers what it has computed: thousands of conversations of one scenario differ
 * in one message, and key pairs and most signatures are the same in all of them.
 */
export function memoized(provider: CryptoProvider): (side: Side) => Entropy {
  return (side) => {
    const given = givenEntropy(seededRandom(`mutations ${side}`));
    let drawn = 0;
    return {
      random: (length) => given.random(length),
      generate(group) {
        const name = `${side} ${group.name} ${drawn++}`;
        const exported = recall(name, () => freshly(name).generate(group).exportPrivate());
        return group.restore(exported)!;
      },
      respond(group, clientShare) {
        const name = `${side} ${group.name} ${drawn++} ${hex(clientShare)}`;
        const response = recall(name, () => freshly(name).respond(group, clientShare));
        return response && { share: response.share.slice(), secret: response.secret.slice() };
      },
      sign: (key, algorithm, message) =>
        recall(`${provider.name} ${hex(key.publicKey.spki)} ${algorithm.type} ${hex(message)}`, () =>
          given.sign(key, algorithm, message),
        ).slice(),
    };
  };
}

/** A source that depends on what is asked for and not on what was computed before, so that memory changes nothing. */
function freshly(name: string): Entropy {
  return givenEntropy(seededRandom(name));
}

function recall<T>(name: string, compute: () => T): T {
  const known = memory.get(name);
  if (known !== undefined) return known.value as T;
  const value = compute();
  // Bounded: what mutants add is rarely asked for again.
  if (memory.size < 5_000) memory.set(name, { value });
  return value;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const memory = new Map<string, { readonly value: unknown }>();
