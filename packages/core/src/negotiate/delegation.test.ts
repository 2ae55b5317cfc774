import { expect, it } from 'vitest';
import { p256Credential, p256Key } from '../../test/harness/fixtures.ts';
import { signatureSchemes as schemes } from '../registry/signature-schemes.ts';
import type { Delegation } from '../values/credential.ts';
import { selectDelegation, type DelegationTerms } from './delegation.ts';

const delegation: Delegation = {
  credential: {
    cred: {
      validTimeSeconds: 1,
      dcCertVerifyAlgorithm: schemes.ecdsa_secp256r1_sha256,
      subjectPublicKeyInfo: p256Key.publicKey.spki,
    },
    algorithm: schemes.ed25519,
    signature: new Uint8Array(64),
  },
  key: p256Key,
  role: 'server',
  expiresAtMs: 1_000,
};

const { credential } = delegation;
const of = (dcCertVerifyAlgorithm: number, algorithm: number): Delegation =>
  ({
    ...delegation,
    credential: { ...credential, cred: { ...credential.cred, dcCertVerifyAlgorithm }, algorithm },
  }) as Delegation;

/** A peer that takes everything. */
const terms: DelegationTerms = {
  role: 'server',
  signatureSchemes: Object.values(schemes),
  delegatedSignatureSchemes: Object.values(schemes),
  nowMs: 999,
};

const selected = (delegations: readonly Delegation[], change: Partial<DelegationTerms> = {}) =>
  selectDelegation({ ...p256Credential, delegations }, { ...terms, ...change });

it('is the first that the peer takes', () => {
  const other = { ...delegation };
  expect(selected([delegation, other])).toBe(delegation);
  expect(selected([{ ...delegation, role: 'client' }, other])).toBe(other);
  expect(selected([])).toBeUndefined();
  expect(selectDelegation(p256Credential, terms)).toBeUndefined();
});

it('is none that has ended, or of schemes that the peer does not take', () => {
  expect(selected([delegation], { nowMs: 1_000 })).toBeUndefined();
  expect(selected([delegation], { delegatedSignatureSchemes: [schemes.ed25519] })).toBeUndefined();
  expect(selected([delegation], { signatureSchemes: [schemes.ecdsa_secp256r1_sha256] })).toBeUndefined();
});

it('is none that RFC 9345 §4 rules out, though the peer lists its schemes', () => {
  const { ed25519, rsa_pkcs1_sha256, rsa_pss_rsae_sha256, rsa_pss_pss_sha256 } = schemes;
  expect(selected([of(rsa_pss_rsae_sha256, ed25519)])).toBeUndefined();
  expect(selected([of(rsa_pkcs1_sha256, ed25519)])).toBeUndefined();
  expect(selected([of(ed25519, rsa_pkcs1_sha256)])).toBeUndefined();
  expect(selected([of(rsa_pss_pss_sha256, rsa_pss_rsae_sha256)])).toBeDefined();
});
