import type { Facts, Session } from '@sealwire/core';
import {
  encodePem,
  isX509Error,
  parseCertificate,
  parseOcspResponse,
  type PeerVerdict,
} from '@sealwire/x509';
import { hexOf } from '../text/units.ts';
import { type CertificateReport, certificateReport } from './describe-certificate.ts';
import { groupName, opensslSuiteName, protocolName, schemeName, suiteName, versionName } from './names.ts';
import type { PeerCheck } from './peer-check.ts';

/** What there is to say about one connection; `report.schema.json` describes it. */
export interface ConnectionReport {
  readonly version: string | undefined;
  readonly cipherSuite: string | undefined;
  readonly opensslCipherSuite: string | undefined;
  readonly group: string | undefined;
  readonly serverName: string | undefined;
  readonly alpnProtocol: string | undefined;
  readonly isResumed: boolean;
  readonly wasRetried: boolean;
  readonly pskIdentity: string | undefined;
  readonly earlyData: 'accepted' | 'rejected' | undefined;
  readonly peerSignatureScheme: string | undefined;
  readonly clientCertificateRequested: boolean;
  readonly handshakeMs: number | undefined;
  readonly peer: PeerReport | undefined;
}

export interface PeerReport {
  readonly isTrusted: boolean;
  readonly check: string | undefined;
  readonly message: string | undefined;
  /** As the peer sent it. */
  readonly chain: readonly (CertificateReport & { readonly pem: string })[];
  readonly ocspResponse: string | undefined;
}

export function connectionReport(facts: Facts, check: PeerCheck | undefined): ConnectionReport {
  const { version, cipherSuite, group, alpnProtocol, externalPskIdentity, startedAtMs, connectedAtMs } =
    facts;
  const scheme = facts.peerSignatureScheme;
  return {
    version: version === undefined ? undefined : versionName(version),
    cipherSuite: cipherSuite === undefined ? undefined : suiteName(cipherSuite),
    opensslCipherSuite: cipherSuite === undefined ? undefined : opensslSuiteName(cipherSuite),
    group: group === undefined ? undefined : groupName(group),
    serverName: facts.serverName,
    alpnProtocol: alpnProtocol == null ? undefined : protocolName(alpnProtocol),
    isResumed: facts.resumed === true,
    wasRetried: facts.helloRetried === true,
    pskIdentity:
      externalPskIdentity === undefined ? undefined : Buffer.from(externalPskIdentity).toString('utf8'),
    earlyData: facts.earlyData,
    peerSignatureScheme: scheme === undefined ? undefined : schemeName(scheme),
    clientCertificateRequested: facts.certificateRequested === true,
    handshakeMs:
      startedAtMs === undefined || connectedAtMs === undefined ? undefined : connectedAtMs - startedAtMs,
    peer: peerReport(facts, check),
  };
}

function peerReport(
  { peerEvidence, peerVerdict }: Facts,
  check: PeerCheck | undefined,
): PeerReport | undefined {
  if (peerEvidence === undefined) return undefined;
  const refusal = check?.refusal;
  const presented = peerEvidence.type === 'x509' ? peerEvidence.chain : [];
  return {
    isTrusted: (peerVerdict as Partial<PeerVerdict> | undefined)?.authorized === true,
    check: refusal?.detail.check ?? refusal?.code,
    message: refusal?.message,
    chain: presented.flatMap(({ certificate }) => {
      const report = reportOf(certificate);
      return report === undefined ? [] : [{ ...report, pem: encodePem('CERTIFICATE', certificate) }];
    }),
    ocspResponse: presented[0]?.ocspResponse === undefined ? undefined : ocspText(presented[0].ocspResponse),
  };
}

function reportOf(der: Uint8Array): CertificateReport | undefined {
  try {
    return certificateReport(parseCertificate(der));
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

/** What a stapled response says; that it may be believed the verifier has found out. */
export function ocspText(der: Uint8Array): string {
  try {
    const response = parseOcspResponse(der);
    if (response.status !== 'successful') return response.status;
    return response.basic.responses.map(({ status }) => status.type).join(', ');
  } catch (error) {
    if (isX509Error(error)) return `malformed: ${error.message}`;
    throw error;
  }
}

/** A session without its secret. */
export function sessionReport(session: Session): object {
  const { version, cipherSuite, serverName, alpnProtocol, lifetimeSeconds, issuedAtMs, maxEarlyDataBytes } =
    session;
  return {
    version: versionName(version),
    cipherSuite: suiteName(cipherSuite),
    serverName,
    alpnProtocol: alpnProtocol === null ? undefined : protocolName(alpnProtocol),
    issuedAt: new Date(issuedAtMs).toISOString(),
    expiresAt: new Date(issuedAtMs + lifetimeSeconds * 1000).toISOString(),
    maxEarlyDataBytes,
    ticketBytes: session.ticket.length,
    sessionId: session.sessionId === undefined ? undefined : hexOf(session.sessionId),
  };
}
