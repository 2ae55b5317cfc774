import { ApiMisuseError, type CryptoProvider, type PrivateKey, type PublicKey } from '@sealwire/core';
import { signatureAlgorithmOf } from '../certificate/algorithm.ts';
import { Certificate, parseCertificate } from '../certificate/certificate.ts';
import { certificatesDer } from '../inputs.ts';
import { requireSameKey } from '../keys/own-key.ts';
import { encodePem } from '../pem.ts';
import { type CheckOptions, checkEmail, checkHost, checkIP } from './check-names.ts';
import { hasIssued, isAuthority } from './issuance.ts';
import {
  type LegacyCertificate,
  type ShowOptions,
  altNamesOf,
  fingerprintOf,
  infoAccessOf,
  legacyCertificate,
  purposesOf,
  serialNumberOf,
  shown,
} from './legacy-certificate.ts';
import { multilineName } from './name-text.ts';
import { type NodeRelease, defaultRelease, longName } from './object-names.ts';
import { timeText } from './time-text.ts';

export interface X509CertificateOptions<B extends Uint8Array = Uint8Array> extends ShowOptions<B> {
  /** What `issuerCertificate` gives: in a chain the next one. */
  readonly issuerCertificate?: X509Certificate<B>;
}

/**
 * A certificate with the properties and methods of `X509Certificate` of `node:crypto`, and with its texts, letter by letter.
 *
 * It differs where Node has types of its own: `publicKey` is the DER SubjectPublicKeyInfo, `verify` and `checkPrivateKey` take
 * keys of the provider. And where OpenSSL is lenient: what is not DER, and what `parseCertificate` refuses besides (duplicate
 * extensions, negative serial numbers, bytes after the certificate), throws `X509Error`.
 */
export class X509Certificate<B extends Uint8Array = Uint8Array> {
  /** The same certificate with the properties of this package. */
  readonly certificate: Certificate;
  readonly issuerCertificate: X509Certificate<B> | undefined;
  readonly #options: ShowOptions<B>;
  readonly #provider: CryptoProvider;
  readonly #release: NodeRelease;

  /** PEM, of which the first certificate counts, or DER, or what `parseCertificate` gave. Throws `X509Error` when it is no certificate. */
  constructor(input: string | Uint8Array | Certificate, options: X509CertificateOptions<B>) {
    this.certificate = input instanceof Certificate ? input : parseCertificate(certificatesDer(input)[0]!);
    this.#options = options;
    this.#provider = options.provider;
    this.#release = options.release ?? defaultRelease;
    this.issuerCertificate = options.issuerCertificate;
  }

  /** A line for each relative name, `CN=a.example`; `undefined` when the name is empty. */
  get subject(): string | undefined {
    return multilineName(this.certificate.subject, this.#release);
  }

  get issuer(): string | undefined {
    return multilineName(this.certificate.issuer, this.#release);
  }

  /** `DNS:a.example, IP Address:127.0.0.1`; `null` when malformed. */
  get subjectAltName(): string | null | undefined {
    return altNamesOf(this.certificate, this.#release);
  }

  /** A line for each, `OCSP - URI:http://…`; `null` when malformed. */
  get infoAccess(): string | null | undefined {
    return infoAccessOf(this.certificate, this.#release);
  }

  /** Object identifiers of the *extended* key usage. */
  get keyUsage(): string[] | undefined {
    return purposesOf(this.certificate);
  }

  /** `Jan  1 00:00:00 2026 GMT`. */
  get validFrom(): string {
    return timeText(this.certificate.notBeforeMs);
  }

  get validTo(): string {
    return timeText(this.certificate.notAfterMs);
  }

  get validFromDate(): Date {
    return new Date(this.certificate.notBeforeMs);
  }

  get validToDate(): Date {
    return new Date(this.certificate.notAfterMs);
  }

  /** SHA-1 of the DER. */
  get fingerprint(): string {
    return fingerprintOf(this.certificate, 'sha1', this.#provider);
  }

  get fingerprint256(): string {
    return fingerprintOf(this.certificate, 'sha256', this.#provider);
  }

  get fingerprint512(): string {
    return fingerprintOf(this.certificate, 'sha512', this.#provider);
  }

  get serialNumber(): string {
    return serialNumberOf(this.certificate);
  }

  /** The long name of the algorithm, `ecdsa-with-SHA256`; `undefined` for an unknown one. */
  get signatureAlgorithm(): string | undefined {
    return longName(this.certificate.signatureAlgorithm.algorithm, this.#release);
  }

  get signatureAlgorithmOid(): string {
    return this.certificate.signatureAlgorithm.algorithm;
  }

  /** DER. */
  get raw(): B {
    return shown(this.certificate.der, this.#options);
  }

  /** DER SubjectPublicKeyInfo. */
  get publicKey(): B {
    return shown(this.certificate.spki, this.#options);
  }

  get ca(): boolean {
    return isAuthority(this.certificate);
  }

  /**
   * The name of the certificate that stands for `name`, by the rules of OpenSSL, which are not those of `verifyChain`.
   * `ApiMisuseError` for a name with NUL.
   */
  checkHost(name: string, options?: CheckOptions): string | undefined {
    return checkHost(this.certificate, name, options);
  }

  checkEmail(email: string, options?: CheckOptions): string | undefined {
    return checkEmail(this.certificate, email, options);
  }

  /** `ApiMisuseError` for a text that is no address. */
  checkIP(ip: string, options?: CheckOptions): string | undefined {
    return checkIP(this.certificate, ip, this.#release, options);
  }

  /** Whether the other certificate may have issued this one; signatures are not looked at. */
  checkIssued(other: X509Certificate): boolean {
    if (!(other instanceof X509Certificate)) throw new ApiMisuseError('expected an X509Certificate');
    return hasIssued(other.certificate, this.certificate);
  }

  /** Whether `key` is the private half of this certificate's. */
  checkPrivateKey(key: PrivateKey): boolean {
    try {
      requireSameKey(key, this.certificate.spki, this.#provider, 'the private key of the certificate');
      return true;
    } catch (error) {
      if (error instanceof ApiMisuseError) return false;
      throw error;
    }
  }

  /** Whether the certificate is signed with this key: one of the provider's, or its DER SubjectPublicKeyInfo. Nothing else is verified. */
  verify(key: PublicKey | Uint8Array): boolean {
    const publicKey = key instanceof Uint8Array ? this.#provider.importPublicKey(key) : key;
    const algorithm = signatureAlgorithmOf(this.certificate.signatureAlgorithm);
    if (publicKey === undefined || algorithm === undefined) return false;
    return publicKey.verify(algorithm, this.certificate.tbs, this.certificate.signature);
  }

  /** What `getPeerCertificate()` of Node would give; a new object each time. */
  toLegacyObject(): LegacyCertificate<B> {
    return legacyCertificate(this.certificate, this.#options);
  }

  /** PEM. */
  toString(): string {
    return encodePem('CERTIFICATE', this.certificate.der);
  }

  toJSON(): string {
    return this.toString();
  }
}
