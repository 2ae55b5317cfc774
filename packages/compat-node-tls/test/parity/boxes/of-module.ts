import type { Boxes } from './box.ts';

const legacy = 'test/legacy/legacy.test.ts';
const switches = 'test/process/switches.test.ts';
const options = 'test/context/options.test.ts';

/** What `node:tls` has beside classes and options. */
export const moduleBoxes: Boxes = {
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
  'certificates as objects': [
    { piece: 'all fields, and their order', scenarios: ['identity, TLSv1.3: what is shown of certificates'] },
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
