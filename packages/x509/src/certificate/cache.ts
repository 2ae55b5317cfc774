import { ApiMisuseError } from '@sealwire/core';
import { lastOctets, ownBytes, sameBytes } from '../der/bytes.ts';
import { defaultCachedCertificates } from '../limits.ts';
import { type Certificate, parseCertificate } from './certificate.ts';

/**
 * Certificates by their DER, the least recently used leaving first: the same server and the same
 * intermediates come back with every connection.
 *
 * Found by the last six octets, which belong to the signature. Nobody is trusted to make them random: a hit
 * must be equal in all bytes, and a peer that collides on purpose only replaces one entry.
 */
export class CertificateCache {
  readonly #capacity: number;
  readonly #entries = new Map<number, Certificate>();

  constructor(capacity: number = defaultCachedCertificates) {
    if (!Number.isSafeInteger(capacity) || capacity < 0) {
      throw new ApiMisuseError(`expected a capacity of 0 or more certificates, got ${capacity}`);
    }
    this.#capacity = capacity;
  }

  /** Parses, or returns what the same bytes gave before. Throws `X509Error` like `parseCertificate`; `der` is not kept. */
  parse(der: Uint8Array): Certificate {
    const key = lastOctets(der);
    const known = this.#entries.get(key);
    if (known !== undefined && sameBytes(known.der, der)) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const certificate = parseCertificate(ownBytes(der));
    if (this.#capacity === 0) return certificate;
    this.#entries.delete(key);
    this.#entries.set(key, certificate);
    if (this.#entries.size > this.#capacity) this.#entries.delete(this.#entries.keys().next().value!);
    return certificate;
  }

  get size(): number {
    return this.#entries.size;
  }
}
