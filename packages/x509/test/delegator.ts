import {
  type DelegatedCredential,
  type PrivateKey,
  delegatedCredentialContent,
  describeScheme,
  signatureSchemes as schemes,
  type SignatureScheme,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { type Contents, authority, issue, newKey, nowMs } from './authority.ts';
import { type DelegationContents, type Issued, issueDelegatedCredential } from '../src/index.ts';

/** A certificate that permits delegation, and credentials of it (RFC 9345). */

export const provider = nodeProvider;
export const root = authority('root');
export const owner = delegator();
export const delegate = newKey({ type: 'ed25519' });
export const dayMs = 86_400_000;

export function delegator(contents: Contents = {}): Issued {
  return issue('owner', { issuer: root, dnsNames: ['a.example'], delegationUsage: true, ...contents });
}

export function credentialOf(change: Partial<DelegationContents> = {}): DelegatedCredential {
  return issueDelegatedCredential({
    provider,
    certificate: owner.certificate,
    key: owner.key,
    to: delegate,
    role: 'server',
    nowMs,
    expiresAtMs: nowMs + dayMs,
    ...change,
  });
}

/** A credential as nobody should make one: signed all the same. */
export function forced(
  change: Partial<DelegatedCredential['cred']> & {
    readonly by?: Issued;
    readonly key?: PrivateKey;
    readonly algorithm?: SignatureScheme;
    readonly role?: 'client' | 'server';
  },
): DelegatedCredential {
  const {
    by = owner,
    key = by.key,
    algorithm = schemes.ecdsa_secp256r1_sha256,
    role = 'server',
    ...rest
  } = change;
  const cred = { ...credentialOf().cred, ...rest };
  const content = delegatedCredentialContent(role, by.certificate, cred, algorithm);
  return { cred, algorithm, signature: key.sign(describeScheme(algorithm)!.algorithm, content) };
}

/** Seconds from the certificate's notBefore. */
export const seconds = (ms: number) => (ms - Date.UTC(2026, 0)) / 1_000;
