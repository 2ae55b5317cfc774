import { type CryptoProvider, type Entropy, givenEntropy, type KeyExchangeResponse } from '@sealwire/core';
import { seededRandom, type Side } from '@sealwire/testkit';
import { Memory, nameOf } from './memory.ts';

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
        if (group.name === 'dh') return freshly(name).generate(group); // the name does not say which numbers
        const exported = privates.recall(name, () => freshly(name).generate(group).exportPrivate());
        return group.restore(exported)!;
      },
      respond(group, clientShare) {
        const name = `${side} ${group.name} ${drawn++} ${nameOf(clientShare)}`;
        if (group.name === 'dh') return freshly(name).respond(group, clientShare);
        const response = responses.recall(name, () => freshly(name).respond(group, clientShare));
        return response && { share: response.share.slice(), secret: response.secret.slice() };
      },
      sign: (key, algorithm, message) =>
        signatures
          .recall(`${provider.name} ${nameOf(key.publicKey.spki)} ${algorithm.type} ${nameOf(message)}`, () =>
            given.sign(key, algorithm, message),
          )
          .slice(),
      encryptPkcs1(key, message) {
        const name = `${side} encryptPkcs1 ${drawn++} ${nameOf(key.spki)} ${nameOf(message)}`;
        return ciphertexts.recall(name, () => freshly(name).encryptPkcs1(key, message))?.slice();
      },
    };
  };
}

/** A source that depends on what is asked for and not on what was computed before, so that memory changes nothing. */
function freshly(name: string): Entropy {
  return givenEntropy(seededRandom(name));
}

const privates = new Memory<Uint8Array>(1_000);
const responses = new Memory<KeyExchangeResponse | undefined>(1_000);
const ciphertexts = new Memory<Uint8Array | undefined>(1_000);
const signatures = new Memory<Uint8Array>(1_000);
