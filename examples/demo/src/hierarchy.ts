import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate, makeOcspResponse, parseCertificate } from '@sealwire/x509';
import { type Identities, randomFor, validityFor } from './identities.ts';

/**
 * A server whose authority is certified by two roots that we trust, by one of them no longer: two ways up, and an OCSP
 * response that says whether it is revoked. Everything is written by the package itself; the same for the same seed.
 */
export function makeHierarchy(seed: string | undefined): Record<'good' | 'revoked', Identities> {
  const source = randomFor(seed, 'hierarchy');
  const newKey = () => provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }, source);
  const { notBeforeMs, notAfterMs } = validityFor(seed);
  const shared = { provider, notBeforeMs, notAfterMs, ...(source === undefined ? {} : { source }) };
  const past = { notBeforeMs: notBeforeMs - 2 * yearMs, notAfterMs: notBeforeMs - yearMs };

  const [oldRoot, newRoot] = ['Old Root', 'New Root'].map((CN) => {
    const key = newKey();
    return { key, certificate: makeCertificate({ ...shared, subject: { O, CN }, key, ca: true }) };
  });
  const authorityKey = newKey();
  const authority = { ...shared, subject: { O, CN: 'Authority' }, key: authorityKey, ca: { pathLength: 0 } };
  const byOld = makeCertificate({ ...authority, ...past, issuer: oldRoot! });
  const byNew = makeCertificate({ ...authority, issuer: newRoot! });

  const key = newKey();
  const issuer = { certificate: byNew, key: authorityKey };
  const certificate = makeCertificate({
    ...shared,
    subject: { O, CN: 'localhost' },
    key,
    issuer,
    extendedKeyUsage: ['serverAuth'],
    dnsNames: ['localhost'],
    authorityInfoAccess: { ocsp: ['http://ocsp.demonstration.example/'] },
    tlsFeature: true,
  });
  const identities = (
    status: 'good' | { revocationTimeMs: number; reason: 'keyCompromise' },
  ): Identities => ({
    root: [oldRoot!, newRoot!].map((root) => encodePem('CERTIFICATE', root.certificate)).join(''),
    certificate: [certificate, byOld, byNew].map((der) => encodePem('CERTIFICATE', der)).join(''),
    privateKey: encodePem('PRIVATE KEY', key.exportPkcs8()),
    ocspResponse: makeOcspResponse({
      ...shared,
      responder: issuer,
      answers: [{ certificate, issuer: byNew, status, thisUpdateMs: notBeforeMs, nextUpdateMs: notAfterMs }],
    }),
  });
  const revocationTimeMs = parseCertificate(certificate).notBeforeMs;
  return { good: identities('good'), revoked: identities({ revocationTimeMs, reason: 'keyCompromise' }) };
}

const O = 'Sealwire';
const yearMs = 365 * 86_400_000;
