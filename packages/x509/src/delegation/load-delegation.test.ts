import { describe, expect, it } from 'vitest';
import {
  ApiMisuseError,
  type PrivateKey,
  encodeDelegatedCredential,
  signatureSchemes as schemes,
} from '@sealwire/core';
import { newKey, nowMs } from '../../test/authority.ts';
import { encodePem, loadCredential } from '../index.ts';

import { provider, owner, delegate, dayMs, delegator, credentialOf, forced } from '../../test/delegator.ts';

describe('loadCredential with delegations', () => {
  const load = (delegations: Parameters<typeof loadCredential>[0]['delegations'], key?: PrivateKey) =>
    loadCredential({
      provider,
      chain: owner.certificate,
      delegations: delegations!,
      ...(key === undefined ? {} : { key }),
    });

  it('finds out for whom and until when', () => {
    const credential = credentialOf();
    const asClient = credentialOf({ role: 'client' });
    const { delegations, key, signatureSchemes } = load(
      [
        { credential, key: delegate },
        {
          credential: encodeDelegatedCredential(asClient),
          key: encodePem('PRIVATE KEY', delegate.exportPkcs8()),
        },
        { credential, key: 'external' },
      ],
      owner.key,
    );
    const expiresAtMs = nowMs + dayMs;
    expect(delegations).toMatchObject([
      { credential, key: delegate, role: 'server', expiresAtMs },
      { credential: asClient, role: 'client', expiresAtMs },
      { credential, key: 'external', role: 'server', expiresAtMs },
    ]);
    expect([key, signatureSchemes]).toEqual([owner.key, [schemes.ecdsa_secp256r1_sha256]]);
  });

  it('can do without the key of the certificate', () => {
    const credential = load([{ credential: credentialOf(), key: delegate }]);
    expect(credential).toMatchObject({ key: 'external', signatureSchemes: [] });
    expect(() => load([])).toThrow('expected the private key of CN=owner, or delegations');
    expect(() => load(undefined)).toThrow(ApiMisuseError);
  });

  it('refuses what does not belong together', () => {
    const credential = credentialOf();
    expect(() => load([{ credential, key: newKey() }])).toThrow(
      'expected the private key of the delegated credential, got another key',
    );
    expect(() => load([{ credential: forced({ key: newKey() }), key: delegate }])).toThrow(
      'expected a delegated credential of CN=owner',
    );
    expect(() => load([{ credential: Uint8Array.of(1), key: delegate }])).toThrow(
      expect.objectContaining({ code: 'delegation.malformed' }),
    );
    const plain = delegator({ delegationUsage: false });
    expect(() =>
      loadCredential({ provider, chain: plain.certificate, delegations: [{ credential, key: delegate }] }),
    ).toThrow('DELEGATION_NOT_PERMITTED');
  });
});
