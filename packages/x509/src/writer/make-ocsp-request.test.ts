import { describe, expect, test } from 'vitest';
import { authority, issue, newKey, provider, withKey } from '../../test/authority.ts';
import { makeOcspRequest, parseOcspRequest } from '../index.ts';

const ca = authority('ca');
const leaf = issue('leaf', { issuer: ca });
const certificates = [{ certificate: leaf.certificate, issuer: ca.certificate }];

describe('requests', () => {
  test('what is written is read', () => {
    const client = issue('client');
    const signer = { ...client, chain: [client.certificate, ca.certificate] };
    const nonce = new Uint8Array(32).fill(1);
    const request = parseOcspRequest(
      makeOcspRequest({
        provider,
        certificates,
        nonce,
        preferredSignatureAlgorithms: [{ type: 'ed25519' }, { type: 'rsa-pkcs1', hash: 'sha256' }],
        signer,
      }),
    );
    expect(request).toMatchObject({
      requestorName: { type: 'directory' },
      requests: [{ certId: { hashAlgorithm: { algorithm: '1.3.14.3.2.26' } } }],
      nonce,
      preferredSignatureAlgorithms: [
        { algorithm: '1.3.101.112', parameters: undefined },
        { algorithm: '1.2.840.113549.1.1.11', parameters: Uint8Array.of(5, 0) },
      ],
      signature: {
        signatureAlgorithm: { algorithm: '1.2.840.10045.4.3.2' },
        certificates: [signer.certificate, ca.certificate],
      },
    });
  });
  test('mistakes are told at once', () => {
    const made = (more: object) => () => makeOcspRequest({ provider, certificates, ...more });
    expect(made({ preferredSignatureAlgorithms: [] })).toThrow(/at least one preferred/);
    expect(made({ nonce: new Uint8Array(0) })).toThrow(/1 to 128 octets, got 0/);
    expect(made({ signer: withKey(leaf, newKey()) })).toThrow(/got another key/);
    expect(made({ signer: issue('x', { issuer: ca, subject: {}, dnsNames: ['a.example'] }) })).toThrow(
      /with a subject/,
    );
  });
});
