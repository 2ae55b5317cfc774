import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate, makeTestPki } from '@sealwire/x509';
import type { Identities } from './under-test.ts';

/** A private CA that certified a server for `localhost`, with either kind of key, as PEM. */
export function makeIdentities(): Identities {
  const pki = makeTestPki({ provider, nowMs: Date.now() });
  const validity = { notBeforeMs: Date.now() - dayMs, notAfterMs: Date.now() + dayMs };
  const key = provider.generateKeyPair({ type: 'rsa', bits: 2048 });
  const names = {
    subject: { CN: 'server' },
    dnsNames: ['localhost'],
    extendedKeyUsage: ['serverAuth'],
  } as const;
  const ofRsa = makeCertificate({ provider, key, issuer: pki.root, ...names, ...validity });
  const stranger = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const other = makeCertificate({
    provider,
    subject: { CN: 'Somebody else' },
    key: stranger,
    ca: true,
    ...validity,
  });
  return {
    roots: pem(pki.root.certificate),
    otherRoots: pem(other),
    server: {
      certificate: pki.server.chain.map(pem).join(''),
      privateKey: encodePem('PRIVATE KEY', pki.server.key.exportPkcs8()),
    },
    rsaServer: { certificate: pem(ofRsa), privateKey: encodePem('PRIVATE KEY', key.exportPkcs8()) },
  };
}

function pem(certificate: Uint8Array): string {
  return encodePem('CERTIFICATE', certificate);
}

const dayMs = 86_400_000;
