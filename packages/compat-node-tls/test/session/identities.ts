import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki } from '@sealwire/x509';

const pki = makeTestPki({ provider, nowMs: Date.now(), dnsNames: ['localhost', 'a.test'] });

/** A private CA that certified a server and a client through an intermediate one, all as PEM. */
export const ca: string = pem(pki.root.certificate);
/** Another one, which certified nobody here. */
export const otherCa: string = pem(makeTestPki({ provider, nowMs: Date.now() }).root.certificate);
export const serverIdentity: { readonly cert: string; readonly key: string } = identity(pki.server);
export const clientIdentity: { readonly cert: string; readonly key: string } = identity(pki.client);

function identity({ chain, key }: typeof pki.server) {
  return { cert: chain.map(pem).join(''), key: encodePem('PRIVATE KEY', key.exportPkcs8()) };
}

function pem(certificate: Uint8Array): string {
  return encodePem('CERTIFICATE', certificate);
}
