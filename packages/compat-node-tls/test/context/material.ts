import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import type { KeySpec, PrivateKey, SignatureAlgorithm } from '@sealwire/core';
import { encodePem, makeCertificate, makeCrl, makePkcs12, type CertificateContents } from '@sealwire/x509';

/** Keys, certificates and files of all kinds to make contexts of, as PEM. */

export interface Made {
  readonly key: string;
  readonly cert: string;
  readonly own: { readonly certificate: Uint8Array; readonly key: PrivateKey };
}

const [from, until] = [Date.now() - 86_400_000, Date.now() + 86_400_000];

export function made(
  name: string,
  spec: KeySpec | PrivateKey,
  issuer?: Made,
  more: Partial<CertificateContents> = {},
): Made {
  const key = 'exportPkcs8' in spec ? spec : provider.generateKeyPair(spec);
  const certificate = makeCertificate({
    provider,
    subject: { CN: name },
    key,
    notBeforeMs: from,
    notAfterMs: until,
    ...(issuer && { issuer: issuer.own }),
    ...more,
  });
  return {
    key: encodePem('PRIVATE KEY', key.exportPkcs8()),
    cert: encodePem('CERTIFICATE', certificate),
    own: { certificate, key },
  };
}

/** RSA keys of lengths that a provider would not make. */
export function weakKey(bits: number): PrivateKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return provider.importPrivateKey(privateKey.export({ format: 'der', type: 'pkcs8' })) as PrivateKey;
}

const sha1: SignatureAlgorithm = { type: 'rsa-pkcs1', hash: 'sha1' };

export const root: Made = made('root', { type: 'rsa', bits: 2048 }, undefined, { ca: true });
export const middle: Made = made('middle', { type: 'ec', curve: 'secp256r1' }, root, { ca: true });
export const rsa: Made = made('rsa', { type: 'rsa', bits: 2048 }, root);
export const otherRsa: Made = made('other', { type: 'rsa', bits: 2048 }, root);
export const ecdsa: Made = made('ecdsa', { type: 'ec', curve: 'secp256r1' }, middle);
export const p384: Made = made('p384', { type: 'ec', curve: 'secp384r1' }, middle);
export const ed25519: Made = made('ed25519', { type: 'ed25519' }, root);
export const weak: Made = made('weak', weakKey(512));
export const short: Made = made('short', weakKey(1024));
export const sha1Signed: Made = made('sha1', { type: 'rsa', bits: 2048 }, root, { signatureAlgorithm: sha1 });

export const crl: string = encodePem(
  'X509 CRL',
  makeCrl({ provider, issuer: root.own, thisUpdateMs: from, nextUpdateMs: until }),
);

export function encrypted({ key }: Made, passphrase: string, cipher = 'aes-256-cbc'): string {
  return createPrivateKey(key).export({ format: 'pem', type: 'pkcs8', cipher, passphrase }) as string;
}

/** The form of encryption that came before PKCS #8. */
export function encryptedOfOld({ key }: Made, passphrase: string): string {
  return createPrivateKey(key).export({
    format: 'pem',
    type: 'pkcs1',
    cipher: 'aes-256-cbc',
    passphrase,
  }) as string;
}

export function pfx(identities: readonly Made[], passphrase: string, above: readonly Made[] = []): Buffer {
  return Buffer.from(
    makePkcs12({
      provider,
      passphrase,
      identities: identities.map(({ own }) => ({
        key: own.key,
        chain: [own.certificate, ...above.map((each) => each.own.certificate)],
      })),
      derivation: { type: 'pbkdf2', iterations: 1 },
    }),
  );
}

/** Keys that no certificate of TLS has, and one that is not meant for signing. */
export const strangers: Readonly<Record<string, string>> = {
  x25519: pkcs8(generateKeyPairSync('x25519').privateKey),
  x448: pkcs8(generateKeyPairSync('x448').privateKey),
  dsa: pkcs8(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 224 }).privateKey),
  'rsa-pss': pkcs8(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey),
};

function pkcs8(key: { export(options: { format: 'pem'; type: 'pkcs8' }): string | Buffer }): string {
  return key.export({ format: 'pem', type: 'pkcs8' }) as string;
}
