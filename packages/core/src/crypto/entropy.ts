import type {
  CryptoProvider,
  KeyExchangeGroup,
  KeyExchangeKey,
  KeyExchangeResponse,
  PrivateKey,
  PublicKey,
  RandomSource,
  SignatureAlgorithm,
} from './provider.ts';

/**
 * The one seam through which a connection draws randomness: every operation whose result is not a
 * function of its arguments goes through here, so that a test can script it and a recorded history can
 * hold what came out of it.
 */
export interface Entropy {
  random(length: number): Uint8Array;
  generate(group: KeyExchangeGroup): KeyExchangeKey;
  respond(group: KeyExchangeGroup, clientShare: Uint8Array): KeyExchangeResponse | undefined;
  sign(key: PrivateKey, algorithm: SignatureAlgorithm, message: Uint8Array): Uint8Array;
  /** `undefined` as `PublicKey.encryptPkcs1` says it, and for a key that lacks it. */
  encryptPkcs1(key: PublicKey, message: Uint8Array): Uint8Array | undefined;
}

/** The provider's own generator, each operation in its native form. The default. */
export function nativeEntropy(provider: CryptoProvider): Entropy {
  return {
    random: (length) => provider.random(length),
    generate: (group) => group.generate(),
    respond: (group, clientShare) => group.respond(clientShare),
    sign: (key, algorithm, message) => key.sign(algorithm, message),
    encryptPkcs1: (key, message) => key.encryptPkcs1?.(message),
  };
}

/**
 * Everything from `source`, each operation in its given form: the same source gives the same bytes with
 * every provider. For tests, demonstrations and replay; a source that can be guessed gives no security.
 */
export function givenEntropy(source: RandomSource): Entropy {
  return {
    random: (length) => source(length),
    generate: (group) => group.generate(source),
    respond: (group, clientShare) => group.respond(clientShare, source),
    sign: (key, algorithm, message) => key.sign(algorithm, message, source),
    encryptPkcs1: (key, message) => key.encryptPkcs1?.(message, source),
  };
}
