import {
  type ClientOptions,
  compressionAlgorithms,
  type CryptoProvider,
  type ExtraExtension,
  namedGroups,
  pinnedPublicKeys,
  pskKeyExchangeModes,
  type ServerOptions,
  suites13,
} from '@sealwire/core';
import { tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nobleProvider } from '@sealwire/crypto-noble';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  avoidsKeyExchange,
  type Cell,
  type GroupName,
  groupNames,
  hasExternalPsk,
  retriesGroup,
  suiteNames,
} from './cell.ts';
import { decoyGroup, type PeerSide, type World } from './peers/peer.ts';

/** What our client is told in a cell. Where the peer is told suite and group, we offer all that we have. */
export function clientOptions(cell: Cell, side: PeerSide, { pki }: World): ClientOptions {
  const provider = providers[cell.provider];
  const others = availableGroups(provider).filter((each) => each !== cell.group);
  const decoy = retriesGroup(cell) ? [decoyGroup(cell.group, side)] : [];
  const wanted = decoy.length > 0 ? decoy : [cell.group];
  const groups = side.isRestricted
    ? [...wanted, ...[cell.group, ...others].filter((each) => !wanted.includes(each))]
    : [...decoy, cell.group];
  const isOdd = cell.feature === 'oddHello';
  return {
    ...sharedOptions(cell, side, provider),
    serverName: 'localhost',
    groups: groups.map((name) => namedGroups[name]),
    keyShares: (isOdd ? groups.filter((each) => oddShares.has(each) || each === cell.group) : wanted).map(
      (name) => namedGroups[name],
    ),
    answers: { verifyPeer: pki.verifier(provider) },
    ...(cell.feature === 'lateCertificate' ? { postHandshakeAuth: true } : {}),
    ...(cell.feature === 'clientCertificate' || cell.feature === 'lateCertificate'
      ? { credentials: [pki.clients[cell.certificate].credential(provider)] }
      : {}),
    ...(cell.feature === 'ocsp' ? { requestOcsp: true } : {}),
    ...(cell.feature === 'allVersions' ? { grease: true } : {}),
    ...(cell.feature === 'compression'
      ? { certificateCompression: { accept: [compressionAlgorithms[side.compression ?? 'zlib']] } }
      : {}),
    ...(hasExternalPsk(cell) ? { externalPsks: [externalPsk] } : {}),
    ...(cell.feature === 'rawKeys'
      ? {
          credentials: [pki.clients[cell.certificate].rawCredential(provider)],
          peerCertificateTypes: ['rawPublicKey'] as const,
          answers: { verifyPeer: pinnedPublicKeys([pki.servers[cell.certificate].spki]) },
        }
      : {}),
    ...(cell.feature === 'alpn' ? { alpnProtocols: [side.alpn ?? 'sealwire/1', 'never/2'] } : {}),
    ...(cell.feature === 'alpnRefused' ? { alpnProtocols: ['never/2'] } : {}),
    ...(isOdd
      ? {
          middleboxCompatibility: false,
          padHello: true,
          requestOcsp: true,
          requestScts: true,
          recordSizeLimit: 4_000,
          extraExtensions: [grease('CH', 0x0a0a, 0), grease('CH', 0xfafa, 7)],
          extensionOrder: [0xfafa, 51, 10, 43, 13],
          alpnProtocols: ['never/2', side.alpn ?? 'sealwire/1'],
        }
      : {}),
  };
}

/** What our server is told in a cell. */
export function serverOptions(cell: Cell, side: PeerSide, { pki }: World): ServerOptions {
  const provider = providers[cell.provider];
  const { feature } = cell;
  const isAlone = retriesGroup(cell) || (feature === 'cookie' && side.cookieNeedsGroup) || !side.isRestricted;
  const groups = isAlone ? [cell.group] : availableGroups(provider);
  const isOdd = feature === 'oddHello';
  return {
    ...sharedOptions(cell, side, provider),
    groups: groups.map((name) => namedGroups[name]),
    credentials: [pki.servers[cell.certificate].credential(provider, feature === 'ocsp')],
    answers: { verifyPeer: pki.verifier(provider) },
    ...(feature === 'clientCertificate' || feature === 'clientRefused'
      ? { clientAuthentication: 'require' as const, certificateAuthorities: [pki.rootName] }
      : {}),
    ...(hasExternalPsk(cell) ? { externalPsks: [externalPsk], credentials: [] } : {}),
    ...(feature === 'rawKeys'
      ? {
          credentials: [pki.servers[cell.certificate].rawCredential(provider)],
          peerCertificateTypes: ['rawPublicKey'] as const,
          clientAuthentication: 'require' as const,
          answers: { verifyPeer: pinnedPublicKeys([pki.clients[cell.certificate].spki]) },
        }
      : {}),
    ...(feature === 'clientWithout' || isOdd ? { clientAuthentication: 'request' as const } : {}),
    ...(feature === 'cookie' ? { retryCookie: Buffer.alloc(200, 'cookie') } : {}),
    ...(feature === 'alpn' || feature === 'alpnRefused'
      ? { alpnProtocols: ['first/1', side.alpn ?? 'sealwire/1'] }
      : {}),
    ...(isOdd
      ? {
          announceGroups: true,
          certificateAuthorities: [pki.rootName],
          extraExtensions: [grease('CR', 0x1a1a, 3)],
          cipherSuitePreference: 'client' as const,
        }
      : {}),
  };
}

function sharedOptions({ suite, feature }: Cell, side: PeerSide, provider: CryptoProvider) {
  const isAll = feature === 'allVersions';
  const suites = side.isRestricted ? [suite, ...suiteNames.filter((each) => each !== suite)] : [suite];
  return {
    provider,
    cipherSuites: [...suites.map((name) => suites13[name]), ...(isAll ? tls12.defaultCipherSuites : [])],
    ...(avoidsKeyExchange({ feature }) ? { pskModes: [pskKeyExchangeModes.psk_ke] } : {}),
    ...(isAll ? { versions: [tls13, tls12, tls11, tls10] } : {}),
    trace: feature === 'recordSizeLimit',
    ...(feature === 'recordSizeLimit' ? { recordSizeLimit: recordLimit } : {}),
  };
}

/** All groups that the provider has, in our order. */
function availableGroups(provider: CryptoProvider): GroupName[] {
  return groupNames.filter((name) => provider.groups[name] !== undefined);
}

function grease(message: ExtraExtension['in'], type: number, length: number): ExtraExtension {
  return { in: message, type, data: new Uint8Array(length).fill(0x5a) };
}

/** The key of `externalPsk` cells; its hash is that of two of our suites. */
export const externalPsk = {
  identity: Buffer.from('interop'),
  key: Buffer.from('0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0', 'hex'),
} as const;

/** Content bytes that we take in one record, the type byte included (RFC 8449 §4). */
export const recordLimit = 1024;

const providers = { node: withMlDsa(nodeProvider), noble: withMlDsa(nobleProvider) };
const oddShares = new Set<GroupName>([
  'x25519',
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'x448',
  'ffdhe2048',
  'X25519MLKEM768',
  'SecP256r1MLKEM768',
]);
