import { describe, expect, it } from 'vitest';
import { p256Credential, p256Key } from '../../test/harness/fixtures.ts';
import { testProvider as provider } from '../../test/harness/node-provider.ts';
import { clientConfig, serverConfig, type Delegation, type SharedOptions } from '../index.ts';
import { checkReply } from '../machine/decisions.ts';
import { signatureSchemes as schemes, type SignatureScheme } from '../registry/signature-schemes.ts';
import { defaultSignatureSchemes } from './defaults.ts';

const delegation: Delegation = {
  credential: {
    cred: {
      validTimeSeconds: 1,
      dcCertVerifyAlgorithm: schemes.ecdsa_secp256r1_sha256,
      subjectPublicKeyInfo: p256Key.publicKey.spki,
    },
    algorithm: schemes.ecdsa_secp256r1_sha256,
    signature: new Uint8Array(70),
  },
  key: p256Key,
  role: 'server',
  expiresAtMs: 2_000,
};

const withCred = (change: Partial<Delegation['credential']['cred']>): Delegation => ({
  ...delegation,
  credential: { ...delegation.credential, cred: { ...delegation.credential.cred, ...change } },
});
const credentialWith = (...delegations: readonly unknown[]) => ({
  ...p256Credential,
  delegations: delegations as readonly Delegation[],
});

describe('acceptDelegatedCredentials', () => {
  const taken = (options: Partial<SharedOptions>) =>
    [clientConfig, serverConfig].map((make) => make({ provider, ...options }).acceptDelegatedCredentials);

  it('is off where nobody asks for it', () => {
    for (const given of [undefined, false, []]) {
      expect(taken(given === undefined ? {} : { acceptDelegatedCredentials: given })).toEqual([[], []]);
    }
  });

  it('leaves out what RFC 9345 §4 does', () => {
    const [list] = taken({ acceptDelegatedCredentials: true });
    expect(list).toEqual(
      defaultSignatureSchemes.filter(
        (scheme) =>
          ![0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806, 0x0904, 0x0905, 0x0906].includes(scheme),
      ),
    );
    expect(list).toContain(schemes.rsa_pss_pss_sha256);
    const having = { ...provider, mlDsa: ['ml-dsa-87'] } as const;
    expect(taken({ provider: having, acceptDelegatedCredentials: true })[0]).toContain(schemes.mldsa87);
  });

  it('takes a list as it is', () => {
    const list = [schemes.ed25519, schemes.ecdsa_secp256r1_sha256];
    expect(taken({ acceptDelegatedCredentials: list })).toEqual([list, list]);
  });

  it.each<[Partial<SharedOptions>, string]>([
    [{ acceptDelegatedCredentials: 'yes' as never }, 'must be true, false or an array of schemes, got "yes"'],
    [
      { acceptDelegatedCredentials: [schemes.rsa_pss_rsae_sha256] },
      '0x804 is no scheme of a delegated credential',
    ],
    [{ acceptDelegatedCredentials: [schemes.rsa_pkcs1_sha256] }, '0x401 is no scheme of a delegated'],
    [{ acceptDelegatedCredentials: [0x0a0a as SignatureScheme] }, '0xa0a is no scheme of a delegated'],
    [
      { acceptDelegatedCredentials: true, signatureSchemes: [schemes.rsa_pss_rsae_sha256] },
      'none of signatureSchemes may be delegated to',
    ],
    [
      { acceptDelegatedCredentials: true, peerCertificateTypes: ['rawPublicKey'] },
      'needs x509 in peerCertificateTypes',
    ],
  ])('refuses %j', (options, message) => {
    for (const make of [clientConfig, serverConfig])
      expect(() => make({ provider, ...options })).toThrow(message);
  });
});

describe('delegations of a credential', () => {
  it('may do without a key of the certificate', () => {
    const alone = { ...credentialWith(delegation), signatureSchemes: [], key: 'external' as const };
    expect(serverConfig({ provider, credentials: [alone] }).credentials).toEqual([alone]);
    expect(() => checkReply('selectCertificate', { ok: true, credential: alone })).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no credential', { ...delegation, credential: undefined }],
    ['no key', { ...delegation, key: undefined }],
    ['bytes in place of a key', { ...delegation, key: new Uint8Array(3) }],
    ['no role', { ...delegation, role: 'peer' }],
    ['no time', { ...delegation, expiresAtMs: Number.NaN }],
    ['a time that is no uint32', withCred({ validTimeSeconds: 2 ** 32 })],
    ['a time before the certificate', withCred({ validTimeSeconds: -1 })],
    ['a scheme that is no uint16', withCred({ dcCertVerifyAlgorithm: 0x1_0000 as SignatureScheme })],
    ['an empty key', withCred({ subjectPublicKeyInfo: new Uint8Array(0) })],
    ['more than an extension holds', withCred({ subjectPublicKeyInfo: new Uint8Array(65_000) })],
  ])('are refused with %s', (_, wrong) => {
    const credential = credentialWith(wrong);
    const expected = 'a delegation must be { credential: DelegatedCredential, key, role, expiresAtMs }';
    expect(() => serverConfig({ provider, credentials: [credential] })).toThrow(expected);
    expect(() => checkReply('selectCertificate', { ok: true, credential })).toThrow('the reply to selectCer');
  });

  it.each<[string, Partial<Parameters<typeof withCred>[0]>]>([
    ['0x804 is none of a delegated credential', { dcCertVerifyAlgorithm: schemes.rsa_pss_rsae_sha256 }],
    ["0x807 does not fit a delegation's ec key", { dcCertVerifyAlgorithm: schemes.ed25519 }],
  ])('are refused: %s', (message, change) => {
    const credential = credentialWith(withCred(change));
    expect(() => serverConfig({ provider, credentials: [credential] })).toThrow(`scheme ${message}`);
  });

  it('are refused with a key that the credential does not name', () => {
    const other = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
    for (const subjectPublicKeyInfo of [other.publicKey.spki, new Uint8Array(3)]) {
      const credential = credentialWith(withCred({ subjectPublicKeyInfo }));
      expect(() => serverConfig({ provider, credentials: [credential] })).toThrow(
        "a delegation's key is not the one that its delegated credential names",
      );
    }
  });

  it('may have a key that somebody else holds', () => {
    const external = { ...delegation, key: 'external' as const };
    expect(serverConfig({ provider, credentials: [credentialWith(external)] }).credentials).toHaveLength(1);
  });

  it('must be a list', () => {
    const credential = { ...p256Credential, delegations: delegation as never };
    expect(() => serverConfig({ provider, credentials: [credential] })).toThrow('must be an array');
    expect(() => checkReply('selectCertificate', { ok: true, credential })).toThrow('the reply to selectCer');
  });
});
