import { type KeySpec, namedGroups, suites13, type VersionModule } from '@sealwire/core';
import { suites12, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki } from '@sealwire/x509';

/** Version, suite and keys that all stacks of a comparison have in common; the group is X25519. */
export interface Flavour {
  readonly name: string;
  readonly version: VersionModule;
  /** As IANA writes it. */
  readonly suite: keyof typeof suites;
  /** As OpenSSL writes it. */
  readonly cipher: string;
  identity(): Identity;
}

export interface Identity {
  /** PEM. */
  readonly root: string;
  readonly chain: string;
  readonly key: string;
}

export const suites = { ...suites13, ...suites12 };

export const identity = identityOf({ type: 'ec', curve: 'secp256r1' });
/** Made when it is first needed: it takes a second. */
const rsaIdentity = () => (madeRsaIdentity ??= identityOf({ type: 'rsa', bits: 2048 }));
let madeRsaIdentity: Identity | undefined;

export const modern: Flavour = {
  name: 'TLS 1.3',
  version: tls13,
  suite: 'TLS_AES_128_GCM_SHA256',
  cipher: 'TLS_AES_128_GCM_SHA256',
  identity: () => identity,
};

export const older = {
  ecdsa: olderFlavour('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'),
  rsa: olderFlavour('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', rsaIdentity),
  cbc: olderFlavour('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ECDHE-ECDSA-AES128-SHA256'),
  ccm: olderFlavour('TLS_ECDHE_ECDSA_WITH_AES_128_CCM', 'ECDHE-ECDSA-AES128-CCM'),
} as const;

/** What all of our ends have in common. */
export function sharedOf({ version, suite }: Flavour) {
  const { x25519, secp256r1 } = namedGroups;
  // Before TLS 1.3 the curves offered are those of certificates as well (RFC 8422 §5.1.1).
  const groups = version === tls13 ? [x25519] : [x25519, secp256r1];
  return { versions: [version], cipherSuites: [suites[suite]], groups };
}

function olderFlavour(suite: Flavour['suite'], cipher: string, keys = () => identity): Flavour {
  return { name: `TLS 1.2, ${cipher}`, version: tls12, suite, cipher, identity: keys };
}

function identityOf(keySpec: KeySpec): Identity {
  const { root, server } = makeTestPki({ provider: nodeProvider, nowMs: Date.now(), keySpec });
  return {
    root: encodePem('CERTIFICATE', root.certificate),
    chain: server.chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
    key: encodePem('PRIVATE KEY', server.key.exportPkcs8()),
  };
}
