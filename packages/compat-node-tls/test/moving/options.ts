import { row } from './rows.ts';

const engine = 'answers with ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED: engines are native code';

export const contextOptions = [
  row('ca'),
  row('cert'),
  row('key'),
  row('passphrase'),
  row('pfx'),
  row('crl'),
  row('ciphers', undefined, {
    note: "OpenSSL's language as a whole; of suites that only OpenSSL has (ARIA, Camellia, DSS, SRP) none is offered",
  }),
  row('sigalgs', '12.11'),
  row('ecdhCurve', undefined, {
    note: '`false` (gone in Node 10) is refused as Node does; binary curves and such below 256 bits are never offered',
  }),
  row('dhparam', undefined, { note: "`'auto'` from 19.8 and 18.16 on" }),
  row('honorCipherOrder'),
  row('minVersion', '11.4'),
  row('maxVersion', '11.4'),
  row('secureProtocol'),
  row('secureOptions', undefined, { note: 'see the bits below' }),
  row('sessionIdContext'),
  row('sessionTimeout'),
  row('ticketKeys', '3', {
    note: 'the same keys as a builtin server: each resumes what the other has begun',
  }),
  row('allowPartialTrustChain', '22.9, 20.18'),
  row('certificateCompression', '24.20, 26.4'),
  row('clientCertEngine', '9.3', { unsupported: engine }),
  row('privateKeyEngine', '12.12', { unsupported: engine }),
  row('privateKeyIdentifier', '12.12', { unsupported: engine }),
] as const;

export const connectOptions = [
  row('host'),
  row('port'),
  row('path'),
  row('socket', undefined, { note: 'any duplex stream, also one that has been used' }),
  row('secureContext', '5.3'),
  row('servername', undefined, {
    differs:
      'sent without a dot at its end, and no address is sent (RFC 6066 §3), which Node 25 and later refuse',
  }),
  row('checkServerIdentity'),
  row('rejectUnauthorized'),
  row('requestCert', undefined, { note: 'always `true` on the client, whatever is said' }),
  row('session', undefined, { better: 'resumed only with the server name that it belongs to' }),
  row('minDHSize'),
  row('ALPNProtocols', '5'),
  row('pskCallback', '13.6, 12.16'),
  row('requestOCSP', '0.11.13'),
  row('enableTrace', '12.2'),
  row('timeout', '11.8'),
  row('lookup', '8'),
  row('allowHalfOpen', '12.9'),
  row('highWaterMark', '14.1, 13.14'),
  row('onread', '15.1'),
  row('signal'),
  row('hints'),
  row('family'),
  row('localAddress'),
  row('localPort'),
  row('autoSelectFamily', '19.3, 18.13'),
  row('autoSelectFamilyAttemptTimeout', '19.3, 18.13'),
  row('noDelay', '24', { better: 'not ignored on older Nodes' }),
  row('keepAlive', '24', { better: 'not ignored on older Nodes' }),
  row('keepAliveInitialDelay', '24', { better: 'not ignored on older Nodes' }),
  row('NPNProtocols', '0.5', { gone: '10', better: 'there on every Node' }),
] as const;

export const serverOptions = [
  row('requestCert'),
  row('rejectUnauthorized'),
  row('handshakeTimeout'),
  row('ALPNProtocols', '5'),
  row('ALPNCallback', '20.4, 18.19'),
  row('SNICallback', undefined, {
    differs: 'Also asked where a ticket is offered: whom its context trusts may decide whether that is good',
  }),
  row('pskCallback', '13.6, 12.16'),
  row('pskIdentityHint', '13.6, 12.16'),
  row('sessionTimeout'),
  row('ticketKeys', '3'),
  row('enableTrace', '12.2'),
  row('allowHalfOpen'),
  row('pauseOnConnect'),
  row('highWaterMark', '20.1, 18.17'),
  row('noDelay', '17.7, 16.17'),
  row('keepAlive', '17.7, 16.17'),
  row('keepAliveInitialDelay', '17.7, 16.17'),
  row('secureContext', undefined, { note: 'declared, and without effect on servers in Node as well' }),
  row('blockList', '22.13, 23.0', { note: 'of `net.Server`' }),
  row('requestOCSP', undefined, { note: 'declared, and without effect on servers' }),
  row('NPNProtocols', '0.5', { gone: '10', better: 'there on every Node' }),
] as const;

/** Of `new TLSSocket(socket, options)`, beside those of contexts. */
export const socketOptions = [
  row('isServer'),
  row('server'),
  row('requestCert'),
  row('rejectUnauthorized'),
  row('ALPNProtocols', '5'),
  row('ALPNCallback', '20.4, 18.19'),
  row('SNICallback'),
  row('session'),
  row('requestOCSP'),
  row('secureContext', '0.11.13'),
  row('credentials', undefined, { note: 'the old name of `secureContext`' }),
  row('enableTrace', '12.2'),
  row('pskCallback', '13.6, 12.16'),
  row('pskIdentityHint', '13.6, 12.16'),
  row('handshakeTimeout'),
  row('allowHalfOpen'),
  row('highWaterMark'),
  row('onread'),
  row('pauseOnConnect'),
  row('signal'),
] as const;

export type ContextOption = (typeof contextOptions)[number]['name'];
export type ConnectOption = ContextOption | (typeof connectOptions)[number]['name'];
export type ServerOption = ContextOption | (typeof serverOptions)[number]['name'];
export type SocketOption = ContextOption | (typeof socketOptions)[number]['name'];
