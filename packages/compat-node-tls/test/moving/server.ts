import { row } from './rows.ts';

export const serverEvents = [
  row('connection', '0.3.2', { note: 'may be emitted by the application, with any duplex stream' }),
  row('secureConnection', '0.3.2'),
  row('tlsClientError', '6'),
  row('clientError', '0.3.2', {
    gone: '6',
    better: 'emitted where nobody listens to `tlsClientError`',
  }),
  row('newSession', '0.9.2'),
  row('resumeSession', '0.9.2'),
  row('OCSPRequest', '0.11.13'),
  row('keylog', '12.3, 10.20'),
] as const;

export const serverMethods = [
  row('addContext(hostname, context)', '0.5.3'),
  row('setSecureContext(options)', '11'),
  row('getTicketKeys()', '3'),
  row('setTicketKeys(keys)', '3'),
  row('setOptions(options)', undefined, {
    gone: '24',
    better: 'is there on every Node, and warns (DEP0122)',
  }),
  row('_getServerData()', undefined, { note: 'for cluster' }),
  row('_setServerData(data)', undefined, { note: 'for cluster' }),
] as const;

/** Of `net.Server`, which a server is. */
export const serverOfNet = [
  row('address()', '0.6'),
  row('close([callback])', '0.3.2'),
  row('getConnections(callback)', '0.9.7'),
  row('listen()', '0.3.2'),
  row('ref()', '0.9.1'),
  row('unref()', '0.9.1'),
  row('maxConnections', '0.2'),
  row('listening', '5.7'),
  row('connections', '0.3.2', { gone: '10', better: 'is there on every Node, and warns (DEP0020)' }),
] as const;

/** Options that a server shows as its properties; what is written to them counts for connections that begin later. */
export const serverProperties = [
  row('requestCert'),
  row('rejectUnauthorized'),
  row('ALPNCallback', undefined, { note: 'from 20.4 on' }),
  row('ALPNProtocols'),
  row('pfx'),
  row('key'),
  row('passphrase'),
  row('cert'),
  row('clientCertEngine'),
  row('ca'),
  row('minVersion'),
  row('maxVersion'),
  row('secureProtocol'),
  row('crl'),
  row('sigalgs'),
  row('ciphers'),
  row('ecdhCurve'),
  row('dhparam'),
  row('honorCipherOrder'),
  row('secureOptions'),
  row('sessionIdContext'),
  row('sessionTimeout'),
  row('ticketKeys'),
  row('privateKeyIdentifier'),
  row('privateKeyEngine'),
  row('certificateCompression', undefined, { note: 'from 24.20 on' }),
  row('_contexts'),
  row('_sharedCreds'),
] as const;
