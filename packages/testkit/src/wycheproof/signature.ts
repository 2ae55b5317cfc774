import type { CryptoProvider, MlDsaName, SignatureAlgorithm } from '@sealwire/core';
import { bits, oid, oids, sequence } from '../contracts/der.ts';
import { bytes, expectAccepted, expectValue, hashName, number, text } from './fields.ts';
import type { GroupRunner, Verdict, WycheproofGroup, WycheproofTest } from './vector.ts';

export const runEcdsa: GroupRunner = (provider, group, test) => {
  const hash = hashName(text(group, 'sha'));
  return hash === undefined ? 'not applicable' : verify(provider, group, test, { type: 'ecdsa', hash });
};

export const runEddsa: GroupRunner = (provider, group, test) =>
  verify(provider, group, test, {
    type: text(group, 'publicKeyDer').includes('06032b6570') ? 'ed25519' : 'ed448',
  });

/** What was signed in a context is none of ours: TLS and X.509 leave it empty (RFC 9881 §3). */
export const runMlDsa: GroupRunner = (provider, group, test, algorithm) => {
  const type = `${algorithm}`.toLowerCase() as MlDsaName;
  if (provider.mlDsa?.includes(type) !== true) return 'not applicable';
  const isOurs = test.result === 'valid' && (test['ctx'] === undefined || test['ctx'] === '');
  const id = oids[type];
  if (id === undefined) throw new TypeError(`expected a parameter set of ML-DSA, got ${algorithm}`);
  const key = provider.importPublicKey(sequence(sequence(oid(id)), bits(bytes(group, 'publicKey'))));
  return expectAccepted(key?.verify({ type }, bytes(test, 'msg'), bytes(test, 'sig')) ?? false, isOurs);
};

export const runRsaPkcs1: GroupRunner = (provider, group, test) => {
  const hash = hashName(text(group, 'sha'));
  return hash === undefined ? 'not applicable' : verify(provider, group, test, { type: 'rsa-pkcs1', hash });
};

/** Signs with the key of the vector; PKCS #1 v1.5 is deterministic. */
export const runRsaPkcs1Generate: GroupRunner = (provider, group, test) => {
  const hash = hashName(text(group, 'sha'));
  if (hash === undefined) return 'not applicable';
  const key = provider.importPrivateKey(bytes(group, 'privateKeyPkcs8'));
  return expectValue(
    key?.sign({ type: 'rsa-pkcs1', hash }, bytes(test, 'msg')),
    bytes(test, 'sig'),
    test.result !== 'invalid',
  );
};

/**
 * With and without parameters in the key. Where the key's parameters name a hash that TLS does not use, it
 * cannot be imported at all, and the case does not apply.
 */
export const runRsaPss: GroupRunner = (provider, group, test) => {
  const [hash, mgfHash] = [hashName(text(group, 'sha')), hashName(text(group, 'mgfSha'))];
  if (hash === undefined || mgfHash === undefined || text(group, 'mgf') !== 'MGF1') return 'not applicable';
  return verify(provider, group, test, { type: 'rsa-pss', hash, mgfHash, saltBytes: number(group, 'sLen') });
};

function verify(
  provider: CryptoProvider,
  group: WycheproofGroup,
  test: WycheproofTest,
  algorithm: SignatureAlgorithm,
): Verdict {
  const key = provider.importPublicKey(bytes(group, 'publicKeyDer'));
  if (key === undefined) return 'the key was refused';
  return expectAccepted(
    key.verify(algorithm, bytes(test, 'msg'), bytes(test, 'sig')),
    test.result === 'valid',
  );
}
