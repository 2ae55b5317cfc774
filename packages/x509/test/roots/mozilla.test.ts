import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { nodeProvider } from '@sealwire/crypto-node';
import { expect, test } from 'vitest';
import { encodePem, parseCertificate } from '../../src/index.ts';
import {
  mozillaRootList,
  mozillaRoots,
  mozillaRootsSource,
  mozillaRootTexts,
} from '../../src/roots/index.ts';

const list = mozillaRootList();

test('every root is a certificate that is signed by itself, and comes once', () => {
  expect(list.length).toBeGreaterThan(100);
  expect(new Set(list.map(({ der }) => Buffer.from(der).toString('hex'))).size).toBe(list.length);
  for (const { der } of list) {
    const certificate = parseCertificate(der).readEverything();
    expect(certificate.isSelfIssued).toBe(true);
    expect(certificate.version === 1 || certificate.basicConstraints?.ca).toBe(true);
    expect(nodeProvider.importPublicKey(certificate.spki)).toBeDefined();
    const theirs = new X509Certificate(der);
    expect(theirs.verify(theirs.publicKey)).toBe(true);
  }
});

test('most of them are what Node has as well', () => {
  const known = new Set(rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256));
  const shared = list.filter(({ der }) => known.has(new X509Certificate(der).fingerprint256));
  expect(shared.length).toBeGreaterThan(90);
});

test('the anchors are always the same, all readable, and have the day after which they are distrusted', () => {
  const anchors = mozillaRoots();
  expect(mozillaRoots()).toBe(anchors);
  expect(anchors.unreadable).toEqual([]);
  expect(anchors.size).toBe(list.length);
  expect(list.some(({ distrustAfterMs }) => distrustAfterMs !== undefined)).toBe(true);
  for (const { der, distrustAfterMs } of list)
    expect(anchors.find(parseCertificate(der))?.settings?.distrustAfterMs).toBe(distrustAfterMs);
  expect(mozillaRootsSource).toMatch(/\d{4}-\d\d-\d\d/);
});

test('as text they are what would be written of the DER', () => {
  expect(mozillaRootTexts()).toEqual(list.map(({ der }) => encodePem('CERTIFICATE', der)));
});
