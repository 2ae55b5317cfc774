import { describeScheme, signsWhenDelegated } from '../crypto/signature-schemes.ts';
import type { Credential, Delegation } from '../values/credential.ts';

/** What the peer says of delegated credentials, and what it is. */
export interface DelegationTerms {
  /** Our part in the connection: a credential is good for one of them alone (RFC 9345 §7.2). */
  readonly role: 'client' | 'server';
  /** Schemes that the peer verifies: the delegation itself is signed with one of them. */
  readonly signatureSchemes: readonly number[];
  /** Schemes that the peer takes of delegated keys; empty: it takes none. */
  readonly delegatedSignatureSchemes: readonly number[];
  /** ms since the epoch. */
  readonly nowMs: number;
}

/** The first of a credential's delegations that this peer takes now (RFC 9345 §4.1.1, §4.1.2). */
export function selectDelegation(credential: Credential, terms: DelegationTerms): Delegation | undefined {
  if (credential.type !== 'x509') return undefined;
  return credential.delegations?.find(
    ({ role, expiresAtMs, credential: { cred, algorithm } }) =>
      role === terms.role &&
      terms.nowMs < expiresAtMs &&
      terms.delegatedSignatureSchemes.includes(cred.dcCertVerifyAlgorithm) &&
      signsWhenDelegated(cred.dcCertVerifyAlgorithm) &&
      terms.signatureSchemes.includes(algorithm) &&
      describeScheme(algorithm)?.signsHandshake === true,
  );
}
