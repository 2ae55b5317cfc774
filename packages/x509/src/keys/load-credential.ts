import { ApiMisuseError, type X509Credential, type CryptoProvider, type PrivateKey } from '@sealwire/core';
import { type Certificate, parseCertificate } from '../certificate/certificate.ts';
import { type DelegationInput, loadDelegation } from '../delegation/load-delegation.ts';
import { sameBytes } from '../der/bytes.ts';
import { X509Error } from '../errors.ts';
import { type CertificateInput, certificatesDer } from '../inputs.ts';
import { isDnsName } from '../names/host-name.ts';
import { ownKey, requireSameKey } from './own-key.ts';
import type { PrivateKeyOptions } from './private-key-file.ts';
import { signatureSchemesFor } from './signature-schemes.ts';

export interface CredentialOptions extends PrivateKeyOptions {
  readonly provider: CryptoProvider;
  /** Our own certificate, then each one's issuer; the root may be left out. */
  readonly chain: CertificateInput;
  /**
   * The private key of the first certificate, with its `passphrase` if it is encrypted; or `'external'` when another program signs. May be absent
   * where there are `delegations`: then only peers that take those can be served.
   */
  readonly key?: string | Uint8Array | PrivateKey | 'external';
  /** Delegated credentials of the first certificate (RFC 9345), most wanted first: for peers that take them. */
  readonly delegations?: readonly DelegationInput[];
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
  const [own, ...issuers] = chain.map((der) => parseCertificate(der));
  if (own === undefined)
    throw new ApiMisuseError('expected a chain of at least one certificate, got an empty list');
  const { provider } = options;
  const publicKey = provider.importPublicKey(own.spki);
  if (publicKey === undefined)
    throw new X509Error(
      'key.unsupported',
      `expected ${own.subject} to hold a key that ${provider.name} knows`,
    );
  const delegations = (options.delegations ?? []).map((each) => loadDelegation(each, own, provider));
  if (options.key === undefined && delegations.length === 0)
    throw new ApiMisuseError(`expected the private key of ${own.subject}, or delegations`);
  const key = ownKey(options.key ?? 'external', provider, options);
  if (key !== 'external') requireOwnKey(key, own, issuers, provider);
  const schemes = options.key === undefined ? [] : signatureSchemesFor(publicKey.kind);
  const names = options.names ?? dnsNamesOf(own);
  return {
    type: 'x509',
    chain,
    key,
    signatureSchemes: options.signatureSchemes ?? schemes,
    ...(names === undefined ? {} : { names }),
    ...(delegations.length === 0 ? {} : { delegations }),
    ...(options.ocspResponse === undefined ? {} : { ocspResponse: options.ocspResponse }),
    ...(options.signedCertificateTimestamps === undefined
      ? {}
      : { signedCertificateTimestamps: options.signedCertificateTimestamps }),
  };
}

/** Of files in the wrong order the message says so: the own certificate comes first. */
function requireOwnKey(
  key: PrivateKey,
  own: Certificate,
  issuers: readonly Certificate[],
  provider: CryptoProvider,
): void {
  const isOf = ({ spki }: Certificate) => sameBytes(spki, key.publicKey.spki);
  const place = issuers.findIndex(isOf);
  if (place !== -1 && !isOf(own))
    throw new ApiMisuseError(
      `expected our own certificate first, then its issuers; the private key is that of number ${place + 2}`,
    );
  requireSameKey(key, own.spki, provider, `the private key of ${own.subject}`);
}

function dnsNamesOf(certificate: Certificate): readonly string[] | undefined {
  const names = (certificate.subjectAltName ?? []).flatMap((name) =>
    name.type === 'dns' ? [name.value.toLowerCase()] : [],
  );
  const usable = names.filter((name) => isDnsName(name.startsWith('*.') ? name.slice(2) : name));
  return usable.length === 0 ? undefined : usable;
}
