import {
  type CryptoProvider,
  type Entropy,
  givenEntropy,
  type KeyExchangeGroup,
  type KeyExchangeKey,
  type KeyExchangeResponse,
  type PrivateKey,
  type PublicKey,
  type SignatureAlgorithm,
} from '@sealwire/core';
import { seededRandom, type Side } from '@sealwire/testkit';
import { Memory, nameOf } from './memory.ts';

/**
 * Entropy in the given form that remembers what it has computed: thousands of conversations of one scenario differ
 * in one message, and key pairs and most signatures are the same in all of them.
 */
export function memoized(provider: CryptoProvider): (side: Side) => Entropy {
  return (side) => new MemoizedEntropy(provider, side);
}

class MemoizedEntropy implements Entropy {
  readonly #provider: CryptoProvider;
  readonly #side: Side;
  #drawn = 0;

  constructor(provider: CryptoProvider, side: Side) {
    this.#provider = provider;
    this.#side = side;
  }

  random(length: number): Uint8Array {
    const name = `${this.#next()} ${length}`;
    return randoms.recall(name, () => seededRandom(name)(length)).slice();
  }

  generate(group: KeyExchangeGroup): KeyExchangeKey {
    const name = `${this.#next()} ${group.name}`;
    if (group.name === 'dh') return freshly(name).generate(group); // the name does not say which numbers
    const exported = privates.recall(name, () => freshly(name).generate(group).exportPrivate());
    return group.restore(exported)!;
  }

  respond(group: KeyExchangeGroup, clientShare: Uint8Array): KeyExchangeResponse | undefined {
    const name = `${this.#next()} ${group.name} ${nameOf(clientShare)}`;
    if (group.name === 'dh') return freshly(name).respond(group, clientShare);
    const response = responses.recall(name, () => freshly(name).respond(group, clientShare));
    return response && { share: response.share.slice(), secret: response.secret.slice() };
  }

  sign(key: PrivateKey, algorithm: SignatureAlgorithm, message: Uint8Array): Uint8Array {
    const name = `${this.#provider.name} ${nameOf(key.publicKey.spki)} ${JSON.stringify(algorithm)} ${nameOf(message)}`;
    return signatures.recall(name, () => freshly(name).sign(key, algorithm, message)).slice();
  }

  encryptPkcs1(key: PublicKey, message: Uint8Array): Uint8Array | undefined {
    const name = `${this.#next()} encryptPkcs1 ${nameOf(key.spki)} ${nameOf(message)}`;
    return ciphertexts.recall(name, () => freshly(name).encryptPkcs1(key, message))?.slice();
  }

  #next(): string {
    return `mutations ${this.#side} ${this.#drawn++}`;
  }
}

/** A source that depends on what is asked for and not on what was computed before, so that memory changes nothing. */
function freshly(name: string): Entropy {
  return givenEntropy(seededRandom(name));
}

const randoms = new Memory<Uint8Array>(1_000);
const privates = new Memory<Uint8Array>(1_000);
const responses = new Memory<KeyExchangeResponse | undefined>(1_000);
const ciphertexts = new Memory<Uint8Array | undefined>(1_000);
const signatures = new Memory<Uint8Array>(1_000);
