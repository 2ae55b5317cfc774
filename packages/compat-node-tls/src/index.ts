import { constants } from 'node:crypto';
import * as identity from './certificates/server-identity.ts';
import { api } from './api.ts';
import * as stores from './context/ca-stores.ts';
import { compressionNames } from './context/options.ts';
import * as contexts from './context/secure-context.ts';
import * as languages from './openssl/ciphers.ts';
import { addLegacy } from './legacy/index.ts';
import { hostOpenssl } from './process/host.ts';
import { switches } from './process/switches.ts';
import * as servers from './server/server.ts';
import * as alpn from './socket/alpn.ts';
import * as clients from './socket/connect.ts';
import * as sockets from './socket/tls-socket.ts';
import type * as types from './types/index.ts';

Object.assign(api, {
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: constants.defaultCipherList,
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: switches().minVersion ?? 'TLSv1.2',
  DEFAULT_MAX_VERSION: switches().maxVersion ?? 'TLSv1.3',
  /** A new list each time, as in Node. */
  getCiphers: (): string[] => languages.getCiphers(hostOpenssl()),
  /** What the option `certificateCompression` may name (RFC 8879). */
  getCertificateCompressionAlgorithms: (): string[] => [...compressionNames],
  getCACertificates: stores.getCACertificates,
  setDefaultCACertificates: stores.setDefaultCACertificates,
  convertALPNProtocols: alpn.convertALPNProtocols,
  checkServerIdentity: identity.checkServerIdentity,
  TLSSocket: sockets.TLSSocket,
  Server: servers.Server,
  createServer: servers.createServer,
  connect: clients.connect,
  createSecureContext: contexts.createSecureContext,
  SecureContext: contexts.SecureContext,
});
Object.defineProperty(api, 'rootCertificates', {
  configurable: false,
  enumerable: true,
  get: stores.rootCertificates,
});

addLegacy(api);

/** What `node:tls` exports, and what earlier releases of Node had besides. */
const tls = api as unknown as types.Tls;

/** For those who name types by the default import: `tls.TLSSocket`. */
declare namespace tls {
  type Certificate = types.Certificate;
  type CertificateCompressionAlgorithm = types.CertificateCompressionAlgorithm;
  type CipherNameAndProtocol = types.CipherNameAndProtocol;
  type CommonConnectionOptions = types.CommonConnectionOptions;
  type ConnectionOptions = types.ConnectionOptions;
  type DetailedPeerCertificate = types.DetailedPeerCertificate;
  type EphemeralKeyInfo = types.EphemeralKeyInfo;
  type KeyObject = types.KeyObject;
  type PeerCertificate = types.PeerCertificate;
  type PSKCallbackNegotation = types.PSKCallbackNegotation;
  type PxfObject = types.PxfObject;
  type SecureContext = types.SecureContext;
  type SecureContextOptions = types.SecureContextOptions;
  type SecurePair = types.SecurePair;
  type SecureVersion = types.SecureVersion;
  type Server = types.Server;
  type TLSSocket = types.TLSSocket;
  type TlsOptions = types.TlsOptions;
  type TLSSocketOptions = types.TLSSocketOptions;
}

export { tls as default, tls as 'module.exports' };
export const {
  CLIENT_RENEG_LIMIT,
  CLIENT_RENEG_WINDOW,
  CryptoStream,
  DEFAULT_CIPHERS,
  DEFAULT_ECDH_CURVE,
  DEFAULT_MAX_VERSION,
  DEFAULT_MIN_VERSION,
  SecureContext,
  SecurePair,
  Server,
  SLAB_BUFFER_SIZE,
  TLSSocket,
  checkServerIdentity,
  connect,
  convertALPNProtocols,
  convertNPNProtocols,
  createSecureContext,
  createSecurePair,
  createServer,
  getCACertificates,
  getCertificateCompressionAlgorithms,
  getCiphers,
  parseCertString,
  rootCertificates,
  setDefaultCACertificates,
} = tls;
export type SecureContext = types.SecureContext;
export type SecurePair = types.SecurePair;
export type Server = types.Server;
export type TLSSocket = types.TLSSocket;
export type * from './types/index.ts';
export type { CertificateRequest, PeerToVerify, SigningRequest } from './beyond/asks.ts';
export type {
  HelloDecision,
  HelloDecisions,
  Judgement,
  SealwireClientOptions,
  SealwireContextOptions,
  SealwireServerOptions,
  SeenHello,
} from './beyond/options.ts';
export type { ClientCertificateOptions, SealwireSocket } from './beyond/sealwire-socket.ts';
