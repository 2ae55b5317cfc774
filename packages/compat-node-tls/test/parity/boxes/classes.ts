import type { Boxes } from './box.ts';

const legacy = 'test/legacy/legacy.test.ts';
const trace = 'test/trace/trace.test.ts';

/** Members and events of the classes. */
export const classesBoxes: Boxes = {
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
  'SecurePair, CryptoStream': [
    {
      piece: 'cleartext, encrypted, credentials, secure, destroy',
      scenarios: ['pairs: they talk through their encrypted sides'],
      tests: [[legacy, 'counts the bytes of records, and knows its streams']],
    },
  ],
};
