import { createSecureContext, SecureContext } from '../context/secure-context.ts';
import { createServer, Server } from '../server/server.ts';
import { connect } from '../socket/connect.ts';
import { TLSSocket } from '../socket/tls-socket.ts';
import { convertNPNProtocols } from './npn.ts';
import { parseCertString } from './parse-cert-string.ts';
import { createSecurePair, CryptoStream, DeprecatedSecurePair } from './secure-pair.ts';
import { addServerLegacy } from './server.ts';
import { translatePeerCertificate } from './translate.ts';

/** Adds what `tls` of earlier releases of Node had. */
export function addLegacy(api: object): void {
  addServerLegacy(Server.prototype);
  Object.assign(api, {
    createSecurePair,
    SecurePair: DeprecatedSecurePair,
    CryptoStream,
    parseCertString,
    convertNPNProtocols,
    SLAB_BUFFER_SIZE: 10 * 1024 * 1024,
  });
  // Modules of their own in Node; not listed, so that whoever copies the exports copies what Node has.
  Object.defineProperties(api, {
    _tls_wrap: { value: { TLSSocket, Server, createServer, connect } },
    _tls_common: { value: { SecureContext, createSecureContext, translatePeerCertificate } },
  });
}

export { convertNPNProtocols, createSecurePair, parseCertString };
