import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate, makeTestPki } from '@sealwire/x509';

const pki = makeTestPki({ provider, nowMs: Date.now() });
const elsewhere = makeTestPki({
  provider,
  nowMs: Date.now(),
  dnsNames: ['elsewhere.example'],
  ipAddresses: [],
});

/** A private CA that certified a server for `localhost` and a client, all as PEM, as people have them. */
export const roots = pem(pki.root.certificate);
export const serverIdentity = identity(pki.server);
export const clientIdentity = identity(pki.client);
/** Another CA, which certified none of these. */
export const otherRoots = pem(
  makeCertificate({
    provider,
    subject: { CN: 'Somebody else' },
    key: provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }),
    ca: true,
    notBeforeMs: Date.now() - 86_400_000,
    notAfterMs: Date.now() + 86_400_000,
  }),
);
/** Certified for another host. */
export const elsewhereRoots = pem(elsewhere.root.certificate);
export const elsewhereServer = identity(elsewhere.server);

function identity(issued: typeof pki.server): { readonly certificate: string; readonly privateKey: string } {
  return {
    certificate: issued.chain.map(pem).join(''),
    privateKey: encodePem('PRIVATE KEY', issued.key.exportPkcs8()),
  };
}

function pem(certificate: Uint8Array): string {
  return encodePem('CERTIFICATE', certificate);
}
