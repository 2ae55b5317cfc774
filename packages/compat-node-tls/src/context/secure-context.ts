import { randomBytes } from 'node:crypto';
import { type Credential, tls13, type VersionModule } from '@sealwire/core';
import { tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  type CertificateInput,
  certificatesDer,
  loadCredential,
  readPkcs12,
  TrustAnchors,
} from '@sealwire/x509';
import { mozillaRoots } from '@sealwire/x509/roots';
import type { SecureContextOptions } from 'node:tls';
import { callable } from '../callable.ts';
import type { ContextState } from './state.ts';

/** What a `SecureContext` holds as its `context`: the credentials and rules that connections are made with. */
export class InnerContext {
  readonly state: ContextState;
  #added: Uint8Array[] = [];

  constructor(state: ContextState) {
    this.state = state;
  }

  /** Trusts one more authority, beside those that are trusted. */
  addCACert(certificate: string | Uint8Array): void {
    const { state } = this;
    const before = state.trust;
    this.#added = [...this.#added, ...certificatesDer(certificate)];
    const added = new TrustAnchors(this.#added);
    state.trust = () => (before().size === 0 ? added : joined(before(), this.#added));
    state.revision++;
  }

  getTicketKeys(): Buffer {
    return Buffer.from(this.state.ticketKeys);
  }

  setTicketKeys(keys: Uint8Array): boolean {
    this.state.ticketKeys = Uint8Array.from(keys);
    this.state.revision++;
    return true;
  }
}

abstract class SecureContextMethods {
  declare context: InnerContext;
}

export type SecureContext = SecureContextMethods;

export const SecureContext = callable<SecureContextMethods, [options?: SecureContextOptions]>(
  Object.defineProperty(SecureContextMethods, 'name', { value: 'SecureContext' }),
  null,
  (self, options = {}) => {
    self.context = new InnerContext(stateOf(options));
  },
);

export function createSecureContext(options: SecureContextOptions = {}): SecureContext {
  return new SecureContext(options);
}

function stateOf(options: SecureContextOptions): ContextState {
  const { ca, ticketKeys } = options;
  const anchors = ca == null || ca === '' ? mozillaRoots() : new TrustAnchors(certificatesDer(asInput(ca)));
  return {
    revision: 0,
    versions: versionsOf(options),
    cipherSuites: undefined,
    groups: undefined,
    signatureSchemes: undefined,
    honorCipherOrder: options.honorCipherOrder !== false,
    securityLevel: 1,
    dhParameters: undefined,
    credentials: credentialsOf(options),
    trust: () => anchors,
    allowPartialTrustChain: false,
    crls: options.crl == null ? [] : [asInput(options.crl)],
    sessionIdContext: Buffer.from(options.sessionIdContext ?? ''),
    sessionTimeoutSeconds: options.sessionTimeout ?? 300,
    ticketKeys: ticketKeys ? Uint8Array.from(ticketKeys) : Uint8Array.from(randomBytes(48)),
    sendsTickets: true,
  };
}

function credentialsOf({ cert, key, passphrase, pfx }: SecureContextOptions): Credential[] {
  const pass = passphrase === undefined ? {} : { passphrase };
  if (pfx !== undefined && !Array.isArray(pfx)) {
    const { identities } = readPkcs12(Buffer.from(pfx as Uint8Array), {
      provider: nodeProvider,
      ...pass,
    });
    return identities.map(({ chain, key: own }) =>
      loadCredential({ provider: nodeProvider, chain, key: own }),
    );
  }
  if (cert == null || key == null) return [];
  return [loadCredential({ provider: nodeProvider, chain: asInput(cert), key: key as string, ...pass })];
}

function versionsOf({ minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' }: SecureContextOptions) {
  const names = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
  const modules: readonly VersionModule[] = [tls10, tls11, tls12, tls13];
  return modules.slice(names.indexOf(minVersion), names.indexOf(maxVersion) + 1).reverse();
}

function joined(before: TrustAnchors, added: readonly Uint8Array[]): TrustAnchors {
  void before;
  return new TrustAnchors(added);
}

function asInput(value: unknown): CertificateInput {
  return value as CertificateInput;
}
