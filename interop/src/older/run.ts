import {
  type ClientOptions,
  createClient,
  createServer,
  type Facts,
  namedGroups,
  type ServerOptions,
  type Session,
  TicketRing,
} from '@sealwire/core';
import { SessionTable, tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { createServer as listen, type Socket } from 'node:net';
import { join } from 'node:path';
import { closeInOrder, endSilently } from '../check-cell.ts';
import { equal } from '../check-facts.ts';
import { externalPsk } from '../own-options.ts';
import { converse, talkOnce } from '../converse.ts';
import { dial, OwnEnd } from '../own-end.ts';
import type { PeerEnd, World } from '../peers/peer.ts';
import { waitFor } from '../processes.ts';
import { listenLocally, withOutput } from '../run-cell.ts';
import { hasCertificate, hasPsk, type OlderCell, suiteNumber, versionModules } from './cells.ts';
import { type OlderPeer, type OlderVisit, resumes } from './peers.ts';

/** Runs one cell; throws when anything is not as asked, with what the peer printed. */
export async function runOlderCell(cell: OlderCell, peer: OlderPeer, world: World): Promise<void> {
  if (cell.role === 'client') await ourClient(cell, peer, world);
  else await ourServer(cell, peer, world);
}

async function ourClient(cell: OlderCell, peer: OlderPeer, world: World): Promise<void> {
  const theirs = await peer.server.start(cell, world);
  const sessions: Session[] = [];
  let ours: OwnEnd | undefined;
  try {
    for (const visit of visitsOf(cell, world)) {
      const options = { ...clientOptions(cell, world), sessions };
      ours = new OwnEnd(createClient(options), await dial(theirs.port));
      await check(cell, ours, theirs, world, visit);
      sessions.push(...ours.sessions);
      ours.destroy();
    }
  } catch (error) {
    throw withOutput(error, theirs);
  } finally {
    ours?.destroy();
    await theirs.tool.stop();
  }
}

async function ourServer(cell: OlderCell, peer: OlderPeer, world: World): Promise<void> {
  const visits = visitsOf(cell, world);
  const options = serverOptions(cell, world);
  const ends: OwnEnd[] = [];
  const arrivals = new Set<() => void>();
  const server = listen({ allowHalfOpen: true }, (socket: Socket) => {
    ends.push(new OwnEnd(createServer(options), socket));
    for (const arrived of arrivals) arrived();
  });
  let theirs: PeerEnd | undefined;
  try {
    const port = await listenLocally(server);
    for (const visit of visits) {
      if (theirs?.returns === undefined) {
        await theirs?.tool.stop();
        theirs = await peer.client.start(cell, world, port, visit);
      }
      const hasCome = () => ends.length >= visit.number;
      await waitFor(arrivals, hasCome, () => false, 'peer: no connection came', 20_000);
      await check(cell, ends[visit.number - 1]!, theirs, world, visit);
    }
  } catch (error) {
    throw withOutput(error, theirs);
  } finally {
    for (const end of ends) end.destroy();
    server.close();
    await theirs?.tool.stop();
  }
}

/** Follows one connection from its handshake to its end, and throws where anything differs from what was asked. */
async function check(
  cell: OlderCell,
  ours: OwnEnd,
  theirs: PeerEnd,
  world: World,
  visit: OlderVisit,
): Promise<void> {
  await ours.connected();
  checkFacts(cell, ours.connection.facts, world, visit);
  if (!visit.isLast && theirs.returns !== undefined) return await endSilently(ours);
  const { role } = cell;
  await converse({ role, feature: 'plain' }, ours, theirs, world);
  await renegotiate(cell, ours, theirs);
  if (role === 'client' && !visit.isLast) await ours.until('session', () => ours.sessions.length > 0);
  await closeInOrder({ role }, ours, theirs, {}, visit);
  if (theirs.talk === 'browser') return;
  const prints = [...(theirs.prints ?? []), ...((visit.isLast && theirs.printsLast) || [])];
  for (const text of prints) await theirs.tool.until(text, 0, 3000);
}

async function renegotiate({ feature }: OlderCell, ours: OwnEnd, theirs: PeerEnd): Promise<void> {
  if (feature !== 'renegotiated' && feature !== 'peerRenegotiates') return;
  if (feature === 'renegotiated') ours.renegotiate();
  else await theirs.renegotiate?.(ours);
  const { connection } = ours;
  await ours.until('second handshake', () => connection.facts.handshakes === 2);
  await talkOnce(ours, theirs, 'after');
}

function checkFacts(cell: OlderCell, facts: Facts, { pki }: World, visit: OlderVisit): void {
  const { role, certificate, feature } = cell;
  equal('version', facts.version, versionModules[cell.version].versions[0]);
  equal('suite', facts.cipherSuite, suiteNumber(cell.suite));
  equal('resumed', facts.resumed, visit.number === 2);
  if (role === 'server') equal('server name', facts.serverName, 'localhost');
  const identified = facts.externalPskIdentity && hex(facts.externalPskIdentity);
  equal('external key', identified, hasPsk(cell.suite) ? hex(externalPsk.identity) : undefined);
  const isMutual = feature === 'clientCertificate';
  const shows = hasCertificate(cell.suite) && (role === 'client' || isMutual);
  const identity = (role === 'client' ? pki.servers : pki.clients)[certificate];
  const { peerEvidence: evidence } = facts;
  const shown = evidence?.type === 'x509' ? evidence.chain[0]!.certificate : undefined;
  equal('certificate', shown && hex(shown), shows ? hex(identity.der) : undefined);
  if (role === 'client') equal('request for a certificate', facts.certificateRequested ?? false, isMutual);
}

function visitsOf(cell: OlderCell, { directory }: World): OlderVisit[] {
  const sessionFile = join(directory, `older-session-${++cells}`);
  if (!resumes(cell)) return [{ number: 1, isLast: true, sessionFile }];
  return [
    { number: 1, isLast: false, sessionFile },
    { number: 2, isLast: true, sessionFile },
  ];
}

function clientOptions(cell: OlderCell, { pki }: World): ClientOptions {
  const isMutual = cell.feature === 'clientCertificate';
  return {
    ...sharedOptions(cell),
    serverName: 'localhost',
    // Without a certificate OpenSSL takes groups of 1,024 bits.
    minDhBits: hasCertificate(cell.suite) ? 2048 : 1024,
    grease: cell.feature === 'allVersions',
    answers: { verifyPeer: pki.verifier(provider) },
    credentials: isMutual ? [pki.clients[cell.certificate].credential(provider)] : [],
  };
}

function serverOptions(cell: OlderCell, { pki }: World): ServerOptions {
  const byId = cell.feature === 'resumedById';
  return {
    ...sharedOptions(cell),
    credentials: [pki.servers[cell.certificate].credential(provider)],
    ...(hasPsk(cell.suite) ? { pskIdentityHint: Buffer.from('interop') } : {}),
    answers: { verifyPeer: pki.verifier(provider) },
    ...(cell.feature === 'clientCertificate'
      ? { clientAuthentication: 'require' as const, certificateAuthorities: [pki.rootName] }
      : {}),
    tickets: byId ? false : { keeper: new TicketRing({ provider }) },
    ...(byId ? { sessionIds: { store: new SessionTable() } } : {}),
  };
}

function sharedOptions({ suite, version, feature }: OlderCell) {
  const isAll = feature === 'allVersions';
  const own = suiteNumber(suite);
  return {
    provider,
    versions: isAll ? [tls13, tls12, tls11, tls10] : [versionModules[version]],
    cipherSuites: isAll ? [...tls13.defaultCipherSuites, own] : [own],
    groups: groups.map((name) => namedGroups[name]),
    externalPsks: hasPsk(suite) ? [{ ...externalPsk, usedIn: 'tls12' as const }] : [],
    acceptRenegotiation: feature === 'peerRenegotiates',
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const groups = ['x25519', 'secp256r1', 'secp384r1', 'secp521r1', 'x448', 'ffdhe2048'] as const;
let cells = 0;
