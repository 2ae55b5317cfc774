import { createHash } from 'node:crypto';
import type { PeerEvidence, Session, SessionPeer, SessionTerms } from '@sealwire/core';
import { decodeAppData, encodeAppData } from './app-data.ts';
import { isLeafFor } from './resumed-peer.ts';
import { extendedMasterSecretFlag, type SslSession } from './ssl-session.ts';
import { verifyResultOf, type StoredVerdict } from './verify-result.ts';

/**
 * Sessions of core as OpenSSL has them, and back.
 *
 * An SSL_SESSION has the peer's own certificate and no more of its chain, nothing that was stapled to it, and of the verdict only
 * `verifyResult`. It does not say for which name the peer was accepted, when it was verified, nor under which trust but for the
 * session id context of a server. What comes back is therefore good only for whoever asks again when it is resumed, as core does
 * by `verifyPeer` with the cause `resumption`: the certificate there is alone, and `stored.verdict` is a `StoredVerdict`.
 */

/** What an SSL_SESSION says that a session of core does not. */
export interface OpensslTraits {
  /** Servers: their session id context. Clients: none. */
  readonly sessionIdContext?: Uint8Array | undefined;
  /** What it would be kept for, in seconds; default 7,200, as in OpenSSL. A server's session has its `lifetimeSeconds`. */
  readonly timeout?: number | undefined;
  /**
   * NamedGroup of the key exchange; default 0, none. A client of OpenSSL 3 that resumes in TLS 1.3 with another group than this has
   * no ticket any more in what its `getSession()` gives.
   */
  readonly kexGroup?: number | undefined;
  /** Servers, where there is a ticket: the id that goes with it in TLS 1.3, and which in older versions the client makes up. */
  readonly sessionId?: Uint8Array | undefined;
}

export function toSslSession(
  session: Session,
  side: 'client' | 'server',
  traits: OpensslTraits = {},
): SslSession {
  const { version, cipherSuite, secret, ticket, issuedAtMs, lifetimeSeconds, peer, serverName } = session;
  const hasTicket = side === 'client' && ticket.length > 0;
  return {
    version,
    cipherSuite,
    sessionId: session.sessionId ?? traits.sessionId ?? (hasTicket ? sha256(ticket) : none),
    masterSecret: secret,
    time: Math.floor(issuedAtMs / 1000),
    timeout: side === 'server' ? lifetimeSeconds : (traits.timeout ?? defaultTimeout),
    ...peerOf(peer?.evidence),
    sessionIdContext: traits.sessionIdContext ?? none,
    verifyResult: peer === undefined ? 0 : verifyResultOf(peer.verdict),
    hostname: serverName,
    pskIdentity: session.externalPskIdentity,
    ticketLifetimeHint: hasTicket ? lifetimeSeconds : 0,
    ticket: hasTicket ? ticket : undefined,
    flags: session.extendedMainSecret === true ? extendedMasterSecretFlag : 0,
    ticketAgeAdd: session.ageAdd,
    maxEarlyData: session.maxEarlyDataBytes,
    alpnSelected: session.alpnProtocol ?? undefined,
    maxFragmentLengthMode: 0,
    ticketAppData: encodeAppData(session),
    kexGroup: traits.kexGroup ?? 0,
  };
}

/**
 * What OpenSSL has of a connection where nothing can be resumed yet: in TLS 1.3 a client before the first ticket, and a server
 * always, unless it has resumed one itself.
 */
export function bareSslSession(
  known: Pick<
    Session,
    'version' | 'cipherSuite' | 'startedAtMs' | 'alpnProtocol' | 'peer' | 'externalPskIdentity'
  >,
  traits: OpensslTraits = {},
): SslSession {
  const { startedAtMs, peer, alpnProtocol } = known;
  return {
    version: known.version,
    cipherSuite: known.cipherSuite,
    sessionId: none,
    masterSecret: none,
    time: Math.floor(startedAtMs / 1000),
    timeout: traits.timeout ?? defaultTimeout,
    ...peerOf(peer?.evidence),
    sessionIdContext: traits.sessionIdContext ?? none,
    verifyResult: peer === undefined ? 0 : verifyResultOf(peer.verdict),
    pskIdentity: known.externalPskIdentity,
    ticketLifetimeHint: 0,
    flags: 0,
    ticketAgeAdd: 0,
    maxEarlyData: 0,
    alpnSelected: alpnProtocol ?? undefined,
    maxFragmentLengthMode: 0,
    kexGroup: traits.kexGroup ?? 0,
  };
}

/** What a client is about to do, and the session must fit. */
export interface ClientTerms extends SessionTerms {
  /** Whom the server's certificate must be for. */
  readonly expectedName: string | undefined;
  /** Whom it was checked for when the session was made, as far as whoever kept it says so. */
  readonly checkedName?: string | undefined;
}

/**
 * A client's session, to be offered where the option `session` has it. `undefined` where it must not be: it has nothing to be
 * resumed by, nobody has authenticated, it was for another server name, or it has what we do not know how to resume.
 *
 * Nor where the certificate was checked for another name than now (CVE-2026-48934). Where nobody says whom it was checked for, the
 * certificate itself must say it.
 */
