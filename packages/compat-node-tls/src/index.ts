import { constants } from 'node:crypto';
import { checkServerIdentity } from '@sealwire/x509/node';
import { api } from './api.ts';
import { getCACertificates, rootCertificates, setDefaultCACertificates } from './context/ca-stores.ts';
import { compressionNames } from './context/options.ts';
import { createSecureContext, SecureContext } from './context/secure-context.ts';
import * as ciphers from './openssl/ciphers.ts';
import { addLegacy, convertNPNProtocols, createSecurePair, parseCertString } from './legacy/index.ts';
import { hostOpenssl } from './process/host.ts';
import { switches } from './process/switches.ts';
import { createServer, Server } from './server/server.ts';
import { convertALPNProtocols } from './socket/alpn.ts';
import { connect } from './socket/connect.ts';
import { TLSSocket } from './socket/tls-socket.ts';

Object.assign(api, {
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: constants.defaultCipherList,
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: switches().minVersion ?? 'TLSv1.2',
  DEFAULT_MAX_VERSION: switches().maxVersion ?? 'TLSv1.3',
  getCiphers,
  getCertificateCompressionAlgorithms,
  getCACertificates,
  setDefaultCACertificates,
  convertALPNProtocols,
  checkServerIdentity,
  TLSSocket,
  Server,
  createServer,
  connect,
  createSecureContext,
  SecureContext,
});
Object.defineProperty(api, 'rootCertificates', {
  configurable: false,
  enumerable: true,
  get: rootCertificates,
});

addLegacy(api);

/** A new list each time, as in Node. */
function getCiphers(): string[] {
  return ciphers.getCiphers(hostOpenssl());
}

/** What the option `certificateCompression` may name (RFC 8879). */
function getCertificateCompressionAlgorithms(): string[] {
  return [...compressionNames];
}

export { api, api as default, api as 'module.exports' };
export {
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
  SecureContext,
  Server,
  setDefaultCACertificates,
  TLSSocket,
};
