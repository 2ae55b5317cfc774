import { nodeProvider } from '@sealwire/crypto-node';
import { seededRandom } from '@sealwire/testkit';
import { encodePem, type Issued, makeTestPki } from '@sealwire/x509';

export interface Identity {
  /** PEM: the certificate and those above it. */
  readonly cert: string;
  readonly key: string;
}

/** Certificates for scenarios, all of one root. */
export interface ParityPki {
  readonly root: string;
  readonly server: Identity;
  readonly client: Identity;
  /** One whose root nobody knows. */
  readonly stranger: Identity;
}

export function parityPki(): ParityPki {
  const made = makeTestPki({ provider: nodeProvider, nowMs: Date.now(), source: seededRandom('parity') });
  const other = makeTestPki({ provider: nodeProvider, nowMs: Date.now(), source: seededRandom('stranger') });
  return {
    root: encodePem('CERTIFICATE', made.root.certificate),
    server: identityOf(made.server),
    client: identityOf(made.client),
    stranger: identityOf(other.server),
  };
}

function identityOf({ chain, key }: Issued & { readonly chain: readonly Uint8Array[] }): Identity {
  return {
    cert: chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
    key: encodePem('PRIVATE KEY', key.exportPkcs8()),
  };
}
