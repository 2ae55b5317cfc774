import type { CipherSuite, VersionModule } from '@sealwire/core';
import { suites12, tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { nodeProvider } from '@sealwire/crypto-node';
import type { CertificateKind } from '../cell.ts';

/** One cell of the matrix of TLS 1.2 and older. */
export interface OlderCell {
  readonly peer: string;
  /** Our side. */
  readonly role: 'client' | 'server';
  readonly version: OlderVersion;
  readonly suite: OlderSuite;
  /** Kind of key in the server's certificate, and in the client's; nobody has one with an anonymous suite. */
  readonly certificate: CertificateKind;
  readonly feature: OlderFeature;
}

export type OlderVersion = 'TLS 1.2' | 'TLS 1.1' | 'TLS 1.0';
export type OlderSuite = keyof typeof suites12;

/** What a cell does beyond a handshake, data in both directions and an orderly close; what each proves. */
export const olderFeatureNotes = {
  plain: 'handshake, data both ways, orderly close',
  clientCertificate: 'the server requires a certificate, the client has one',
  resumedById: 'a second connection resumes the session of the first by its id',
  resumedByTicket: 'the same with a ticket',
  renegotiated: 'we begin another handshake; data both ways before and after it',
  peerRenegotiates: 'the same, begun by the peer',
  allVersions: 'we offer, or take, TLS 1.0 to 1.3 together, with GREASE; the peer has one version',
} as const;
export type OlderFeature = keyof typeof olderFeatureNotes;

/** A tool, as far as it speaks what is older than TLS 1.3. */
export interface OlderSide {
  readonly suites: readonly OlderSuite[];
  readonly versions: readonly OlderVersion[];
  readonly certificates: readonly CertificateKind[];
  readonly features: readonly OlderFeature[];
  /** Suites that it leaves to TLS 1.2, although older versions may have them. */
  readonly newer?: (suite: OlderSuite) => boolean;
}

export const versionModules: Readonly<Record<OlderVersion, VersionModule>> = {
  'TLS 1.2': tls12,
  'TLS 1.1': tls11,
  'TLS 1.0': tls10,
};

/** All that we speak. */
export const ownSuites: readonly OlderSuite[] = (Object.keys(suites12) as OlderSuite[]).filter((name) =>
  isSpoken(name, 'TLS 1.2'),
);

export function hasPsk(suite: OlderSuite): boolean {
  return suite.includes('PSK');
}

/** Whether the server shows a certificate. */
export function hasCertificate(suite: OlderSuite): boolean {
  return !suite.includes('_anon_') && (!hasPsk(suite) || suite.startsWith('TLS_RSA_PSK'));
}

/** Whether the other features go with it: not where there is nobody, or only somebody with the key. */
function hasFeatures(suite: OlderSuite): boolean {
  return hasCertificate(suite) && !hasPsk(suite);
}

/** Every combination of version, suite and certificate; every other feature with each value once. */
export function olderMatrix(peer: string, role: OlderCell['role'], side: OlderSide): OlderCell[] {
  const plain = possible(peer, role, side, 'plain');
  const others = side.features
    .filter((feature) => feature !== 'plain')
    .flatMap((feature) => covering(possible(peer, role, side, feature), (cell) => singles(cell)));
  return [...plain, ...others];
}

/** Every key exchange and every cipher, and every pair of version, certificate and feature, in some cell. */
export function olderSample(
  peer: string,
  role: OlderCell['role'],
  side: OlderSide,
  random: () => number,
): OlderCell[] {
  const all = side.features.flatMap((feature) => possible(peer, role, side, feature));
  const mixed = all.map((cell) => ({ cell, at: random() })).sort((a, b) => a.at - b.at);
  return covering(
    mixed.map(({ cell }) => cell),
    ({ version, suite, certificate, feature }) => [
      ...suite.split('_WITH_'),
      `${version} ${feature}`,
      `${version} ${certificate}`,
      `${certificate} ${feature}`,
    ],
  );
}

export function olderCellName({ peer, role, version, suite, certificate, feature }: OlderCell): string {
  const who = role === 'client' ? `us -> ${peer}` : `${peer} -> us`;
  return `${who} ${feature} ${version} ${suite.slice(4)} ${certificate}`;
}

export const suiteNumber = (suite: OlderSuite): CipherSuite => suites12[suite];

function possible(
  peer: string,
  role: OlderCell['role'],
  side: OlderSide,
  feature: OlderFeature,
): OlderCell[] {
  return side.versions.flatMap((version) =>
    side.suites
      .filter((suite) => version === 'TLS 1.2' || side.newer?.(suite) !== true)
      .filter((suite) => isSpoken(suite, version) && (hasFeatures(suite) || feature === 'plain'))
      .flatMap((suite) =>
        certificatesFor(suite, version, side).map(
          (certificate): OlderCell => ({ peer, role, version, suite, certificate, feature }),
        ),
      ),
  );
}

function isSpoken(suite: OlderSuite, version: OlderVersion): boolean {
  return versionModules[version].supports(suites12[suite], nodeProvider);
}

function certificatesFor(
  suite: OlderSuite,
  version: OlderVersion,
  { certificates }: OlderSide,
): readonly CertificateKind[] {
  if (!hasCertificate(suite) || suite.startsWith('TLS_RSA_')) return ['rsa2048'];
  const kinds: readonly CertificateKind[] = suite.includes('ECDSA')
    ? ['p256', 'p384', 'p521', 'ed25519', 'ed448']
    : ['rsa2048', 'rsa-pss'];
  // Schemes that have a name alone came with TLS 1.2 and after it.
  const named: readonly CertificateKind[] = ['ed25519', 'ed448', 'rsa-pss'];
  return kinds.filter(
    (each) => certificates.includes(each) && (version === 'TLS 1.2' || !named.includes(each)),
  );
}

const singles = ({ version, suite, certificate }: OlderCell): readonly string[] => [
  version,
  suite,
  `${version} ${certificate}`,
];

/** The first cells that bring something new, in their order. */
function covering(cells: readonly OlderCell[], facets: (cell: OlderCell) => readonly string[]): OlderCell[] {
  const seen = new Set<string>();
  return cells.filter((cell) => {
    const fresh = facets(cell).filter((facet) => !seen.has(facet));
    for (const facet of fresh) seen.add(facet);
    return fresh.length > 0;
  });
}
