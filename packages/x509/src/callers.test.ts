import { ApiMisuseError } from '@sealwire/core';
import { describe, expect, test } from 'vitest';
import { authority, issue, nowMs, provider } from '../test/authority.ts';
import { answerOf, responseOf } from '../test/revocation.ts';
import { thrownCode } from '../test/thrown.ts';
import {
  checkOcspResponse,
  createVerifier,
  encodePem,
  makeCertificate,
  makeCertificateFromRequest,
  makeCertificateRequest,
  makeOcspResponse,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  readPkcs12,
  verifyChain,
} from './index.ts';

/** What people write who know the names of things only nearly: nothing of it may switch a check off. */

const root = authority('root');
const leaf = issue('leaf', { issuer: root, dnsNames: ['a.example'] });
const pem = encodePem('CERTIFICATE', leaf.certificate);
const pemBytes = Uint8Array.from(Buffer.from(pem));
const good = { provider, chain: [leaf.certificate], roots: root.certificate, timeMs: nowMs };
const verify = (change: object) => () => verifyChain({ ...good, ...change });
const certificate = {
  provider,
  subject: { CN: 'x' },
  key: root.key,
  notBeforeMs: nowMs,
  notAfterMs: nowMs,
};
const make = (change: object) => () => makeCertificate({ ...certificate, ...change });
const response = responseOf(root, [answerOf(leaf, root)]);
const answered = (change: object) => () =>
  checkOcspResponse({
    provider,
    response,
    certificate: leaf.certificate,
    issuer: root.certificate,
    timeMs: nowMs,
    ...change,
  });

test('what is right goes on', () => {
  expect(verify({})().ok).toBe(true);
  const revocation = {
    failure: 'soft',
    maxAgeSeconds: undefined,
    clockSkewSeconds: 0,
    crlIssuers: [Uint8Array.of(0x30, 2, 5, 0)],
  };
  expect(verify({ revocation })().ok).toBe(true);
  expect(answered({})().status).toBe('good');
  expect(make({})()).toBeInstanceOf(Uint8Array);
});

