import { compressionAlgorithms, type Facts, namedGroups, signatureSchemes, suites13 } from '@sealwire/core';
import { type Cell, type CertificateKind, hasExternalPsk } from './cell.ts';
import type { OwnEnd } from './own-end.ts';
import { externalPsk } from './own-options.ts';
import type { PeerSide, World } from './peers/peer.ts';
import type { Visit } from './visit.ts';

/** Throws unless what we know of the connection is what the cell asks for. */
export function checkFacts(cell: Cell, ours: OwnEnd, side: PeerSide, world: World, visit: Visit): void {
  const { facts } = ours.connection;
  const { feature, role } = cell;
  equal('version', facts.version, 0x0304);
  equal('suite', facts.cipherSuite, suites13[cell.suite]);
  equal('group', facts.group, visit.hasNoKeyExchange === true ? undefined : namedGroups[visit.group]);
  equal('retry', facts.helloRetried, visit.isRetried);
  equal('resumed', facts.resumed ?? false, visit.isResumed);
  equal('early data', facts.earlyData, visit.earlyData);
  if (role === 'server') equal('server name', facts.serverName, 'localhost');
  if (feature === 'alpn') equal('protocol', facts.alpnProtocol, side.alpn ?? 'sealwire/1');
  if (feature === 'compression') {
    const { ownCertificateCompression, peerCertificateCompression } = facts;
    const came = role === 'client' ? peerCertificateCompression : ownCertificateCompression;
    equal('compression', came, compressionAlgorithms[side.compression ?? 'zlib']);
  }
  const identity = hasExternalPsk(cell) ? hex(externalPsk.identity) : undefined;
  equal('external key', facts.externalPskIdentity && hex(facts.externalPskIdentity), identity);
  checkPeer(cell, facts, world);
  checkSignatures(cell, facts, visit);
}

/** Who the peer is; on resumption as it was authenticated before. */
function checkPeer({ feature, role, certificate }: Cell, facts: Facts, { pki }: World): void {
  const { peerEvidence: evidence } = facts;
  const isAuthenticated = role === 'client' || feature === 'clientCertificate' || feature === 'rawKeys';
  if (!isAuthenticated || hasExternalPsk({ feature })) {
    equal('certificate', evidence, undefined);
    return;
  }
  const identity = (role === 'client' ? pki.servers : pki.clients)[certificate];
  if (feature === 'rawKeys') {
    if (evidence?.type !== 'rawPublicKey') throw new Error('we: the peer presented no raw public key');
    equal('public key', hex(evidence.spki), hex(identity.spki));
    return;
  }
  if (evidence?.type !== 'x509') throw new Error('we: the peer presented no certificate');
  equal('certificate', hex(evidence.chain[0]!.certificate), hex(identity.der));
  if (role === 'client' && feature === 'ocsp' && evidence.chain[0]!.ocspResponse === undefined)
    throw new Error('we: no OCSP response came');
}

/** Who signs with what; with a pre-shared key nobody does. */
function checkSignatures({ feature, role, certificate }: Cell, facts: Facts, { isResumed }: Visit): void {
  const isMutual = feature === 'clientCertificate' || feature === 'rawKeys';
  const isSigned = !isResumed && !hasExternalPsk({ feature });
  const [own, peer] = [facts.ownSignatureScheme, facts.peerSignatureScheme];
  const expects = (what: string, scheme: number | undefined, signs: boolean) => {
    if (signs ? !schemes[certificate].includes(scheme as number) : scheme !== undefined)
      throw new Error(`we: ${what} signed with 0x${scheme?.toString(16)} for ${certificate}`);
  };
  expects('the peer', peer, isSigned && (role === 'client' || isMutual));
  expects('we', own, isSigned && (role === 'server' || isMutual));
  const asks = isMutual || feature === 'clientWithout';
  if (role === 'client' && asks) equal('request for a certificate', facts.certificateRequested, true);
}

export function equal(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`we: ${what} is ${String(actual)}, not ${String(expected)}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const s = signatureSchemes;
const schemes: Readonly<Record<CertificateKind, readonly number[]>> = {
  rsa2048: [s.rsa_pss_rsae_sha256, s.rsa_pss_rsae_sha384, s.rsa_pss_rsae_sha512],
  'rsa-pss': [s.rsa_pss_pss_sha256, s.rsa_pss_pss_sha384, s.rsa_pss_pss_sha512],
  p256: [s.ecdsa_secp256r1_sha256],
  p384: [s.ecdsa_secp384r1_sha384],
  p521: [s.ecdsa_secp521r1_sha512],
  ed25519: [s.ed25519],
  ed448: [s.ed448],
  mldsa44: [s.mldsa44],
  mldsa65: [s.mldsa65],
  mldsa87: [s.mldsa87],
};
