import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Credential,
  type CryptoProvider,
  type KeySpec,
  type PrivateKey,
  rawPublicKeyCredential,
} from '@sealwire/core';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  createVerifier,
  encodePem,
  loadCredential,
  makeCertificate,
  makePkcs12,
  makeOcspResponse,
  parseCertificate,
  type PeerVerifier,
} from '@sealwire/x509';
import { type CertificateKind, certificateKinds, mlDsaCertificates } from './cell.ts';

/** Where one identity lies on disk, for the tools of the peers. */
export interface IdentityFiles {
  /** The certificate alone, PEM. */
  readonly certificate: string;
  /** The certificate and its issuer, PEM. */
  readonly chain: string;
  /** PKCS #8, PEM. */
  readonly key: string;
  /** The public key alone, DER SubjectPublicKeyInfo and the same as PEM. */
  readonly spki: string;
  readonly publicKey: string;
  /** All of it as PKCS #12, password `sealwire`. */
  readonly bundle: string;
  /** An OCSPResponse that says good, DER. */
  readonly ocsp: string;
}

export interface Identity {
  readonly der: Uint8Array;
  readonly spki: Uint8Array;
  readonly files: IdentityFiles;
  /** As our own credential, with the OCSP response stapled if `staples`. */
  credential(provider: CryptoProvider, staples?: boolean): Credential;
  /** Its key alone, as our own credential (RFC 7250). */
  rawCredential(provider: CryptoProvider): Credential;
}

export interface Pki {
  readonly directory: string;
  /** PEM of the root, which everybody trusts. */
  readonly rootFile: string;
  readonly intermediateFile: string;
  /** PEM of root and intermediate. */
  readonly issuersFile: string;
  /** PEM of a root that signed nobody. */
  readonly strangerFile: string;
  readonly rootName: Uint8Array;
  readonly servers: Readonly<Record<CertificateKind, Identity>>;
  readonly clients: Readonly<Record<CertificateKind, Identity>>;
  verifier(provider: CryptoProvider): PeerVerifier;
}

const maker = withMlDsa(nodeProvider);

