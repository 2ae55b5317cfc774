import { isX509Error, type LimitedAnchor, readTrustedCertificate, TrustAnchors } from '@sealwire/x509';
import { defaultAnchors } from './ca-stores.ts';
import { trustedLabels } from './own-certificate.ts';
import { PemReader } from './pem-reader.ts';

type Anchor = Uint8Array | LimitedAnchor;

/**
 * Whom a context trusts: nobody, the default authorities, or these and others (what is added to the default ones leaves them as they
 * are for everybody else).
 */
export class TrustStore {
  #default: readonly Anchor[] = [];
  #added: Anchor[] = [];
  #anchors: TrustAnchors | undefined;
  #isDefault = false;

  addDefault(): void {
    this.#isDefault = true;
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

  get anchors(): TrustAnchors {
    if (!this.#isDefault || this.#added.length > 0)
      return (this.#anchors ??= new TrustAnchors([...this.#default, ...this.#added]));
    return defaultAnchors().anchors;
  }

  /** From here on the store is the context's own, and what the default becomes is nothing to it. */
  #add(anchor: Anchor): void {
    if (this.#isDefault && this.#added.length === 0) this.#default = defaultAnchors().certificates;
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
