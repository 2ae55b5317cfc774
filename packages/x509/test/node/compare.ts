import { X509Certificate as NodeCertificate } from 'node:crypto';
// In a process that has not loaded it, `toLegacyObject` of Node 20 to 26 leaves it for good without `createSecureContext`, for other tests too.
import 'node:tls';
import { nodeProvider } from '@sealwire/crypto-node';
import { expect } from 'vitest';
import { type LegacyCertificate, type NodeRelease, X509Certificate } from '../../src/node/index.ts';

/** Our X509Certificate beside that of the Node that runs the tests. */

export const major = Number(process.versions.node.split('.')[0]);

/**
 * Where Node ends its own process, so that it cannot be asked (20.20.2, 24.21.0 and 26.10.0 were): `toLegacyObject` of a key on
 * a curve that NIST has no name for, and of a key that OpenSSL cannot load.
 */
export const endsItself = {
  curveWithoutNistName: major >= 24,
  keyThatCannotBeLoaded: major >= 24 && major < 26,
} as const;
const releases: readonly NodeRelease[] = [20, 22, 24, 26];
export const options = {
  provider: nodeProvider,
  bytes: (bytes: Uint8Array) => Buffer.from(bytes),
  release: releases.findLast((release) => release <= major) ?? 20,
} as const;

/** Says what is left out of a test, if anything is. */
export function leftOut(what: string, isLeftOut: boolean): void {
  if (isLeftOut) console.log(`left out: ${what}, with which Node ${process.versions.node} ends its process`);
}

export function pair(der: Uint8Array): { ours: X509Certificate<Buffer>; theirs: NodeCertificate } {
  return { ours: new X509Certificate(der, options), theirs: new NodeCertificate(der) };
}

const properties = [
  'subject',
  'issuer',
  'subjectAltName',
  'infoAccess',
  'keyUsage',
  'validFrom',
  'validTo',
  'fingerprint',
  'fingerprint256',
  'fingerprint512',
  'serialNumber',
  'ca',
  'raw',
] as const;

/** Every property, the legacy object and the texts are equal. */
export function expectSame(der: Uint8Array): void {
  const { ours, theirs } = pair(der);
  for (const property of properties) expect(ours[property], property).toEqual(theirs[property]);
  expect(String(ours)).toBe(String(theirs));
  expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
  expectSameObject(ours.toLegacyObject(), theirs.toLegacyObject());
  // Newer ones alone have these.
  const newer = theirs as unknown as Record<string, unknown>;
  for (const property of [
    'validFromDate',
    'validToDate',
    'signatureAlgorithm',
    'signatureAlgorithmOid',
  ] as const) {
    if (newer[property] !== undefined) expect(ours[property], property).toEqual(newer[property]);
  }
}

/** Deeply equal, properties in the same order, and where Node has no prototype neither. */
export function expectSameObject(ours: LegacyCertificate, theirs: unknown): void {
  const reference = theirs as LegacyCertificate;
  expect(ours).toEqual(reference);
  expect(Object.keys(ours)).toEqual(Object.keys(reference));
  for (const property of ['subject', 'issuer', 'infoAccess'] as const) {
    const [own, other] = [ours[property], reference[property]];
    if (own === undefined || own === null || other === undefined || other === null) continue;
    expect(Object.getPrototypeOf(own)).toBe(Object.getPrototypeOf(other));
    expect(Object.keys(own)).toEqual(Object.keys(other));
  }
}
