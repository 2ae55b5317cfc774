import { ApiMisuseError, type CryptoProvider, type PrivateKey } from '@sealwire/core';
import { sameBytes } from '../der/bytes.ts';
import { X509Error } from '../errors.ts';
import { type PrivateKeyOptions, privateKeyPkcs8 } from './private-key-file.ts';
import { usualSignatureAlgorithm } from './usual-algorithm.ts';

/**
 * A private key file as the provider's key; throws `X509Error` as `privateKeyPkcs8` does, and `key.unsupported` when it is
 * none that the provider can use.
 */
export function loadPrivateKey(
  input: string | Uint8Array,
  provider: CryptoProvider,
  options: PrivateKeyOptions = {},
): PrivateKey {
  const key = provider.importPrivateKey(privateKeyPkcs8(input, { ...options, provider }));
  if (key === undefined)
    throw new X509Error('key.unsupported', `expected a private key that ${provider.name} knows`);
  return key;
}

/** A key as people have it, for whoever signs in this process; `'external'` stays what it is. */
export function ownKey(
  key: string | Uint8Array | PrivateKey | 'external',
  provider: CryptoProvider,
  options: PrivateKeyOptions = {},
): PrivateKey | 'external' {
  if (key === 'external') return 'external';
  return typeof key === 'string' || key instanceof Uint8Array
    ? loadPrivateKey(key, provider, options)
    : (key as PrivateKey);
}

/**
 * `ApiMisuseError` unless `key` is the private half of the DER SubjectPublicKeyInfo. Equal ones decide at once. They
 * may differ for one key (parameters of RSASSA-PSS that a certificate has and the key file has not, a compressed
 * point); then a signature is made and checked.
 */
export function requireSameKey(
  key: PrivateKey,
  spki: Uint8Array,
  provider: CryptoProvider,
  expected: string,
): void {
  if (sameBytes(key.publicKey.spki, spki)) return;
  const certified = provider.importPublicKey(spki);
  if (certified?.kind.type === key.kind.type) {
    const algorithm = usualSignatureAlgorithm(certified.kind);
    if (certified.verify(algorithm, probe, key.sign(algorithm, probe))) return;
  }
  throw new ApiMisuseError(`expected ${expected}, got another key`);
}

const probe = /* @__PURE__ */ Uint8Array.from('does this key fit?', (character) => character.charCodeAt(0));
