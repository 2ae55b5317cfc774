/** Scenarios in which ours is known to differ. When one no longer does, the suite fails until its line is gone. */
export interface ExpectedDifferences {
  /** What ours does. */
  readonly why: string;
  /** Only with ours on this side; default: with ours on any side. */
  readonly with?: 'server' | 'client';
  /** The first and the last release of Node that differs; default: all. */
  readonly since?: number;
  readonly until?: number;
  readonly scenarios: readonly string[];
}

export const expectedDifferences: readonly ExpectedDifferences[] = [
  {
    why: 'has what earlier and later releases of Node export',
    scenarios: ['module: what is exported'],
  },
  { why: 'has server.connections, as earlier releases of Node', scenarios: ['module: methods of Server'] },
  { why: 'carries the list of Mozilla of another day', scenarios: ['module: rootCertificates'] },
  {
    why: 'overrides connect of net.Socket',
    scenarios: ['module: methods of TLSSocket'],
  },
  {
    why: 'can be called without new, as tls.Server can',
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
    until: 23,
    scenarios: [
      'identity, TLSv1.2: what is shown of certificates',
      'identity, TLSv1.3: what is shown of certificates',
    ],
  },
  {
    why: 'resumes for no other name (RFC 6066 §3; later releases of Node offer the session to no other host)',
    until: 23,
    scenarios: ['sessions, TLSv1.2: another name', 'sessions, TLSv1.3: another name'],
  },
  {
    why: 'asks SNICallback before it knows whether a ticket is good: whom the context of a name trusts may decide that',
    with: 'server',
    scenarios: [
      'sessions, TLSv1.2: with a callback for names that is noted',
      'sessions, TLSv1.3: with a callback for names that is noted',
    ],
  },
  {
    why: 'answers unknown_psk_identity where it has no certificate (RFC 9846 §6.2)',
    with: 'server',
    scenarios: ['PSK, TLSv1.3: an identity that the server does not know'],
  },
  {
    why: 'answers decrypt_error to a wrong binder (RFC 9846 §6.2), as later releases of Node do',
    with: 'server',
    until: 23,
    scenarios: ['PSK, TLSv1.3: another key'],
  },
  {
    why: 'refuses a ServerHello of TLS 1.3 with another legacy_version (RFC 9846 §4.2.3)',
    with: 'client',
    scenarios: ['wire, TLSv1.3: the ServerHello is changed'],
  },
  {
    why: 'refuses empty records of the handshake (RFC 9846 §5.1)',
    scenarios: ['a server that: sends an empty record', 'a client that: sends an empty record'],
  },
  {
    why: 'drops ChangeCipherSpec after its hello (RFC 9846 §5)',
    scenarios: ['a server that: sends ChangeCipherSpec'],
  },
  {
    why: 'makes the handshake whole that the server asks for, and not by the session: what it asks for comes',
    scenarios: [
      'renegotiation, TLSv1.2: of the server',
      'renegotiation, TLSv1.2: of the server, for a certificate of the client',
    ],
  },
  {
    why: 'sends no address as the server name (RFC 6066 §3), which Node will not either',
    with: 'client',
    until: 24,
    scenarios: [
      'sockets, TLSv1.2: a server name that is an address',
      'sockets, TLSv1.3: a server name that is an address',
    ],
  },
  {
    why: 'sends tickets at once, not behind the first data',
    with: 'server',
    until: 25,
    scenarios: ['sockets, TLSv1.3: events of a client, in order'],
  },
  {
    why: 'ends the connection before its flight leaves',
    with: 'server',
    since: 26,
    scenarios: ['SNI, TLSv1.3: a callback that is called twice'],
  },
  {
    why: 'shows the issuers of a certificate, as earlier and later releases of Node do',
    since: 24,
    until: 25,
    scenarios: [
      'identity, TLSv1.2: what is shown of certificates',
      'identity, TLSv1.3: what is shown of certificates',
    ],
  },
];
