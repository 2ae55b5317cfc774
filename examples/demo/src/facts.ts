import { registryName, signatureSchemes } from '@sealwire/core';
import type { TlsStream } from '@sealwire/node-transport';
import { parseCertificate, type PeerVerdict } from '@sealwire/x509';
import { groupName, suiteName, versionName } from './message-text.ts';
import type { Observer, Passed } from './observer.ts';
import type { TrustFacts } from './trust.ts';
import { round } from './observer.ts';

/** What one run of a scenario showed. Plain data; this is what `--json` prints. */
export interface ScenarioFacts {
  readonly version: string;
  readonly cipherSuite: string;
  readonly group: string;
  readonly signatureScheme: string;
  readonly alpnProtocol: string | undefined;
  /** The server's certificate first, the trusted one last. */
  readonly certificates: readonly CertificateFacts[];
  readonly keyUpdates: { readonly sent: number; readonly received: number };
  readonly timings: { readonly handshakeMs: number; readonly totalMs: number };
  /** Over all handshake messages before `connected`, in the order in which our end saw them. */
  readonly handshakeSha256: string;
  readonly passed: readonly Passed[];
  /** Why the server was trusted, and refused later; of the scenario that is about it. */
  readonly trust?: TrustFacts;
  readonly checks: readonly Check[];
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Something that had to be so. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
}

/** `chain`: DER of the server's certificates, where we are the server ourselves. */
export function scenarioFacts(
  connection: TlsStream,
  observer: Observer,
  handshakeMs: number,
  chain: readonly Uint8Array[] | undefined,
  checks: readonly Check[],
): ScenarioFacts {
  const { facts } = connection;
  const verdict = facts.peerVerdict as PeerVerdict | undefined;
  return {
    version: versionName(facts.version ?? 0),
    cipherSuite: suiteName(facts.cipherSuite ?? 0),
    group: groupName(facts.group ?? 0),
    signatureScheme: registryName(
      signatureSchemes,
      facts.peerSignatureScheme ?? facts.ownSignatureScheme ?? 0,
    ),
    alpnProtocol: facts.alpnProtocol ?? undefined,
    certificates: (chain ?? verdict?.chain ?? []).map(certificateFacts),
    keyUpdates: { sent: facts.keyUpdatesSent, received: facts.keyUpdatesReceived },
    timings: { handshakeMs: round(handshakeMs), totalMs: round(observer.elapsedMs) },
    handshakeSha256: observer.messagesSha256,
    passed: observer.passed,
    checks: [
      ...checks,
      { what: 'data both ways', holds: both(observer, 'application data', '') },
      // Nothing changes keys before TLS 1.3.
      ...(facts.version === tls13 ? [{ what: 'keys updated', holds: facts.keyUpdatesSent > 0 }] : []),
      {
        what: 'orderly close',
        holds: both(observer, 'Alert', 'close_notify') && connection.errored === null,
      },
    ],
  };
}

function both(observer: Observer, what: string, detail: string): boolean {
  return observer.has('sent', what, detail) && observer.has('received', what, detail);
}

function certificateFacts(der: Uint8Array): CertificateFacts {
  const certificate = parseCertificate(der);
  return {
    subject: String(certificate.subject),
    issuer: String(certificate.issuer),
    notBefore: new Date(certificate.notBeforeMs).toISOString(),
    notAfter: new Date(certificate.notAfterMs).toISOString(),
  };
}

const tls13 = 0x0304;
