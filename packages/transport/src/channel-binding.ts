import { ApiMisuseError, type ClientConfig, type Facts, type ServerConfig } from '@sealwire/core';
import { serverEndPointBinding } from '@sealwire/x509';

/** `tls-server-end-point` (RFC 5929 §4): of the certificate that the server of this connection presented. */
export function endPointBinding(facts: Facts, { role, provider }: ClientConfig | ServerConfig): Uint8Array {
  const certificate = role === 'server' ? facts.ownChain?.[0] : presentedBy(facts);
  if (certificate === undefined || facts.connectedAtMs === undefined) {
    throw new ApiMisuseError(
      'tls-server-end-point needs a completed handshake in which the server has a certificate',
    );
  }
  const binding = serverEndPointBinding({ certificate, provider });
  if (binding !== undefined) return binding;
  throw new ApiMisuseError(
    'tls-server-end-point is not defined for this certificate: its signature names no hash function (RFC 5929 §4.1)',
  );
}

function presentedBy({ peerEvidence }: Facts): Uint8Array | undefined {
  return peerEvidence?.type === 'x509' ? peerEvidence.chain[0]?.certificate : undefined;
}
