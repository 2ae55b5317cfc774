import {
  ApiMisuseError,
  type X509Credential,
  type CryptoProvider,
  type KeyKind,
  type PrivateKey,
  type PublicKey,
  type SignatureAlgorithm,
} from '@sealwire/core';
import { type Certificate, parseCertificate } from '../certificate/certificate.ts';
import { X509Error } from '../errors.ts';
import { sameBytes } from '../der/bytes.ts';
import { type CertificateInput, certificatesDer } from '../inputs.ts';
import { isDnsName } from '../names/host-name.ts';
import { privateKeyPkcs8 } from './private-key-file.ts';
import { signatureSchemesFor } from './signature-schemes.ts';

export interface CredentialOptions {
  readonly provider: CryptoProvider;
  /** Our own certificate, then each one's issuer; the root may be left out. */
  readonly chain: CertificateInput;
  /** The private key of the first certificate, not encrypted; or `'external'` when another program signs. */
  readonly key: string | Uint8Array | PrivateKey | 'external';
  /** SignatureSchemes to offer, most wanted first. Default: all that fit the key. */
  readonly signatureSchemes?: readonly number[];
  /** Host names that the credential is for. Default: the DNS names of the certificate, or any if it has none. */
  readonly names?: readonly string[];
  /** DER OCSPResponse to staple. */
  readonly ocspResponse?: Uint8Array;
  readonly signedCertificateTimestamps?: readonly Uint8Array[];
}

/**
 * Certificate and private key as core's `Credential`. Throws `X509Error` when the first certificate or the key
 * cannot be read, `ApiMisuseError` when they do not belong together.
 */
export function loadCredential(options: CredentialOptions): X509Credential {
  const chain = certificatesDer(options.chain);
  const [own] = chain.map((der) => parseCertificate(der));
  if (own === undefined)
    throw new ApiMisuseError('expected a chain of at least one certificate, got an empty list');
  const { provider } = options;
  const publicKey = provider.importPublicKey(own.spki);
  if (publicKey === undefined)
    throw new X509Error(
      'key.unsupported',
      `expected ${own.subject} to hold a key that ${provider.name} knows`,
    );
  const key = options.key === 'external' ? 'external' : importKey(options.key, provider);
  if (key !== 'external') requireSameKey(key, own, publicKey);
  const names = options.names ?? dnsNamesOf(own);
  return {
    type: 'x509',
    chain,
    key,
    signatureSchemes: options.signatureSchemes ?? signatureSchemesFor(publicKey.kind),
    ...(names === undefined ? {} : { names }),
    ...(options.ocspResponse === undefined ? {} : { ocspResponse: options.ocspResponse }),
    ...(options.signedCertificateTimestamps === undefined
      ? {}
      : { signedCertificateTimestamps: options.signedCertificateTimestamps }),
  };
}

/** A private key file as the provider's key; throws `X509Error` when it is none that the provider can use. */
export function loadPrivateKey(input: string | Uint8Array, provider: CryptoProvider): PrivateKey {
  const key = provider.importPrivateKey(privateKeyPkcs8(input));
  if (key === undefined)
    throw new X509Error('key.unsupported', `expected a private key that ${provider.name} knows`);
  return key;
}

function importKey(key: string | Uint8Array | PrivateKey, provider: CryptoProvider): PrivateKey {
  return typeof key === 'string' || key instanceof Uint8Array ? loadPrivateKey(key, provider) : key;
}

/**
 * Equal SubjectPublicKeyInfos decide at once. They may differ for one key (parameters of RSASSA-PSS that the
 * certificate has and the key file has not, a compressed point); then a signature is made and checked.
 */
function requireSameKey(key: PrivateKey, own: Certificate, certified: PublicKey): void {
  if (sameBytes(key.publicKey.spki, own.spki)) return;
  if (certified.kind.type === key.kind.type) {
    const algorithm = probeAlgorithm(certified.kind);
    if (certified.verify(algorithm, probe, key.sign(algorithm, probe))) return;
  }
  throw new ApiMisuseError(`expected the private key of ${own.subject}, got another key`);
}

function probeAlgorithm(kind: KeyKind): SignatureAlgorithm {
  switch (kind.type) {
    case 'rsa':
      return { type: 'rsa-pkcs1', hash: 'sha256' };
    case 'rsa-pss':
      return {
        type: 'rsa-pss',
        ...(kind.restriction ?? { hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 }),
      };
    case 'ec':
      return { type: 'ecdsa', hash: 'sha256' };
    default:
      return { type: kind.type };
  }
}

function dnsNamesOf(certificate: Certificate): readonly string[] | undefined {
  const names = (certificate.subjectAltName ?? []).flatMap((name) =>
    name.type === 'dns' ? [name.value.toLowerCase()] : [],
  );
  const usable = names.filter((name) => isDnsName(name.startsWith('*.') ? name.slice(2) : name));
  return usable.length === 0 ? undefined : usable;
}

const probe = /* @__PURE__ */ Uint8Array.from('does this key fit?', (character) => character.charCodeAt(0));
