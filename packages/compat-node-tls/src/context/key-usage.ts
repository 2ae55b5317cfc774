import type { PeerEvidence } from '@sealwire/core';
import { provider } from '../process/provider.ts';
import type { Certificate } from '@sealwire/x509';
import { seenCertificates } from '../certificates/seen.ts';
import { quietly } from './quietly.ts';

/**
 * What OpenSSL takes of the key usage of an end entity beside its purpose, for which any one usage of TLS is enough: before TLS 1.3
 * keys on curves sign only if they may. Of RSA it asks nothing, as certificates that name keyEncipherment alone have signed since
 * ECDHE was new.
 */
export function maySignOlder(certificate: Certificate): boolean {
  if (quietly(() => certificate.keyUsage)?.has('digitalSignature') !== false) return true;
  const kind = provider.importPublicKey(certificate.spki)?.kind;
  return kind === undefined || kind.type === 'rsa' || kind.type === 'rsa-pss';
}

/** The same of a peer, whose certificate somebody else reads and judges. */
export function maySignOlderThan13(evidence: PeerEvidence): boolean {
  const own = evidence.type === 'x509' ? evidence.chain[0]?.certificate : undefined;
  const certificate = own && quietly(() => seenCertificates.parse(own));
  return certificate === undefined || maySignOlder(certificate);
}
