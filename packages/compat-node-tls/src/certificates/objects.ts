import { X509Certificate } from 'node:crypto';
import { provider } from '../process/provider.ts';
import { isX509Error, parseCertificate, type Certificate } from '@sealwire/x509';
import {
  type LegacyCertificate,
  legacyCertificate,
  legacyCertificateChain,
  type NodeRelease,
  type ServerIdentity,
  type ShowOptions,
} from '@sealwire/x509/node';
import type { ContextState } from '../context/state.ts';
import { nodeMajor } from '../process/host.ts';
import { seenCertificates } from './seen.ts';

export type ShownCertificate = LegacyCertificate<Buffer>;

/** The object of `getPeerCertificate`; with `detailed` its issuers as well, from what was presented and what is trusted. */
export function certificateObject(
  chain: readonly Uint8Array[] | undefined,
  context: ContextState,
  detailed: boolean,
): ShownCertificate | undefined {
  const [own, ...others] = chain ?? [];
  if (own === undefined) return undefined;
  const first = parseCertificate(own);
  if (!detailed) return legacyCertificate(first, show);
  return legacyCertificateChain([first, ...others.flatMap(parsed)], {
    ...show,
    anchors: context.trust(),
    timeMs: Date.now(),
  });
}

/** What of that object a name is compared with, which is the same whoever presents the certificate. */
export function shownNames(der: Uint8Array): ServerIdentity {
  const certificate = seenCertificates.parse(der);
  let names = namesOf.get(certificate);
  if (names === undefined) {
    const { subject, subjectaltname } = legacyCertificate(certificate, show) as ServerIdentity;
    names = { subject, subjectaltname };
    namesOf.set(certificate, names);
  }
  return names;
}

const namesOf = new WeakMap<Certificate, ServerIdentity>();

/** The first certificate as `crypto` has it, which leads to its issuer as far as that is known. */
export function x509Chain(
  chain: readonly Uint8Array[] | undefined,
  context: ContextState | undefined,
): X509Certificate | undefined {
  const object = context && certificateObject(chain, context, true);
  const ders = object === undefined ? (chain ?? []) : issuersOf(object);
  let issuer: X509Certificate | undefined;
  for (const der of ders.toReversed()) {
    const certificate = new X509Certificate(der);
    Object.defineProperty(certificate, 'issuerCertificate', { value: issuer, configurable: true });
    issuer = certificate;
  }
  return issuer;
}

function issuersOf(object: ShownCertificate): Uint8Array[] {
  const ders: Uint8Array[] = [];
  for (let at: ShownCertificate | undefined = object; at !== undefined; at = at.issuerCertificate) {
    ders.push(at.raw);
    if (at.issuerCertificate === at) break;
  }
  return ders;
}

function parsed(der: Uint8Array): readonly Certificate[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (isX509Error(error)) return [];
    throw error;
  }
}

const major = nodeMajor();
const release: NodeRelease = major >= 26 ? 26 : major >= 24 ? 24 : major >= 22 ? 22 : 20;
const show: ShowOptions<Buffer> = { provider, bytes: (bytes) => Buffer.from(bytes), release };
