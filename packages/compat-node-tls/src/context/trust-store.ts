import { createHash } from 'node:crypto';
import { isX509Error, type LimitedAnchor, readTrustedCertificate, TrustAnchors } from '@sealwire/x509';
import { type DefaultAnchors, defaultAnchors } from './ca-stores.ts';
import { trustedLabels } from './own-certificate.ts';
import { PemReader } from './pem-reader.ts';

type Anchor = Uint8Array | LimitedAnchor;

/**
 * Whom a context trusts: nobody, the default authorities, or these and others (what is added to the default ones leaves them as they
 * are for everybody else).
 */
export class TrustStore {
  #default: DefaultAnchors | undefined;
  #added: Anchor[] = [];
  #anchors: TrustAnchors | undefined;

  /** The default authorities of this moment, in the place of whatever there was. */
  addDefault(): void {
    this.#default = defaultAnchors();
    this.#added = [];
    this.#anchors = undefined;
  }

  /** Certificates of a PEM text, as far as it can be read. What is behind something broken is not looked at, and nobody told. */
  addPem(input: string | ArrayBufferView): Uint8Array[] {
    const reader = new PemReader(input);
    const added: Uint8Array[] = [];
    for (
      let block = reader.next(trustedLabels);
      typeof block !== 'string';
      block = reader.next(trustedLabels)
    ) {
      const anchor = anchorOf(block.der);
      if (anchor === undefined) break;
      this.#add(anchor);
      added.push(anchor instanceof Uint8Array ? anchor : anchor.certificate);
    }
    return added;
  }

  add(der: Uint8Array): void {
    this.#add(der);
  }

  /** 32 bytes that are the same for stores that trust the same. */
  get fingerprint(): Buffer {
    const hash = createHash('sha256').update(this.#default === undefined ? 'own' : 'default');
    for (const anchor of this.#added) {
      const { certificate, ...limits } = anchor instanceof Uint8Array ? { certificate: anchor } : anchor;
      hash.update(createHash('sha256').update(certificate).digest()).update(JSON.stringify(limits));
    }
    return hash.digest();
  }

  get anchors(): TrustAnchors {
    // Those that nothing was added to are everybody's, and read once.
    if (this.#default !== undefined && this.#added.length === 0) return this.#default.anchors;
    const certificates = this.#default?.certificates ?? [];
    return (this.#anchors ??= new TrustAnchors([...certificates, ...this.#added]));
  }

  #add(anchor: Anchor): void {
    this.#added.push(anchor);
    this.#anchors = undefined;
  }
}

function anchorOf(der: Uint8Array): Anchor | undefined {
  try {
    const { certificate, trusted, rejected } = readTrustedCertificate(der);
    if (new TrustAnchors([certificate]).unreadable.length > 0) return undefined;
    return trusted === undefined && rejected === undefined ? certificate : { certificate, trusted, rejected };
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}
