import type * as tls from 'node:tls';

/* What `node:tls` shows of certificates and connections. */

export type Certificate = tls.Certificate;
export type PeerCertificate = tls.PeerCertificate;
export type DetailedPeerCertificate = tls.DetailedPeerCertificate;
export type CipherNameAndProtocol = tls.CipherNameAndProtocol;
export type EphemeralKeyInfo = tls.EphemeralKeyInfo;
