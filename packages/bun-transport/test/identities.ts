import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate, makeTestPki } from '@sealwire/x509';

const pki = makeTestPki({ provider, nowMs: Date.now() });
const renewed = makeTestPki({ provider, nowMs: Date.now() });

/** A private CA that certified a server for `localhost`, as PEM, as people have them. */
export const roots = pem(pki.root.certificate);
export const serverIdentity = identity(pki.server);
/** The server's, with an RSA key: made when it is wanted, because that takes a while. */
export const rsaIdentity = once(() => {
  const key = provider.generateKeyPair({ type: 'rsa', bits: 2048 });
  const certificate = makeCertificate({
    provider,
    subject: { CN: 'server' },
    key,
    issuer: pki.root,
    dnsNames: ['localhost'],
    extendedKeyUsage: ['serverAuth'],
    notBeforeMs: Date.now() - 86_400_000,
    notAfterMs: Date.now() + 86_400_000,
  });
  return { certificate: pem(certificate), privateKey: encodePem('PRIVATE KEY', key.exportPkcs8()) };
});
/** Another CA of the same name, and the server that it certified for the same name. */
export const renewedRoots = pem(renewed.root.certificate);
export const renewedServer = identity(renewed.server);
/** Another CA, which certified nobody. */
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

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function identity(issued: typeof pki.server): { readonly certificate: string; readonly privateKey: string } {
  return {
    certificate: issued.chain.map(pem).join(''),
    privateKey: encodePem('PRIVATE KEY', issued.key.exportPkcs8()),
  };
}

function pem(certificate: Uint8Array): string {
  return encodePem('CERTIFICATE', certificate);
}
