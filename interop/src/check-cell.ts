import {
  compressionAlgorithms,
  defaultLimits,
  namedGroups,
  signatureSchemes,
  suites13,
} from '@sealwire/core';
import type { Cell, CertificateKind } from './cell.ts';
import { converse } from './converse.ts';
import type { OwnEnd } from './own-end.ts';
import { recordLimit } from './own-options.ts';
import type { PeerEnd, PeerSide, World } from './peers/peer.ts';

/** Follows one connection from its handshake to its end, and throws where anything differs from what was asked. */
export async function checkCell(
  cell: Cell,
  ours: OwnEnd,
  theirs: PeerEnd,
  side: PeerSide,
  world: World,
): Promise<void> {
  if (cell.feature === 'clientRefused') return await expectAlert(cell, ours, 'certificate_required');
  if (cell.feature === 'alpnRefused') return await expectAlert(cell, ours, 'no_application_protocol');
  await ours.connected();
  if (cell.feature === 'keyUpdateFlood') return await expectFloodRefused(ours, theirs);
  checkFacts(cell, ours, side, world);
  await converse(cell, ours, theirs, world);
  checkAfterwards(cell, ours);
  await closeInOrder(cell, ours, theirs, side);
  if (theirs.talk !== 'browser') {
    for (const text of theirs.prints ?? []) await theirs.tool.until(text, 0, 3000);
  }
  await theirs.inspect?.();
}

/** A server that refuses sends the alert; a client of TLS 1.3 may believe itself connected until it comes. */
async function expectAlert({ role }: Cell, ours: OwnEnd, alert: string): Promise<void> {
  await ours.until(`alert ${alert}`, () => ours.ended !== undefined);
  const { ended } = ours;
  equal('end', ended?.type, 'failed');
  if (ended?.type !== 'failed') return;
  equal('alert', ended.alert, alert);
  equal('sender of the alert', ended.sentBy, role === 'client' ? 'peer' : 'us');
}

/** Of KeyUpdates without data between them we take `limits.keyUpdates`. */
async function expectFloodRefused(ours: OwnEnd, theirs: PeerEnd): Promise<void> {
  for (let sent = 0; ours.ended === undefined; sent++) {
    if (sent > 2 * defaultLimits.keyUpdates) throw new Error(`we: ${sent} key updates were not refused`);
    await theirs.updateKeys?.();
    // One at a time: consoles read commands from what one read brings.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { ended } = ours;
  equal('end', ended?.type === 'failed' && ended.error.code, 'peer.tooManyKeyUpdates');
  equal('sender of the alert', ended?.type === 'failed' && ended.sentBy, 'us');
  equal('key updates received', ours.connection.facts.keyUpdatesReceived >= defaultLimits.keyUpdates, true);
}

function checkFacts(cell: Cell, ours: OwnEnd, side: PeerSide, { pki }: World): void {
  const { facts } = ours.connection;
  const { feature, role } = cell;
  equal('version', facts.version, 0x0304);
  equal('suite', facts.cipherSuite, suites13[cell.suite]);
  equal('group', facts.group, namedGroups[cell.group]);
  equal('retry', facts.helloRetried, isRetried(cell, side));
  const alpn = side.alpn ?? 'sealwire/1';
  if (feature === 'alpn') equal('protocol', facts.alpnProtocol, alpn);
  const isAuthenticated = role === 'client' || feature === 'clientCertificate';
  if (feature === 'compression') {
    const { ownCertificateCompression, peerCertificateCompression } = facts;
    const came = role === 'client' ? peerCertificateCompression : ownCertificateCompression;
    equal('compression', came, compressionAlgorithms[side.compression ?? 'zlib']);
  }
  if (feature === 'rawKeys') {
    const identity = (role === 'client' ? pki.servers : pki.clients)[cell.certificate];
    const evidence = facts.peerEvidence;
    if (evidence?.type !== 'rawPublicKey') throw new Error('we: the peer presented no raw public key');
    equal('public key', hex(evidence.spki), hex(identity.spki));
  } else if (isAuthenticated) {
    const identity = (role === 'client' ? pki.servers : pki.clients)[cell.certificate];
    const evidence = facts.peerEvidence;
    if (evidence?.type !== 'x509') throw new Error('we: the peer presented no certificate');
    equal('certificate', hex(evidence.chain[0]!.certificate), hex(identity.der));
    if (!schemes[cell.certificate].includes(facts.peerSignatureScheme as number))
      throw new Error(
        `we: signature scheme 0x${facts.peerSignatureScheme?.toString(16)} for ${cell.certificate}`,
      );
    if (role === 'client' && feature === 'ocsp' && evidence.chain[0]!.ocspResponse === undefined)
      throw new Error('we: no OCSP response came');
  } else {
    equal('certificate', facts.peerEvidence, undefined);
  }
  if (role === 'client') {
    const asks = feature === 'clientCertificate' || feature === 'clientWithout';
    if (asks) equal('request for a certificate', facts.certificateRequested, true);
    const scheme = facts.ownSignatureScheme;
    if (feature === 'clientCertificate' && !schemes[cell.certificate].includes(scheme as number))
      throw new Error(`we: signed with 0x${scheme?.toString(16)}`);
  } else {
    equal('server name', facts.serverName, 'localhost');
    if (!schemes[cell.certificate].includes(facts.ownSignatureScheme as number))
      throw new Error(`we: signed with 0x${facts.ownSignatureScheme?.toString(16)}`);
  }
}

function isRetried({ feature, group }: Cell, side: PeerSide): boolean {
  return feature === 'retry' || feature === 'cookie' || side.retriedGroups?.includes(group) === true;
}

function checkAfterwards({ feature }: Cell, ours: OwnEnd): void {
  const { facts } = ours.connection;
  if (feature === 'keyUpdate' || feature === 'peerKeyUpdate') {
    if (facts.keyUpdatesReceived < 1 || facts.keyUpdatesSent < 1)
      throw new Error(`we: ${facts.keyUpdatesSent} key updates sent, ${facts.keyUpdatesReceived} received`);
  }
  if (feature === 'recordSizeLimit') {
    const limit = facts.peerRecordSizeLimit;
    if (limit === undefined) throw new Error('we: no record_size_limit came');
    for (const record of ours.records.filter(({ isProtected }) => isProtected)) {
      const most = record.direction === 'sent' ? limit : recordLimit;
      if (record.contentBytes + 1 > most)
        throw new Error(
          `we: a record ${record.direction} with ${record.contentBytes} bytes, the limit is ${most}`,
        );
    }
  }
}

/**
 * Our client closes first, except after an answer by HTTP/1.0, which the server ends. Of our server's peers, a
 * console closes first where it can, and then we.
 */
async function closeInOrder({ role }: Cell, ours: OwnEnd, theirs: PeerEnd, side: PeerSide): Promise<void> {
  if (role === 'server' && theirs.talk === 'console') theirs.tool.endInput();
  const isTheirTurn = role === 'server' ? !theirs.waitsForOurEnd : theirs.talk === 'http';
  if (isTheirTurn) {
    await ours.until('end of the peer', () => ours.peerClosed !== undefined || ours.ended !== undefined);
  }
  ours.close();
  if (side.closesWith === 'reset') return;
  await ours.until('end', () => ours.ended !== undefined || ours.peerClosed === 'truncated');
  equal('end of the peer', ours.peerClosed, side.closesWith ?? 'closeNotify');
  if (ours.peerClosed === 'closeNotify') equal('end', ours.ended?.type, 'closed');
}

function equal(what: string, actual: unknown, expected: unknown): void {
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
};
