/** Scenarios in which ours is known to differ. When one no longer does, the suite fails until its line is gone. */
export interface ExpectedDifferences {
  /** What ours does. */
  readonly why: string;
  /** Only with ours on this side; default: with ours on any side. */
  readonly with?: 'server' | 'client';
  /** It does not end: not worth waiting for long. */
  readonly hangs?: true;
  readonly scenarios: readonly string[];
}

export const expectedDifferences: readonly ExpectedDifferences[] = [
  {
    why: 'has what later releases of Node export, and no createSecurePair yet',
    scenarios: ['module: what is exported'],
  },
  { why: 'carries the list of Mozilla of another day', scenarios: ['module: rootCertificates'] },
  { why: 'names other parameters', scenarios: ['module: numbers of parameters'] },
  { why: 'overrides connect, and has no setKeyCert yet', scenarios: ['module: methods of TLSSocket'] },
  { why: 'has no setOptions yet', scenarios: ['module: methods of Server'] },
  {
    why: 'shows sessionTimeout and ticketKeys also where they are not set',
    scenarios: ['module: properties of a server'],
  },
  {
    why: 'says what is wrong with the stream',
    scenarios: [
      'arguments: connect: a string as socket',
      'arguments: connect: an object as socket',
      'arguments: TLSSocket of a string',
      'arguments: TLSSocket of an object',
      'arguments: TLSSocket of a number',
    ],
  },
  {
    why: 'can be called without new, as classes could before',
    scenarios: ['arguments: TLSSocket called without new'],
  },
  {
    why: 'leaves the dot at the end out of the server name (RFC 6066 §3)',
    with: 'client',
    scenarios: [
      'identity, TLSv1.2: a name that ends with a dot',
      'identity, TLSv1.3: a name that ends with a dot',
    ],
  },
  {
    why: 'gives X509Certificate.issuerCertificate, as later releases of Node do',
    scenarios: [
      'identity, TLSv1.2: what is shown of certificates',
      'identity, TLSv1.3: what is shown of certificates',
    ],
  },
  {
    why: 'says that no scheme suits where OpenSSL looks at suites first',
    with: 'server',
    scenarios: [
      'groups, TLSv1.2: X25519',
      'groups, TLSv1.2: secp384r1',
      'groups, TLSv1.2: P-521',
      'groups, TLSv1.2: X448',
      'groups, TLSv1.2: P-384:X25519',
      'negotiation, TLSv1.2: the server has to ask for another key share',
      'extras, TLSv1.2: a server without a certificate',
    ],
  },
  {
    why: 'shows the server name of a resumed session, and the certificate to the client',
    scenarios: [
      'sessions, TLSv1.2: a ticket',
      'sessions, TLSv1.2: not verified in the beginning',
      'sessions, TLSv1.2: with a certificate of the client',
      'sessions, TLSv1.2: with ticket keys',
    ],
  },
  {
    why: 'resumes by tickets although secureOptions forbid them',
    with: 'server',
    scenarios: ['sessions, TLSv1.2: without tickets, by session identifiers'],
  },
  {
    why: 'resumes for no other name',
    scenarios: ['sessions, TLSv1.2: another name', 'sessions, TLSv1.3: another name'],
  },
  {
    why: 'shows the certificate of a resumed session to the client',
    with: 'client',
    scenarios: [
      'sessions, TLSv1.3: a ticket',
      'sessions, TLSv1.3: not verified in the beginning',
      'sessions, TLSv1.3: with a certificate of the client',
      'sessions, TLSv1.3: with ticket keys',
    ],
  },
  {
    why: 'speaks TLS 1.0 and 1.1 as a client at the level that is the default',
    with: 'client',
    hangs: true,
    scenarios: [
      'versions: TLSv1 at the level that is the default',
      'versions: TLSv1.1 at the level that is the default',
    ],
  },
  {
    why: 'resumes by tickets although secureOptions forbid them',
    scenarios: ['sessions, TLSv1.2: a store of the application'],
  },
  {
    why: 'asks the client for its key twice',
    with: 'client',
    scenarios: ['PSK, TLSv1.2: a key that both know', 'PSK, TLSv1.2: a hint of the server'],
  },
  {
    why: 'gives another reason for a key that does not fit',
    with: 'server',
    scenarios: [
      'PSK, TLSv1.2: another key',
      'PSK, TLSv1.3: an identity that the server does not know',
      'PSK, TLSv1.3: another key',
    ],
  },
  {
    why: 'says otherwise that there is no key',
    with: 'client',
    scenarios: ['PSK, TLSv1.2: a client that declines'],
  },
  {
    why: 'tells of sessions of TLS 1.3 earlier, and waits for the store',
    with: 'server',
    hangs: true,
    scenarios: ['sessions, TLSv1.3: a store of the application'],
  },
  {
    why: 'does not count a key of the application as a session that is resumed, and asks for it later',
    scenarios: [
      'PSK, TLSv1.3: a key that both know',
      'PSK, TLSv1.3: a hint of the server',
      'PSK, TLSv1.3: a key as an array of the wrong kind',
    ],
  },
  {
    why: 'prefers another certificate in TLS 1.2',
    with: 'server',
    scenarios: ['extras, TLSv1.2: two certificates of different kinds'],
  },
  {
    why: 'completes a handshake that the client has ended',
    with: 'client',
    scenarios: [
      'properties, TLSv1.2: the client before it connects',
      'properties, TLSv1.3: the client before it connects',
      'life, TLSv1.2: end before secure',
      'life, TLSv1.3: end before secure',
    ],
  },
  {
    why: 'does not throw that its handle is null after the end',
    with: 'client',
    scenarios: [
      'calls, TLSv1.3: setMaxSendFragment(511)',
      'calls, TLSv1.3: setMaxSendFragment(512)',
      'calls, TLSv1.3: setMaxSendFragment(16384)',
      'calls, TLSv1.3: setMaxSendFragment(16385)',
      'calls, TLSv1.3: setServername(a)',
      'calls, TLSv1.3: setSession(1)',
      'calls, TLSv1.3: exportKeyingMaterial(20, a)',
      'calls, TLSv1.3: exportKeyingMaterial(20, a, empty)',
    ],
  },
  {
    why: 'looks at the version in ServerHello before the key',
    with: 'server',
    scenarios: ['wire, TLSv1.2: the ServerHello is changed'],
  },
  {
    why: 'looks at the version in ServerHello before the key',
    with: 'client',
    scenarios: ['wire, TLSv1.3: the ServerHello is changed'],
  },
  {
    why: 'does not emit end before the error of a peer that goes',
    scenarios: [
      'a server that: sends an alert that nobody knows',
      'a server that: sends close_notify',
      'a client that: sends close_notify',
    ],
  },
  {
    why: 'gives another reason for what is no handshake',
    scenarios: [
      'a server that: sends application data',
      'a server that: sends a record too long',
      'a server that: sends a record of an unknown kind',
      'a client that: sends application data',
      'a client that: sends a record too long',
      'a client that: sends a record of an unknown kind',
      'a client that: sends ClientHello of SSL 3',
      'a client that: sends ClientHello of SSL 2',
    ],
  },
  {
    why: 'refuses empty records of the handshake',
    scenarios: ['a server that: sends an empty record', 'a client that: sends an empty record'],
  },
  {
    why: 'takes ChangeCipherSpec otherwise before the hello',
    scenarios: ['a server that: sends ChangeCipherSpec', 'a client that: sends ChangeCipherSpec'],
  },
  {
    why: 'does not tell HTTP from other bytes',
    scenarios: ['a client that: speaks HTTP', 'a client that: speaks to a proxy'],
  },
  {
    why: 'says that no scheme suits where OpenSSL looks at suites first',
    scenarios: ['a client that: sends ClientHello, and closes'],
  },
  { why: 'asserts by other words', scenarios: ['arguments: connect: a number as checkServerIdentity'] },
];
