import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Issued,
  checkOcspResponse,
  encodePem,
  isOcspRequestSignedBy,
  makeOcspRequest,
  makeOcspResponse,
  ocspGetUrl,
  parseOcspRequest,
} from '../src/index.ts';
import { authority, issue, nowMs, provider } from './authority.ts';
import { hasOpenssl, openssl, opensslOn } from './openssl.ts';
import { answerOf, dayMs, responseOf, serialOf } from './revocation.ts';

/** `openssl ocsp` as the responder that we ask, and as the client that asks us. */
if (!hasOpenssl) console.log('openssl-ocsp.test.ts: openssl is missing, it neither asks nor answers');

const folder = mkdtempSync(join(tmpdir(), 'sealwire-ocsp-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, data: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, data);
  return path;
};
const pem = (name: string, issued: Issued): string =>
  file(`${name}.pem`, encodePem('CERTIFICATE', issued.certificate));
const keyPem = (name: string, issued: Issued): string =>
  file(`${name}.key`, encodePem('PRIVATE KEY', issued.key.exportPkcs8()));

const ca = authority('ca', { keyUsage: ['keyCertSign', 'cRLSign', 'digitalSignature'] });
const [good, bad] = [issue('good', { issuer: ca }), issue('bad', { issuer: ca })];
const responder = issue('responder', {
  issuer: ca,
  extendedKeyUsage: ['ocspSigning'],
  ocspNoCheck: true,
});
const nonce = Uint8Array.from({ length: 32 }, (_, i) => i);

describe.skipIf(!hasOpenssl)('openssl ocsp', () => {
  const hexOf = (issued: Issued): string => Buffer.from(serialOf(issued)).toString('hex').toUpperCase();
  const line = (...fields: string[]): string => `${fields.join('\t')}\n`;

  test.each([
    ['the issuer', ca, 'sha1'],
    ['a delegate', responder, 'sha256'],
  ] as const)('answers our request, signed by %s', (_, signer, hash) => {
    const index = file(
      'index.txt',
      line('V', '270101000000Z', '', hexOf(good), 'unknown', '/CN=good') +
        line('R', '270101000000Z', '260610120000Z,superseded', hexOf(bad), 'unknown', '/CN=bad'),
    );
    const stranger = issue('stranger', { issuer: ca });
    const asked = [good, bad, stranger];
    const request = makeOcspRequest({
      provider,
      certificates: asked.map(({ certificate }) => ({ certificate, issuer: ca.certificate })),
      hash,
      nonce,
    });
    const out = join(folder, 'response.der');
    execFileSync(
      'openssl',
      [
        ...['ocsp', '-index', index, '-CA', pem('ca', ca), '-rsigner', pem('signer', signer)],
        ...['-rkey', keyPem('signer', signer), '-reqin', file('request.der', request), '-respout', out],
        ...['-ndays', '1'],
      ],
      { stdio: 'ignore' },
    );
    const response = new Uint8Array(readFileSync(out));
    const ask = ({ certificate }: Issued, expected = nonce) => {
      const outcome = checkOcspResponse({
        provider,
        response,
        certificate,
        issuer: ca.certificate,
        nonce: expected,
        timeMs: Date.now(),
      });
      return outcome.status === 'good' ? 'good' : outcome.code;
    };
    expect(asked.map((each) => ask(each))).toEqual(['good', 'CERT_REVOKED', 'OCSP_CERT_UNKNOWN']);
    expect(ask(good, nonce.slice(1))).toBe('OCSP_VERIFY_FAILED');
    expect(ask(issue('other', { issuer: ca }))).toBe('OCSP_VERIFY_FAILED');
  });

  /** What `openssl ocsp` says of a response to its own question about `certificate`. */
  function opensslSays(response: Uint8Array, certificate: Issued): string {
    const { stdout, stderr } = spawnSync(
      'openssl',
      [
        ...['ocsp', '-respin', file('ours.der', response), '-CAfile', pem('ca', ca), '-no_nonce'],
        ...['-issuer', pem('ca', ca), '-cert', pem('asked', certificate)],
      ],
      { encoding: 'utf8' },
    );
    const verified = /Response verify OK/.test(stderr + stdout) ? 'verified' : 'not verified';
    return `${verified}, ${/asked\.pem: (\w+)/.exec(stdout)?.[1]}`;
  }
  const realMs = Date.now();
  const now = { thisUpdateMs: realMs - 60_000, nextUpdateMs: realMs + dayMs };

  test('verifies what we make', () => {
    // Certificates of these tests are of 2026, which openssl ocsp compares with its own clock.
    const times = { notBeforeMs: realMs - dayMs, notAfterMs: realMs + dayMs };
    const delegate = issue('delegate', { issuer: ca, extendedKeyUsage: ['ocspSigning'], ...times });
    const revoked = { revocationTimeMs: realMs - dayMs, reason: 'keyCompromise' } as const;
    expect(opensslSays(responseOf(ca, [answerOf(good, ca, now)]), good)).toBe('verified, good');
    expect(opensslSays(responseOf(ca, [answerOf(bad, ca, { ...now, status: revoked })]), bad)).toBe(
      'verified, revoked',
    );
    expect(
      opensslSays(
        responseOf(ca, [answerOf(good, ca, { ...now, status: 'unknown' })], { responderId: 'byName' }),
        good,
      ),
    ).toBe('verified, unknown');
    expect(opensslSays(responseOf(delegate, [answerOf(good, ca, now)]), good)).toBe('verified, good');
    const forged = responseOf({ certificate: ca.certificate, key: good.key }, [answerOf(good, ca, now)]);
    expect(opensslSays(forged, good)).toMatch(/^not verified/);
  });

  test('reads our request', () => {
    const request = makeOcspRequest({
      provider,
      certificates: [{ certificate: good.certificate, issuer: ca.certificate }],
      nonce,
    });
    const text = execFileSync(
      'openssl',
      ['ocsp', '-reqin', file('one.der', request), '-req_text', '-noverify'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    expect(text).toContain(`Serial Number: ${hexOf(good)}`);
    expect(text).toContain('OCSP Nonce');
    expect(text).toContain('0420000102030405');
  });

  test('reads our signed request, and verifies its signature', () => {
    const client = issue('client', { issuer: ca });
    const request = makeOcspRequest({
      provider,
      certificates: [{ certificate: good.certificate, issuer: ca.certificate }],
      preferredSignatureAlgorithms: [
        { type: 'ecdsa', hash: 'sha256' },
        { type: 'rsa-pkcs1', hash: 'sha256' },
      ],
      signer: { ...client, chain: [client.certificate, ca.certificate] },
    });
    const text = openssl([
      'ocsp',
      '-reqin',
      file('signed.der', request),
      '-req_text',
      '-noverify',
    ]).toString();
    expect(text).toContain('Requestor Name: DirName:CN = client');
    expect(text).toContain('Signature Algorithm: ecdsa-with-SHA256');
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    // What OpenSSL has called the object identifier of preferred algorithms since before RFC 6277.
    expect(text).toContain('Extended OCSP Status');
    const { tbs, signature } = parseOcspRequest(request);
    const key = file('client.pub', encodePem('PUBLIC KEY', client.key.publicKey.spki));
    const args = ['-verify', key, '-signature', file('request.sig', signature!.signature)];
    expect(openssl(['dgst', '-sha256', ...args, file('request.tbs', tbs)]).toString()).toBe('Verified OK\n');
  });

  test('its own requests are read, signed and not', () => {
    const client = issue('client', { issuer: ca });
    const made = (...args: string[]) => {
      const out = join(folder, 'made.der');
      const asked = ['-issuer', pem('ca', ca), '-cert', pem('asked', good), '-cert', pem('second', bad)];
      execFileSync('openssl', ['ocsp', ...asked, '-reqout', out, ...args], { stdio: 'ignore' });
      return parseOcspRequest(new Uint8Array(readFileSync(out)));
    };
    const plain = made('-no_nonce');
    expect(plain).toMatchObject({ requestorName: undefined, nonce: undefined, signature: undefined });
    expect(plain.requests.map(({ certId }) => certId.serialNumber)).toEqual([good, bad].map(serialOf));
    const signed = made('-signer', pem('client', client), '-signkey', keyPem('client', client));
    expect(signed.nonce).toHaveLength(16);
    expect(String(signed.requestorName?.type === 'directory' && signed.requestorName.value)).toBe(
      'CN=client',
    );
    expect(signed.signature?.certificates).toEqual([client.certificate]);
    expect(isOcspRequestSignedBy(signed, client.key.publicKey.spki, { provider })).toBe(true);
    expect(isOcspRequestSignedBy(signed, ca.key.publicKey.spki, { provider })).toBe(false);
  });

  test('believes whom the caller trusts, as we do', () => {
    const stranger = issue('stranger', { notBeforeMs: realMs - dayMs, notAfterMs: realMs + dayMs });
    const response = responseOf(stranger, [answerOf(good, ca, now)]);
    const says = (...args: string[]) => {
      const { stdout, stderr } = spawnSync(
        'openssl',
        [
          ...['ocsp', '-respin', file('strange.der', response), '-CAfile', pem('ca', ca), '-no_nonce'],
          ...['-issuer', pem('ca', ca), '-cert', pem('asked', good), ...args],
        ],
        { encoding: 'utf8' },
      );
      return /Response verify OK/.test(stderr + stdout);
    };
    const ours = (...ocspResponders: Issued[]) =>
      checkOcspResponse({
        provider,
        response,
        certificate: good.certificate,
        issuer: ca.certificate,
        timeMs: Date.now(),
        ocspResponders: ocspResponders.map(({ certificate }) => certificate),
      }).status === 'good';
    expect([says('-VAfile', pem('stranger', stranger)), ours(stranger)]).toEqual([true, true]);
    expect([says(), ours()]).toEqual([false, false]);
    expect([says('-VAfile', pem('other', good)), ours(good)]).toEqual([false, false]);
  });

  test('answers what is asked in an address', () => {
    const request = makeOcspRequest({
      provider,
      certificates: [{ certificate: good.certificate, issuer: ca.certificate }],
    });
    const url = ocspGetUrl('http://ocsp.example/path/', request)!;
    expect(url.startsWith('http://ocsp.example/path/')).toBe(true);
    const encoded = url.slice('http://ocsp.example/path/'.length);
    expect(encoded).not.toMatch(/[+/=]/);
    expect(opensslOn(decodeURIComponent(encoded), ['base64', '-d', '-A'])).toEqual(Buffer.from(request));
  });
});

test('an answer about itself, made by nobody else', () => {
  expect(() => makeOcspRequest({ provider, certificates: [] })).toThrow(/at least one certificate/);
  const pair = { certificate: good.certificate, issuer: ca.certificate };
  expect(() => makeOcspRequest({ provider, certificates: [pair], nonce: new Uint8Array(129) })).toThrow(
    /1 to 128/,
  );
  expect(() => makeOcspRequest({ provider, certificates: [{ ...pair, issuer: good.certificate }] })).toThrow(
    /expected the certificate of CN=ca/,
  );
  expect(() => makeOcspResponse({ provider, responder: ca, answers: [] })).toThrow(/expected answers/);
  expect(nowMs).toBeGreaterThan(0);
});