/** A root, an intermediate (for ML-DSA one of ML-DSA, of each set), and for each kind of key a server called localhost and a client; made by our own writer. */
export function makePki(directory: string): Pki {
  const now = Date.now();
  const validity = { notBeforeMs: now - dayMs, notAfterMs: now + 30 * dayMs, provider: maker };
  const newKey = (kind: CertificateKind) => maker.generateKeyPair(keySpecs[kind]);

  const rootKey = newKey('p256');
  const root = makeCertificate({
    ...validity,
    subject: { CN: 'Sealwire interop root' },
    key: rootKey,
    ca: true,
  });
  const issuerOf = (kind: CertificateKind, name = '') => {
    const key = newKey(kind);
    const certificate = makeCertificate({
      ...validity,
      subject: { CN: `Sealwire interop intermediate${name}` },
      key,
      issuer: { certificate: root, key: rootKey },
      ca: { pathLength: 0 },
      keyUsage: ['keyCertSign', 'cRLSign', 'digitalSignature'],
    });
    return { certificate, key };
  };
  const usual = issuerOf('p256');
  const own = new Map(mlDsaCertificates.map((kind) => [kind as CertificateKind, issuerOf(kind, ` ${kind}`)]));
  const file = (name: string, data: string | Uint8Array) => {
    const path = join(directory, name);
    writeFileSync(path, data);
    return path;
  };
  mkdirSync(directory, { recursive: true });
  const rootFile = file('root.pem', encodePem('CERTIFICATE', root));
  const intermediateFile = file('intermediate.pem', encodePem('CERTIFICATE', usual.certificate));
  const issuers = [root, usual.certificate].map((each) => encodePem('CERTIFICATE', each));
  const stranger = makeCertificate({
    ...validity,
    subject: { CN: 'Stranger' },
    key: newKey('p256'),
    ca: true,
  });

  const identity = (kind: CertificateKind, role: 'server' | 'client'): Identity => {
    const ownKey = newKey(kind);
    const issuer = own.get(kind) ?? usual;
    const der = makeCertificate({
      ...validity,
      subject: { CN: role === 'server' ? 'localhost' : `client ${kind}` },
      key: ownKey,
      issuer,
      extendedKeyUsage: [`${role}Auth`],
      ...(role === 'server'
        ? { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }
        : { emails: ['client@example.org'] }),
    });
    const name = `${role}-${kind}`;
    const certificate = file(`${name}.pem`, encodePem('CERTIFICATE', der));
    const chain = [der, issuer.certificate];
    const files = {
      certificate,
      chain: file(`${name}-chain.pem`, chain.map((each) => encodePem('CERTIFICATE', each)).join('')),
      key: file(`${name}.key`, encodePem('PRIVATE KEY', ownKey.exportPkcs8())),
      spki: file(`${name}.spki`, ownKey.publicKey.spki),
      publicKey: file(`${name}.pub`, encodePem('PUBLIC KEY', ownKey.publicKey.spki)),
      bundle: file(`${name}.p12`, bundleOf(name, chain, ownKey)),
      ocsp: join(directory, `${name}.ocsp`),
    };
    // A response of the issuer itself.
    if (role === 'server') {
      const times = { thisUpdateMs: now - dayMs, nextUpdateMs: now + 7 * dayMs };
      const answer = { certificate: der, issuer: issuer.certificate, status: 'good', ...times } as const;
      writeFileSync(
        files.ocsp,
        makeOcspResponse({ provider: maker, responder: issuer, answers: [answer], producedAtMs: now }),
      );
    }
    return {
      der,
      spki: ownKey.publicKey.spki,
      files,
      credential: credentialOf(chain, ownKey, files),
      rawCredential: (provider) => rawPublicKeyCredential(provider.importPrivateKey(ownKey.exportPkcs8())!),
    };
  };
  const all = (role: 'server' | 'client') =>
    Object.fromEntries(certificateKinds.map((kind) => [kind, identity(kind, role)])) as Record<
      CertificateKind,
      Identity
    >;
  return {
    directory,
    rootFile,
    intermediateFile,
    issuersFile: file('issuers.pem', issuers.join('')),
    strangerFile: file('stranger.pem', encodePem('CERTIFICATE', stranger)),
    rootName: parseCertificate(root).subject.der,
    servers: all('server'),
    clients: all('client'),
    verifier: (provider) => createVerifier({ provider, roots: [root] }),
  };
}

function credentialOf(
  chain: readonly Uint8Array[],
  key: PrivateKey,
  files: IdentityFiles,
): Identity['credential'] {
  return (provider, staples = false) =>
    loadCredential({
      provider,
      chain,
      key: key.exportPkcs8(),
      ...(staples ? { ocspResponse: new Uint8Array(readFileSync(files.ocsp)) } : {}),
    });
}

/** As quick to open as what openssl writes: it guards nothing. */
function bundleOf(friendlyName: string, chain: readonly Uint8Array[], key: PrivateKey): Uint8Array {
  return makePkcs12({
    provider: maker,
    passphrase: 'sealwire',
    derivation: { type: 'pbkdf2', iterations: 2_048 },
    identities: [{ key, chain, friendlyName }],
  });
}

const keySpecs: Readonly<Record<CertificateKind, KeySpec>> = {
  rsa2048: { type: 'rsa', bits: 2048 },
  'rsa-pss': { type: 'rsa-pss', bits: 2048 },
  p256: { type: 'ec', curve: 'secp256r1' },
  p384: { type: 'ec', curve: 'secp384r1' },
  p521: { type: 'ec', curve: 'secp521r1' },
  ed25519: { type: 'ed25519' },
  ed448: { type: 'ed448' },
  mldsa44: { type: 'ml-dsa-44' },
  mldsa65: { type: 'ml-dsa-65' },
  mldsa87: { type: 'ml-dsa-87' },
};
const dayMs = 86_400_000;
