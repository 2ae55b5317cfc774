import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate, makeTestPki } from '@sealwire/x509';

const pki = makeTestPki({ provider, nowMs: Date.now() });
const elsewhere = makeTestPki({
  provider,
  nowMs: Date.now(),
  dnsNames: ['elsewhere.example'],
  ipAddresses: [],
});

const renewed = makeTestPki({ provider, nowMs: Date.now() });

/** As PEM. */
export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A private CA that certified a server for `localhost` and a client, all as PEM, as people have them. */
export const roots: string = pem(pki.root.certificate);
export const serverIdentity: Identity = identity(pki.server);
/** The server's, with an RSA key: made when it is wanted, because that takes a while. */
export const rsaIdentity: () => Identity = once(() => {
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
export const clientIdentity: Identity = identity(pki.client);
/** Another CA, which certified none of these. */
export const otherRoots: string = pem(
  makeCertificate({
    provider,
    subject: { CN: 'Somebody else' },
    key: provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }),
    ca: true,
    notBeforeMs: Date.now() - 86_400_000,
    notAfterMs: Date.now() + 86_400_000,
  }),
);
/** Another CA of the same name, and the server that it certified for the same name. */
export const renewedRoots: string = pem(renewed.root.certificate);
export const renewedServer: Identity = identity(renewed.server);
/** Certified for another host. */
export const elsewhereRoots: string = pem(elsewhere.root.certificate);
export const elsewhereServer: Identity = identity(elsewhere.server);

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function identity(issued: typeof pki.server): Identity {
  return {
    certificate: issued.chain.map(pem).join(''),
    privateKey: encodePem('PRIVATE KEY', issued.key.exportPkcs8()),
  };
}

function pem(certificate: Uint8Array): string {
  return encodePem('CERTIFICATE', certificate);
}
