import {
  ApiMisuseError,
  type CryptoProvider,
  type DelegatedCredential,
  type Delegation,
  type PrivateKey,
  decodeDelegatedCredential,
} from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import { X509Error } from '../errors.ts';
import { ownKey, requireSameKey } from '../keys/own-key.ts';
import type { Problem } from '../path/outcome.ts';
import { checkDelegatedKey, checkPermission, delegationExpiryMs, isDelegatedBy } from './check-delegation.ts';

/** A delegated credential of our own (RFC 9345), and its key. */
export interface DelegationInput {
  /** What `issueDelegatedCredential` made, or its bytes. */
  readonly credential: DelegatedCredential | Uint8Array;
  /** The key that is delegated to, not encrypted; or `'external'` when another program signs. */
  readonly key: string | Uint8Array | PrivateKey | 'external';
}

/**
 * As core wants it: with the role that it was signed for and the time when it ends. Throws `X509Error` where credential
 * or key cannot be read, `ApiMisuseError` where credential, key and certificate do not belong together.
 */
export function loadDelegation(
  input: DelegationInput,
  certificate: Certificate,
  provider: CryptoProvider,
): Delegation {
  const credential =
    input.credential instanceof Uint8Array ? decodeDelegatedCredential(input.credential) : input.credential;
  if (credential === undefined)
    throw new X509Error('delegation.malformed', 'expected the bytes of a DelegatedCredential and no more');
  refuse(
    checkPermission(certificate) ??
      checkDelegatedKey(credential, provider, { minRsaBits: 0, securityLevel: 0 }),
  );
  const owner = provider.importPublicKey(certificate.spki);
  const role = (['server', 'client'] as const).find(
    (each) => owner !== undefined && isDelegatedBy(owner, { certificate, credential, role: each }),
  );
  if (role === undefined)
    throw new ApiMisuseError(`expected a delegated credential of ${certificate.subject}, got another's`);
  const key = ownKey(input.key, provider);
  if (key !== 'external') {
    const spki = credential.cred.subjectPublicKeyInfo;
    requireSameKey(key, spki, provider, 'the private key of the delegated credential');
  }
  const expiresAtMs = delegationExpiryMs(certificate, credential);
  return { credential, key, role, expiresAtMs };
}

function refuse(wrong: Problem | undefined): void {
  if (wrong !== undefined) throw new ApiMisuseError(`${wrong.code}: ${wrong.message}`);
}
