import type { Boxes } from './box.ts';

const legacy = 'test/legacy/legacy.test.ts';
const trace = 'test/trace/trace.test.ts';
const options = 'test/context/options.test.ts';

/** Options of contexts, of `connect` and of `createServer`. */
export const optionsBoxes: Boxes = {
  'options of contexts': [
    {
      piece: 'ca',
      scenarios: [
        'contexts, TLSv1.3: several authorities in one text',
        'contexts, TLSv1.3: several authorities in a list',
        'contexts, TLSv1.3: an authority as *',
        'identity, TLSv1.3: no roots at all',
      ],
    },
    {
      piece: 'cert',
      scenarios: [
        'extras, TLSv1.3: a certificate chain in pieces',
        'extras, TLSv1.3: a certificate as bytes, and its key',
      ],
    },
    {
      piece: 'key',
      scenarios: [
        'contexts, TLSv1.3: two keys, the second of which fits the only certificate',
        'negotiation, TLSv1.3: a key of *',
      ],
    },
    {
      piece: 'passphrase',
      scenarios: [
        'contexts, TLSv1.3: a key that is encrypted, and its passphrase',
        'contexts, TLSv1.3: an encrypted key of the older form, with a passphrase of its own',
      ],
    },
    { piece: 'pfx', scenarios: ['contexts, TLSv1.3: a file of PKCS #12*'] },
    {
      piece: 'crl',
      scenarios: [
        'contexts, TLSv1.3: lists *',
        'contexts, TLSv1.3: one list too few',
        'contexts, TLSv1.3: a client that is revoked, and tolerated',
      ],
    },
    {
      piece: 'ciphers',
      scenarios: [
        'suites, *',
        'negotiation, TLSv1.2: no suite in common',
        'contexts, TLSv1.3: suites of TLS 1.3 alone',
        'contexts, TLSv1.3: suites of TLS 1.2 alone',
      ],
    },
    {
      piece: 'honorCipherOrder',
      scenarios: [
        'negotiation, TLSv1.2: honorCipherOrder true',
        'negotiation, TLSv1.2: honorCipherOrder false',
      ],
    },
    {
      piece: 'sigalgs',
      scenarios: ['negotiation, TLSv1.3: schemes of the client', 'negotiation, TLSv1.3: no scheme in common'],
    },
    {
      piece: 'ecdhCurve',
      scenarios: ['groups, TLSv1.3: *'],
      tests: [['test/openssl/groups.test.ts', 'a list of groups']],
    },
    {
      piece: 'dhparam',
      scenarios: ['contexts, TLSv1.2: dhparam *'],
      tests: [['test/openssl/dhparam.test.ts', 'dhparam']],
    },
    { piece: 'minVersion, maxVersion', scenarios: ['versions: server *'] },
    {
      piece: 'secureProtocol',
      scenarios: [
        'versions: secureProtocol *',
        'arguments: createSecureContext: secureProtocol beside minVersion',
      ],
    },
    {
      piece: 'secureOptions',
      scenarios: [
        'contexts, TLSv1.3: secureOptions without TLS 1.3',
        'contexts, TLSv1.2: secureOptions without extended main secrets and tickets',
        'sessions, TLSv1.2: without tickets, by session identifiers',
      ],
    },
    {
      piece: 'sessionIdContext, sessionTimeout',
      scenarios: [
        'contexts, TLSv1.3: sessionTimeout',
        'contexts, TLSv1.3: sessionIdContext',
        'servers: the sessionIdContext of a process',
      ],
    },
    {
      piece: 'ticketKeys',
      scenarios: [
        'sessions, TLSv1.3: with ticket keys',
        'arguments: createSecureContext: ticketKeys too short',
      ],
    },
    {
      piece: 'allowPartialTrustChain',
      scenarios: ['identity, TLSv1.3: a chain that ends at the intermediate, which is enough'],
    },
    { piece: 'certificateCompression', tests: [[options, 'certificateCompression']] },
    {
      piece: 'clientCertEngine, privateKeyEngine, privateKeyIdentifier',
      scenarios: [
        'arguments: createSecureContext: a number as clientCertEngine',
        'arguments: createSecureContext: a privateKeyEngine alone',
        'arguments: createSecureContext: a number as privateKeyIdentifier',
      ],
    },
    { piece: 'the order in which options are looked at', tests: [[options, 'createSecureContext']] },
  ],
  'options of connect': [
    {
      piece: 'host, port, path, socket',
      scenarios: [
        'connect(*',
        'carriers, TLSv1.3: a path',
        'carriers, TLSv1.3: a pipe without sockets',
        'carriers, TLSv1.3: STARTTLS over used sockets',
      ],
    },
    { piece: 'allowHalfOpen', scenarios: ['life, TLSv1.3: half open: *'] },
    {
      piece: 'rejectUnauthorized',
      scenarios: ['TLSv1.3: a server of an unknown root, and a client that does not mind'],
    },
    {
      piece: 'servername',
      scenarios: ['SNI, TLSv1.3: *', 'sockets, TLSv1.3: a server name that is an address'],
    },
    {
      piece: 'checkServerIdentity',
      scenarios: [
        'identity, TLSv1.3: what checkServerIdentity is given',
        'TLSv1.3: a server that checkServerIdentity refuses',
      ],
    },
    { piece: 'session', scenarios: ['sessions, TLSv1.3: *'] },
    { piece: 'minDHSize', scenarios: ['contexts, TLSv1.2: minDHSize that is not reached'] },
    { piece: 'secureContext', scenarios: ['extras, TLSv1.3: a secureContext that is made before'] },
    { piece: 'ALPNProtocols', scenarios: ['ALPN, TLSv1.3: *'] },
    { piece: 'pskCallback', scenarios: ['PSK, TLSv1.3: *'] },
    { piece: 'requestOCSP', scenarios: ['extras, TLSv1.3: OCSP: *'] },
    { piece: 'highWaterMark', scenarios: ['reading, TLSv1.3: highWaterMark'] },
    { piece: 'onread', scenarios: ['reading, TLSv1.3: onread *'] },
    { piece: 'timeout', scenarios: ['life, TLSv1.3: the option timeout'] },
    {
      piece: 'lookup, hints, family, localAddress, localPort, autoSelectFamily',
      scenarios: [
        'sockets, TLSv1.3: lookup of the application',
        'sockets, TLSv1.3: family',
        'sockets, TLSv1.3: localAddress and localPort',
        'sockets, TLSv1.3: autoSelectFamily',
      ],
    },
    {
      piece: 'enableTrace',
      scenarios: ['arguments: connect: a string as enableTrace'],
      tests: [[trace, 'shows as received what a server of the builtin shows as sent']],
    },
    { piece: 'signal', scenarios: ['life, TLSv1.3: a signal that is aborted *'] },
    {
      piece: 'keepAlive, keepAliveInitialDelay, noDelay',
      scenarios: ['sockets, TLSv1.3: keepAlive and noDelay'],
    },
    { piece: 'NPNProtocols', tests: [[legacy, 'of a server with %j and a client with %j agrees on %s']] },
  ],
  'options of createServer': [
    { piece: 'requestCert, rejectUnauthorized', scenarios: ['client authentication, TLSv1.3: *'] },
    {
      piece: 'handshakeTimeout',
      scenarios: [
        'life: handshakeTimeout, and a client that says nothing',
        'servers, TLSv1.3: handshakeTimeout is over when it is secure',
      ],
    },
    { piece: 'SNICallback', scenarios: ['SNI, TLSv1.3: a callback *'] },
    { piece: 'ALPNProtocols', scenarios: ['ALPN, TLSv1.3: nothing in common'] },
    {
      piece: 'ALPNCallback',
      scenarios: ['ALPN, TLSv1.3: a callback*', 'arguments: createServer: ALPNCallback and ALPNProtocols'],
    },
    {
      piece: 'pskCallback, pskIdentityHint',
      scenarios: ['PSK, TLSv1.2: a hint of the server', 'PSK, TLSv1.3: a key as an array of the wrong kind'],
    },
    {
      piece: 'enableTrace',
      scenarios: ['arguments: createServer: a string as enableTrace'],
      tests: [[trace, 'shows as sent what a client of the builtin shows as received']],
    },
    {
      piece: 'pauseOnConnect',
      scenarios: [
        'reading, TLSv1.3: pauseOnConnect',
        'servers, TLSv1.3: pauseOnConnect, and the connection event',
      ],
    },
    { piece: 'allowHalfOpen', scenarios: ['servers, TLSv1.3: allowHalfOpen of the server alone'] },
    { piece: 'NPNProtocols', tests: [[legacy, 'Next Protocol Negotiation']] },
  ],
};
