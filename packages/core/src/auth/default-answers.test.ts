import { describe, expect, it } from 'vitest';
import { ed25519Credential, p256Credential } from '../../test/harness/fixtures.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { serverConfig } from '../index.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';
import type { Credential } from '../values/credential.ts';
import { withDefaultAnswers } from './default-answers.ts';

const both = [signatureSchemes.ecdsa_secp256r1_sha256, signatureSchemes.ed25519];

function selected(
  credentials: readonly Credential[],
  serverName: string | undefined,
  schemes: number[] = both,
) {
  const answers = withDefaultAnswers(serverConfig({ provider: testProvider, credentials }));
  const reply = answers.selectCertificate!({
    role: 'server',
    version: 0x0304,
    certificateTypes: ['x509'],
    signatureSchemes: schemes,
    certificateSignatureSchemes: schemes,
    delegatedSignatureSchemes: [],
    groups: undefined,
    certificateAuthorities: [],
    serverName,
    nowMs: 0,
  });
  return reply?.ok ? reply.credential : undefined;
}

describe('the certificate that is selected by default', () => {
  const named = { ...p256Credential, names: ['a.example', '*.b.example'] };
  const other = { ...ed25519Credential, names: ['c.example'] };

  it.each([
    ['a.example', named],
    ['A.EXAMPLE', named],
    ['x.b.example', named],
    ['c.example', other],
    // A wildcard stands for exactly one label (RFC 9525 §6.3).
    ['b.example', other],
    ['x.y.b.example', other],
    ['.b.example', other],
    ['unknown.example', other],
    [undefined, other],
  ])('for the name %s', (serverName, credential) => {
    expect(selected([other, named], serverName)).toBe(credential);
  });

  it('is one that the peer can verify, before one with the right name', () => {
    expect(selected([named, other], 'a.example', [signatureSchemes.ed25519])).toBe(other);
    expect(selected([named], 'a.example', [signatureSchemes.ed25519])).toBeUndefined();
    expect(selected([], 'a.example')).toBeUndefined();
  });

  it('speaks for every name where it names none', () => {
    expect(selected([p256Credential, named], 'a.example')).toBe(p256Credential);
  });
});

describe('other answers by default', () => {
  const answers = withDefaultAnswers(serverConfig({ provider: testProvider, credentials: [p256Credential] }));

  it('sign with the key of the credential, if it is here', () => {
    const input = new Uint8Array([1]);
    const scheme = signatureSchemes.ecdsa_secp256r1_sha256;
    const algorithm = { type: 'ecdsa', hash: 'sha256' } as const;
    const ask = { credential: p256Credential, scheme, algorithm, input };
    const reply = answers.sign!(ask);
    const isRight =
      reply?.ok === true &&
      p256Credential.key !== 'external' &&
      p256Credential.key.publicKey.verify(algorithm, input, reply.signature);
    expect(isRight).toBe(true);
    expect(answers.sign!({ ...ask, credential: { ...p256Credential, key: 'external' } })).toBeUndefined();
  });

  it('staple what the credential holds', () => {
    const ocspResponse = new Uint8Array([1]);
    expect(answers.fetchStatus!({ credential: { ...p256Credential, ocspResponse } })).toEqual({
      ok: true,
      ocspResponse,
    });
    expect(answers.fetchStatus!({ credential: p256Credential })).toEqual({ ok: true });
  });

  it('trust nobody', () => {
    expect(answers.verifyPeer).toBeUndefined();
  });
});
