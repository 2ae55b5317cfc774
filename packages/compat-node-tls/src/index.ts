import { constants } from 'node:crypto';
import { encodePem } from '@sealwire/x509';
import { checkServerIdentity } from '@sealwire/x509/node';
import { mozillaRootList } from '@sealwire/x509/roots';
import { api } from './api.ts';
import { createSecureContext, SecureContext } from './context/secure-context.ts';
import { createServer, Server } from './server/server.ts';
import { convertALPNProtocols } from './socket/alpn.ts';
import { connect } from './socket/connect.ts';
import { TLSSocket } from './socket/tls-socket.ts';

let rootCertificates: readonly string[] | undefined;

Object.assign(api, {
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: constants.defaultCipherList,
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: 'TLSv1.2',
  DEFAULT_MAX_VERSION: 'TLSv1.3',
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
  get: () =>
    (rootCertificates ??= Object.freeze(
      mozillaRootList().map(({ der }) => encodePem('CERTIFICATE', der).trimEnd()),
    )),
});

export { api as default, api as 'module.exports' };
export {
  checkServerIdentity,
  connect,
  convertALPNProtocols,
  createSecureContext,
  createServer,
  SecureContext,
  Server,
  TLSSocket,
};
