import { ApiMisuseError, type CryptoProvider } from '@sealwire/core';
import { isMlDsa, mlDsaNames } from './formats.ts';
import { generateMlDsa, importMlDsaPrivateKey, importMlDsaPublicKey } from './keys.ts';

/**
 * A provider with ML-DSA (FIPS 204): `provider`, and from `@noble/post-quantum` the parameter sets that it lacks. For `nobleProvider`, and for
 * `nodeProvider` on a Node whose OpenSSL has no ML-DSA. The result has what `provider` has of its own, at the time of the call. Throws
 * `ApiMisuseError` for what is no provider.
 *
 * Nobody independent has audited that implementation, and it makes no claim of constant time: checking signatures tells nobody anything, but
 * who can measure a signer finely may learn of its key.
 */
export function withMlDsa(provider: CryptoProvider): CryptoProvider {
  if (typeof provider?.importPublicKey !== 'function')
    throw new ApiMisuseError('withMlDsa expects a crypto provider, for example nobleProvider');
  const additions: Partial<CryptoProvider> = {
    mlDsa: mlDsaNames,
    importPublicKey: (spki) => provider.importPublicKey(spki) ?? importMlDsaPublicKey(spki),
    importPrivateKey: (pkcs8) => provider.importPrivateKey(pkcs8) ?? importMlDsaPrivateKey(pkcs8),
    generateKeyPair(spec, source) {
      const isLacking = isMlDsa(spec.type) && provider.mlDsa?.includes(spec.type) !== true;
      return isLacking ? generateMlDsa(spec.type, source) : provider.generateKeyPair(spec, source);
    },
  };
  // By descriptors: to find out what is native may take its time, and is left until somebody asks.
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(provider), ...Object.getOwnPropertyDescriptors(additions) },
  ) as CryptoProvider;
}

/** What `@sealwire/crypto-node` shares with this. Not meant for applications. */
export {
  isMlDsa,
  mlDsaNames,
  mlDsaSizes,
  parseMlDsaPkcs8,
  parseMlDsaSpki,
  seedBytes as mlDsaSeedBytes,
  writeMlDsaPkcs8,
} from './formats.ts';
export { importMlDsaPrivateKey } from './keys.ts';