describe('mistakes are told at once, by what was expected', () => {
  test.each<[string, () => unknown, string]>([
    ['hostname', verify({ hostname: 'b.example' }), 'did you mean hostName?'],
    ['host name of another kind', verify({ hostName: ['a.example'] }), 'hostName to be a string'],
    [
      'a field of revocation',
      verify({ revocation: { maxAge: 5 } }),
      'expected a field of RevocationOptions, got maxAge',
    ],
    [
      'a field of revocation of Object',
      verify({ revocation: { constructor: 5 } }),
      'expected a field of RevocationOptions, got constructor',
    ],
    [
      'seconds in text',
      verify({ revocation: { maxAgeSeconds: '5' } }),
      'maxAgeSeconds to be a number of seconds',
    ],
    ['seconds below 0', verify({ revocation: { clockSkewSeconds: -1 } }), 'clockSkewSeconds to be a number'],
    ['one response', verify({ revocation: { ocspResponses: response } }), 'a list of DER OCSPResponses'],
    ['responses in text', verify({ revocation: { ocspResponses: ['x'] } }), 'a list of DER OCSPResponses'],
    [
      'rules',
      verify({ revocation: { rules: 'strict' } }),
      'expected rules to be one of rfc5280, openssl, node',
    ],
    ['purpose', verify({ purpose: 'server' }), 'expected purpose to be one of any, serverAuth'],
    ['purpose of Object', verify({ purpose: 'toString' }), 'expected purpose'],
    ['keyUse', verify({ keyUse: 'signing' }), "expected keyUse 'sign' or 'encipher'"],
    ['PEM as a chain', verify({ chain: pem }), 'certificatesDer'],
    ['a list of PEM', verify({ chain: [pem] }), 'certificatesDer'],
    ['parsed certificates', verify({ chain: [parseCertificate(leaf.certificate)] }), 'certificatesDer'],
    ['no provider', verify({ provider: undefined }), 'expected a provider'],
    ['a Date', verify({ timeMs: new Date(nowMs) }), 'expected timeMs in ms'],
    ['no options', () => verifyChain(undefined as never), 'expected an object of verifyChain options'],
    [
      'a verifier that ignores names',
      () => createVerifier({ provider, roots: root.certificate, servername: 'ignored' } as never),
      'did you mean serverName?',
    ],
    ['PEM as a certificate', () => parseCertificate(pem as never), 'got PEM; certificatesDer'],
    ['a path', () => parseCertificate('root.pem' as never), 'got string'],
    ['nothing', () => parseCertificate(undefined as never), 'got undefined'],
    ['a list in text', () => parseCrl('-----BEGIN X509 CRL-----' as never), 'got PEM'],
    ['a response in text', () => parseOcspResponse('x' as never), 'expected OCSPResponse as DER'],
    [
      'PKCS #12 without options',
      () => readPkcs12(new Uint8Array(9), undefined as never),
      'expected an object',
    ],
    [
      'a password',
      () => readPkcs12(new Uint8Array(9), { provider, password: 'x' } as never),
      'password is no readPkcs12 option',
    ],
    ['an answer without time', answered({ timeMs: undefined }), 'expected timeMs'],
    ['a nonce that is misspelt', answered({ nonse: new Uint8Array(8) }), 'did you mean nonce?'],
    ['a response that is none', answered({ response: 'x' }), 'expected response as DER'],
    ['PEM as an issuer', answered({ issuer: pem }), 'expected issuer as DER'],
    [
      'a status in capitals',
      () =>
        makeOcspResponse({
          provider,
          responder: root,
          answers: [answerOf(leaf, root, { status: 'Good' as never })],
        }),
      "expected 'good', 'unknown' or { revocationTimeMs }",
    ],
    ['isCA', make({ isCA: true }), 'isCA is no makeCertificate option'],
    ['dnsName', make({ dnsName: 'a.example' }), 'did you mean dnsNames?'],
    ['one name', make({ dnsNames: 'a.example' }), 'expected dnsNames to be a list'],
    ['a key in PEM', make({ key: pem }), 'expected key to be a private key or'],
    ['no key', make({ key: undefined }), 'expected key to be a private key or'],
    ['no key of the issuer', make({ issuer: { certificate: root.certificate } }), 'issuer.key'],
    ['an issuer in PEM', make({ issuer: { certificate: pem, key: root.key } }), 'got PEM'],
    ['a number as serial number', make({ serialNumber: 5 }), 'serialNumber in octets'],
    ['a name as text', make({ subject: 'CN=x' }), "such as { CN: 'example.org' }"],
    ['no name', make({ subject: undefined }), 'expected a name'],
    ['a country in Unicode', make({ subject: { C: 'Ö' } }), 'expected characters of PrintableString'],
    [
      'an e-mail address in Unicode',
      make({ subject: { emailAddress: 'ü@x' } }),
      'expected characters of ASCII',
    ],
    ['a number as a name', make({ subject: { CN: 5 } }), 'expected text'],
    [
      'a request that is not read',
      () =>
        makeCertificateFromRequest(makeCertificateRequest({ key: root.key, subject: {} }) as never, {
          provider,
          issuer: root,
          notBeforeMs: nowMs,
          notAfterMs: nowMs,
        }),
      'as parseCertificateRequest reads it',
    ],
    [
      'label and DER the wrong way round',
      () => encodePem(leaf.certificate as never, 'X' as never),
      'a label first',
    ],
    ['PEM of text', () => encodePem('CERTIFICATE', 'x' as never), 'expected DER'],
  ])('%s', (_, wrong, message) => {
    expect(wrong).toThrow(ApiMisuseError);
    expect(wrong).toThrow(message);
  });
});

test('PEM in bytes may come from a peer, and is no misuse', () => {
  for (const read of [parseCertificate, parseCrl, parseOcspResponse])
    expect(thrownCode(() => read(pemBytes))).toBe('der.unexpectedTag');
  expect(() => parseCertificate(pemBytes)).toThrow('got PEM; certificatesDer and parsePem read PEM');
  expect(verify({ chain: [pemBytes] })()).toMatchObject({ ok: false, code: 'MALFORMED_CERTIFICATE' });
});