export function clientSession(from: SslSession, terms: ClientTerms): Session | undefined {
  const { version, ticket = none, sessionId, ticketLifetimeHint, timeout } = from;
  const byId = version < tls13 && ticket.length === 0;
  if (byId ? sessionId.length === 0 : ticket.length === 0) return undefined;
  const lifetimeSeconds = ticketLifetimeHint > 0 ? ticketLifetimeHint : version < tls13 ? timeout : 0;
  const session = sessionOf(from, terms, lifetimeSeconds);
  const { expectedName } = terms;
  if (session === undefined || !isAcceptedFor(expectedName, session, terms)) return undefined;
  return { ...session, ...(byId ? { sessionId } : {}), ticket, expectedName };
}

function isAcceptedFor(
  host: string | undefined,
  { peer, ...session }: Session,
  { checkedName }: ClientTerms,
): boolean {
  // The key is asked for again.
  if (peer === undefined) return session.externalPskIdentity !== undefined;
  const said = [checkedName, session.expectedName].filter((each) => each !== undefined);
  if (said.length > 0) return said.every((each) => each === host);
  return host === undefined || isLeafFor(peer.evidence, host);
}

/**
 * A server's session, out of a ticket or of whoever keeps it under its id. `undefined` where it must not be resumed: it has
 * another session id context, was for another server name, or has what we do not know how to resume. OpenSSL resumes for any
 * server name; a session that says none is taken for this one, and whoever its client is must be judged again.
 */
export function serverSession(
  from: SslSession,
  terms: SessionTerms,
  sessionIdContext: Uint8Array,
): Session | undefined {
  if (!Buffer.from(from.sessionIdContext).equals(sessionIdContext)) return undefined;
  const session = sessionOf(from, terms, from.timeout);
  if (session?.expectedName !== undefined) return undefined;
  // Nobody, but not without a fault: OpenSSL notes so that a pre-shared key was used, and not which.
  const isNobody = from.verifyResult !== 0 && session?.peer === undefined;
  if (session === undefined || (isNobody && session.externalPskIdentity === undefined)) return undefined;
  return from.sessionId.length > 0 && session.version < tls13
    ? { ...session, sessionId: from.sessionId }
    : session;
}

function sessionOf(from: SslSession, terms: SessionTerms, lifetimeSeconds: number): Session | undefined {
  const { version, masterSecret, hostname, time, compression, srpUsername, maxFragmentLengthMode } = from;
  const isNew = version >= tls13;
  if (isNew ? masterSecret.length === 0 || masterSecret.length > 255 : masterSecret.length !== 48)
    return undefined;
  if (hostname !== undefined && hostname !== terms.serverName) return undefined;
  if (lifetimeSeconds < 1 || time < 0) return undefined;
  if (maxFragmentLengthMode !== 0 || srpUsername !== undefined || (compression?.[0] ?? 0) !== 0)
    return undefined;
  // A pre-shared key of TLS 1.2 is not stood for by a session.
  if (!isNew && from.pskIdentity !== undefined) return undefined;
  const issuedAtMs = time * 1000;
  const appData = decodeAppData(from.ticketAppData);
  return {
    version,
    cipherSuite: from.cipherSuite,
    secret: masterSecret,
    ticket: none,
    ...(isNew ? {} : { extendedMainSecret: (from.flags & extendedMasterSecretFlag) !== 0 }),
    ageAdd: from.ticketAgeAdd,
    lifetimeSeconds: Math.min(lifetimeSeconds, weekSeconds),
    issuedAtMs,
    serverName: terms.serverName,
    expectedName: appData?.expectedName,
    alpnProtocol: from.alpnSelected ?? null,
    maxEarlyDataBytes: from.maxEarlyData,
    context: terms.context,
    peer: sessionPeer(from, issuedAtMs),
    externalPskIdentity: from.pskIdentity,
    // The session's own second began before it; and what others have written does not say.
    startedAtMs: Math.min(appData?.startedAtMs ?? issuedAtMs, issuedAtMs),
    applicationData: appData?.applicationData ?? from.ticketAppData ?? none,
  };
}

function sessionPeer(
  { peer, peerRawPublicKey, verifyResult }: SslSession,
  verifiedAtMs: number,
): SessionPeer | undefined {
  const verdict: StoredVerdict = { verifyResult };
  if (peer !== undefined)
    return { evidence: { type: 'x509', chain: [{ certificate: peer }] }, verdict, verifiedAtMs };
  if (peerRawPublicKey === undefined) return undefined;
  return { evidence: { type: 'rawPublicKey', spki: peerRawPublicKey }, verdict, verifiedAtMs };
}

function peerOf(evidence: PeerEvidence | undefined): Pick<SslSession, 'peer' | 'peerRawPublicKey'> {
  if (evidence === undefined) return {};
  if (evidence.type === 'rawPublicKey') return { peerRawPublicKey: evidence.spki };
  return { peer: evidence.chain[0]?.certificate };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(bytes).digest());
}

const tls13 = 0x0304;
/** SSL_CTX_get_timeout(3) of a context that nobody has told another. */
const defaultTimeout = 7_200;
const weekSeconds = 604_800;
const none: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
