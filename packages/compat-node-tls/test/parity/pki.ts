import { nodeProvider } from '@sealwire/crypto-node';
import { seededRandom } from '@sealwire/testkit';
import { encodePem, type Issued, makeCertificate, makeTestPki } from '@sealwire/x509';
import { type ParityFiles, parityFiles } from './files.ts';

export interface Identity {
  /** PEM: the certificate and those above it. */
  readonly cert: string;
  readonly key: string;
}

/** Certificates for scenarios, all of one root unless it is said. */
export interface ParityPki {
  readonly root: string;
  readonly intermediate: string;
  readonly server: Identity;
  readonly client: Identity;
  /** One whose root nobody knows. */
  readonly stranger: Identity;
  readonly rsa: Identity;
  readonly ed25519: Identity;
  readonly p384: Identity;
  /** For `*.example.org`. */
  readonly wildcard: Identity;
  /** For `a.example.org` and `b.example.org`. */
  readonly named: Identity;
  /** For 127.0.0.1 alone. */
  readonly address: Identity;
  /** For `localhost`, until yesterday. */
  readonly expired: Identity;
  /** For `localhost`, from tomorrow. */
  readonly early: Identity;
  /** For `localhost`, but for clients. */
  readonly misused: Identity;
  /** Its common name is `localhost`, it has no other. */
  readonly commonName: Identity;
  readonly selfSigned: Identity;
  /** In other forms than PEM. */
  readonly files: ParityFiles;
}

const dayMs = 86_400_000;
type Wanted = Partial<Parameters<typeof makeCertificate>[0]>;
type Spec = Parameters<typeof nodeProvider.generateKeyPair>[0];

export function parityPki(): ParityPki {
  const nowMs = Date.now();
  const source = seededRandom('parity');
  const made = makeTestPki({ provider: nodeProvider, nowMs, source });
  const other = makeTestPki({ provider: nodeProvider, nowMs, source: seededRandom('stranger') });
  const above = encodePem('CERTIFICATE', made.intermediate.certificate);
  const issued = (wanted: Wanted, spec: Spec = { type: 'ec', curve: 'secp256r1' }): Identity => {
    const key = nodeProvider.generateKeyPair(spec);
    const certificate = makeCertificate({
      provider: nodeProvider,
      source,
      notBeforeMs: nowMs - dayMs,
      notAfterMs: nowMs + 90 * dayMs,
      subject: { O: 'Sealwire tests', CN: 'server' },
      key,
      issuer: made.intermediate,
      extendedKeyUsage: ['serverAuth'],
      dnsNames: ['localhost'],
      ...wanted,
    });
    return {
      cert: encodePem('CERTIFICATE', certificate) + above,
      key: encodePem('PRIVATE KEY', key.exportPkcs8()),
    };
  };
  let files: ParityFiles | undefined;
  return {
    get files() {
      return (files ??= parityFiles(made, nowMs));
    },
    root: encodePem('CERTIFICATE', made.root.certificate),
    intermediate: above,
    server: identityOf(made.server),
    client: identityOf(made.client),
    stranger: identityOf(other.server),
    rsa: issued({}, { type: 'rsa', bits: 2048 }),
    ed25519: issued({}, { type: 'ed25519' }),
    p384: issued({}, { type: 'ec', curve: 'secp384r1' }),
    wildcard: issued({ dnsNames: ['*.example.org'] }),
    named: issued({ dnsNames: ['a.example.org', 'b.example.org'] }),
    address: issued({ dnsNames: [], ipAddresses: ['127.0.0.1'] }),
    expired: issued({ notBeforeMs: nowMs - 9 * dayMs, notAfterMs: nowMs - dayMs }),
    early: issued({ notBeforeMs: nowMs + dayMs }),
    misused: issued({ extendedKeyUsage: ['clientAuth'] }),
    commonName: issued({ dnsNames: [], subject: { CN: 'localhost' } }),
    selfSigned: selfSigned(nowMs),
  };
}

function selfSigned(nowMs: number): Identity {
  const key = nodeProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const certificate = makeCertificate({
    provider: nodeProvider,
    notBeforeMs: nowMs - dayMs,
    notAfterMs: nowMs + dayMs,
    subject: { CN: 'alone' },
    key,
    dnsNames: ['localhost'],
  });
  return { cert: encodePem('CERTIFICATE', certificate), key: encodePem('PRIVATE KEY', key.exportPkcs8()) };
}

function identityOf({ chain, key }: Issued & { readonly chain: readonly Uint8Array[] }): Identity {
  return {
    cert: chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
    key: encodePem('PRIVATE KEY', key.exportPkcs8()),
  };
}
