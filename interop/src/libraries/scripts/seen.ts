import type { TLSSocket } from 'node:tls';
import type { SiteFiles } from '../script.ts';
import { text } from '../facts.ts';

/**
 * What a server sees of a connection, for its answers. Of one that is resumed Node shows less than we do, and says of a client without a
 * certificate that it is authorized, which we do not.
 */
export function seenBy(socket: unknown) {
  const tls = socket as TLSSocket & { servername?: string | false };
  const { authorized, authorizationError, servername } = tls;
  const isResumed = tls.isSessionReused();
  const { name } = tls.getCipher();
  const always = {
    encrypted: tls.encrypted,
    isResumed,
    protocol: tls.getProtocol(),
    cipher: name,
    alpn: tls.alpnProtocol,
  };
  if (isResumed) return always;
  return {
    ...always,
    authorized,
    authorizationError,
    servername,
    client: tls.getPeerCertificate().subject?.CN,
  };
}

/** Options of a server that asks clients for certificates and takes those without. */
export function serverOptions({ serverChain, serverKey, allCas }: SiteFiles) {
  return {
    cert: text(serverChain),
    key: text(serverKey),
    ca: text(allCas),
    requestCert: true,
    rejectUnauthorized: false,
  };
}
