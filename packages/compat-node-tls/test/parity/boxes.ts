/**
 * The public surface of `node:tls`, piece by piece: all that the documentation of io.js 1 to Node 26 names, and what libraries use
 * beside it. Each piece with the scenarios that play it (a name that ends with `*`: all that begin so), or with the test that does
 * where no builtin of today can be played against: its file, and what it says. `boxes.test.ts` holds the names to what there is.
 */
export interface Box {
  readonly piece: string;
  readonly scenarios?: readonly string[];
  readonly tests?: readonly (readonly [file: string, says: string])[];
}

const legacy = 'test/legacy/legacy.test.ts';
const switches = 'test/process/switches.test.ts';
const trace = 'test/trace/trace.test.ts';
const options = 'test/context/options.test.ts';

export const boxes: Readonly<Record<string, readonly Box[]>> = {
  'functions and values': [
    {
      piece: 'connect, in all its forms',
      scenarios: ['connect(*', 'carriers, TLSv1.3: a path', 'arguments: connect*'],
    },
    { piece: 'createServer', scenarios: ['arguments: createServer*'] },
    {
      piece: 'createSecureContext',
      scenarios: ['arguments: createSecureContext*'],
      tests: [[options, 'no options']],
    },
    { piece: 'checkServerIdentity', scenarios: ['checkServerIdentity: *'] },
    { piece: 'getCiphers', scenarios: ['module: getCiphers', 'module: getCiphers gives a new list'] },
    { piece: 'getCACertificates', scenarios: ['stores: getCACertificates: *'] },
    { piece: 'setDefaultCACertificates', scenarios: ['stores: setDefaultCACertificates: *'] },
    {
      piece: 'getCertificateCompressionAlgorithms',
      scenarios: ['stores: getCertificateCompressionAlgorithms'],
    },
    {
      piece: 'createSecurePair',
      scenarios: ['pairs: they talk through their encrypted sides', 'removed: createSecurePair of nothing'],
      tests: [[legacy, 'of $one as server is a peer of that of $other']],
    },
    { piece: 'convertALPNProtocols', scenarios: ['module: ALPN: *'] },
    { piece: 'convertNPNProtocols', tests: [[legacy, 'writes its lists as those of ALPN']] },
    { piece: 'parseCertString', tests: [[legacy, 'reads names in lines']] },
    {
      piece: 'rootCertificates',
      scenarios: ['module: rootCertificates', 'module: rootCertificates cannot be set'],
    },
    {
      piece: 'DEFAULT_CIPHERS, DEFAULT_ECDH_CURVE, DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION',
      scenarios: ['module: default versions', 'module: default ciphers', 'module: a default that is set: *'],
    },
    {
      piece: 'CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW',
      scenarios: ['module: constants', 'renegotiation, TLSv1.2: of the client, too often'],
    },
    { piece: 'SLAB_BUFFER_SIZE, _tls_common, _tls_wrap', tests: [[legacy, 'has the modules behind tls']] },
    {
      piece: 'classes that can be called without new',
      scenarios: [
        'arguments: TLSSocket called without new',
        'arguments: Server called without new',
        'arguments: SecureContext called without new',
        'module: names of the classes',
      ],
    },
    {
      piece: 'CryptoStream, SecurePair',
      tests: [[legacy, 'counts the bytes of records, and knows its streams']],
    },
    {
      piece: 'the list of exports',
      scenarios: ['module: what is exported', 'module: names of the functions'],
    },
  ],
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
  Server: [
    {
      piece: 'secureConnection, connection, keylog, close',
      scenarios: [
        'servers, TLSv1.3: events of a server, in order',
        'servers: connection comes before a handshake, with a plain socket',
      ],
    },
    { piece: 'tlsClientError', scenarios: ['a client that: *'] },
    { piece: 'clientError', tests: [[legacy, 'emits clientError where nobody listens to tlsClientError']] },
    { piece: 'newSession, resumeSession', scenarios: ['sessions, TLSv1.2: a store *'] },
    { piece: 'OCSPRequest', scenarios: ['extras, TLSv1.3: OCSP: an answer later'] },
    {
      piece: 'connection of any stream',
      scenarios: ['carriers, TLSv1.3: the connection event of a server, with any stream'],
    },
    { piece: 'drop, maxConnections', scenarios: ['servers, TLSv1.3: maxConnections'] },
    {
      piece: 'listening, close',
      scenarios: [
        'life: the server closes before anybody comes',
        'servers, TLSv1.3: close while a connection is open',
        'servers: close before it listens',
      ],
    },
    {
      piece: 'addContext',
      scenarios: [
        'SNI, TLSv1.3: addContext: *',
        'servers: addContext: what it keeps',
        'servers, TLSv1.3: addContext while it listens',
      ],
    },
    {
      piece: 'setSecureContext',
      scenarios: [
        'extras, TLSv1.3: setSecureContext with another certificate, before anybody comes',
        'arguments: setSecureContext *',
      ],
    },
    {
      piece: 'getTicketKeys, setTicketKeys',
      scenarios: [
        'servers: getTicketKeys gives 48 bytes, each time the same',
        'servers: setTicketKeys*',
        'servers, TLSv1.3: keys of tickets by setTicketKeys',
      ],
    },
    {
      piece: 'address, getConnections, ref, unref',
      scenarios: ['servers, TLSv1.3: ref, unref and address', 'extras, TLSv1.3: getConnections'],
    },
    {
      piece: 'connections',
      tests: [[legacy, 'shows what setOptions was given, and how many connections there are']],
    },
    { piece: '_contexts, _sharedCreds', scenarios: ['servers: _sharedCreds and _contexts'] },
    {
      piece: '_getServerData, _setServerData',
      scenarios: [
        'servers: _getServerData',
        'servers: _setServerData of hexadecimal keys',
        'servers, TLSv1.3: keys of tickets by _setServerData, as workers of a cluster do',
      ],
      tests: [['test/process/cluster.test.ts', 'resumes at another worker']],
    },
    { piece: 'setOptions', scenarios: ['removed: setOptions of Server'] },
    {
      piece: 'listeners that reject',
      scenarios: [
        'life, TLSv1.3: what a listener of the server rejects',
        'servers, TLSv1.3: the listener of an application that throws is not caught',
      ],
    },
    {
      piece: 'options as properties',
      scenarios: [
        'module: properties of a server',
        'module: values of a server',
        'module: methods of Server',
        'module: what a server inherits',
      ],
    },
  ],
  TLSSocket: [
    {
      piece: 'the constructor',
      scenarios: [
        'carriers, TLSv1.3: TLSSocket by hand on both sides',
        'arguments: TLSSocket *',
        'sockets: a handshakeTimeout of a socket',
      ],
    },
    {
      piece: 'secureConnect, secure, session, keylog',
      scenarios: [
        'sockets, TLSv1.3: events of a client, in order',
        'sessions, TLSv1.3: how many sessions are told, and when',
        'extras, TLSv1.3: key log: its lines',
      ],
    },
    { piece: 'OCSPResponse', scenarios: ['extras, TLSv1.3: OCSP: an answer'] },
    {
      piece: '_tlsError',
      scenarios: [
        'sockets, TLSv1.3: events of a client that refuses the server, in order',
        'sockets, TLSv1.3: _tlsError comes before the error of the server',
      ],
    },
    {
      piece: 'authorized, authorizationError, encrypted, alpnProtocol, servername, secureConnecting',
      scenarios: [
        'properties, TLSv1.3: both, when the connection stands',
        'sockets: what a socket has before it is connected',
        'sockets: encrypted is an own property',
      ],
    },
    { piece: 'npnProtocol', tests: [[legacy, 'of a server with %j and a client with %j agrees on %s']] },
    { piece: 'ssl, server', scenarios: ['sockets, TLSv1.3: ssl is the handle, and goes with it'] },
    { piece: 'addresses and ports', scenarios: ['sockets, TLSv1.3: addresses and ports of both'] },
    {
      piece: 'disableRenegotiation, renegotiate',
      scenarios: ['renegotiation, *', 'sockets: disableRenegotiation, and getProtocol of none'],
    },
    { piece: 'enableTrace', tests: [[trace, 'shows the headers of records, as the builtin does']] },
    {
      piece: 'exportKeyingMaterial',
      scenarios: [
        'properties, TLSv1.3: keying material is the same on both sides',
        'sockets, TLSv1.3: exportKeyingMaterial before it is secure',
        'calls, TLSv1.3: exportKeyingMaterial*',
      ],
    },
    {
      piece: 'getCertificate, getPeerCertificate, getX509Certificate, getPeerX509Certificate',
      scenarios: [
        'identity, TLSv1.3: what is shown of certificates',
        'identity, TLSv1.3: what is shown where nobody has a certificate',
      ],
    },
    { piece: 'getCipher', scenarios: ['suites, *'] },
    { piece: 'getEphemeralKeyInfo', scenarios: ['groups, *', 'contexts, TLSv1.2: dhparam auto'] },
    {
      piece:
        'getFinished, getPeerFinished, getProtocol, getSession, getSharedSigalgs, getTLSTicket, isSessionReused',
      scenarios: [
        'properties, *',
        'sessions, TLSv1.3: getSession and getTLSTicket',
        'sockets: getSession, getTLSTicket and isSessionReused of none',
      ],
    },
    { piece: 'setKeyCert', scenarios: ['sockets, TLSv1.3: setKeyCert in a callback of ALPN'] },
    {
      piece: 'setMaxSendFragment',
      scenarios: ['calls, TLSv1.3: setMaxSendFragment*', 'wire: records of setMaxSendFragment*'],
    },
    {
      piece: 'setServername, setSession',
      scenarios: [
        'calls, TLSv1.3: setServername*',
        'calls, TLSv1.3: setSession*',
        'sockets: setServername *',
        'sockets: setSession of text and of bytes',
      ],
    },
    {
      piece: '_start, _init, _releaseControl, _finishInit, _wrapHandle and the like',
      scenarios: ['sockets: names with an underscore'],
    },
    {
      piece: 'what it is as a net.Socket',
      scenarios: [
        'module: what a socket inherits',
        'module: methods of TLSSocket',
        'life, *',
        'reading, *',
        'sockets, TLSv1.3: resetAndDestroy',
      ],
    },
  ],
  'certificates as objects': [
    { piece: 'all fields, and their order', scenarios: ['identity, TLSv1.3: what is shown of certificates'] },
  ],
  'SecurePair, CryptoStream': [
    {
      piece: 'cleartext, encrypted, credentials, secure, destroy',
      scenarios: ['pairs: they talk through their encrypted sides'],
      tests: [[legacy, 'counts the bytes of records, and knows its streams']],
    },
  ],
  errors: [
    {
      piece: 'of Node: arguments and states',
      scenarios: ['arguments: *', 'sockets, TLSv1.3: exportKeyingMaterial before it is secure'],
    },
    {
      piece: 'of handshakes: both sides, code, library, reason',
      scenarios: ['a server that: *', 'a client that: *', 'wire, *', 'negotiation, *', 'versions: *'],
    },
    {
      piece: 'of keys and certificates that are loaded',
      scenarios: ['arguments: createSecureContext: junk as *'],
      tests: [[options, 'keys that are none']],
    },
    {
      piece: 'of X.509: code and message',
      scenarios: ['identity, TLSv1.3: *', 'client authentication, TLSv1.3: *', 'contexts, TLSv1.3: lists *'],
      tests: [['src/errors/verify-error.test.ts', 'verifyError']],
    },
    {
      piece: 'of peers that go',
      scenarios: [
        'life, TLSv1.3: destroy *',
        'a server that: closes at once',
        'a server that: resets after the hello',
      ],
    },
  ],
  'switches and variables': [
    { piece: '--tls-cipher-list', tests: [[switches, 'tls-cipher-list']] },
    {
      piece: '--tls-min-v1.x, --tls-max-v1.x',
      tests: [
        [switches, 'tls-min-v1.0'],
        ['src/process/switches.test.ts', '$args, NODE_OPTIONS=$options'],
      ],
    },
    { piece: '--tls-keylog', tests: [[switches, 'tls-keylog']] },
    { piece: '--trace-tls', tests: [[switches, 'trace-tls']] },
    { piece: '--use-openssl-ca, SSL_CERT_FILE', tests: [[switches, 'use-openssl-ca']] },
    {
      piece: '--use-bundled-ca, --use-system-ca, NODE_USE_SYSTEM_CA',
      tests: [['src/process/switches.test.ts', 'files and stores']],
    },
    { piece: 'NODE_EXTRA_CA_CERTS', tests: [[switches, 'NODE_EXTRA_CA_CERTS']] },
    { piece: 'NODE_TLS_REJECT_UNAUTHORIZED', tests: [[switches, 'NODE_TLS_REJECT_UNAUTHORIZED']] },
    { piece: 'NODE_OPTIONS', tests: [[switches, 'NODE_OPTIONS']] },
    { piece: 'NODE_DEBUG=tls', tests: [[switches, 'NODE_DEBUG']] },
    {
      piece: 'warnings of what is deprecated',
      tests: [
        [switches, 'DEP0123'],
        [legacy, 'warns with Node’s numbers'],
      ],
    },
  ],
  'order of events': [
    { piece: 'of a client', scenarios: ['sockets, *'] },
    {
      piece: 'of a server',
      scenarios: [
        'servers, TLSv1.3: events of a server, in order',
        'servers, TLSv1.2: events of a server, in order',
      ],
    },
    {
      piece: 'of callbacks',
      scenarios: [
        'SNI, TLSv1.2: a callback beside ALPN: which comes first',
        'SNI, TLSv1.3: a callback beside ALPN: which comes first',
      ],
    },
    {
      piece: 'of failures',
      scenarios: [
        'client authentication, TLSv1.3: no certificate',
        'sockets, TLSv1.3: events of a client that refuses the server, in order',
      ],
    },
  ],
};
