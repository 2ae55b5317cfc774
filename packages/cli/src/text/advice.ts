/** What people can do about a problem, by the code of it; nothing where the message says it all. */
export function adviceFor(code: string): string | undefined {
  return advices[code];
}

const advices: Readonly<Record<string, string>> = {
  // Of the chain.
  UNABLE_TO_GET_ISSUER_CERT:
    'if you trust the issuer, say so with -CAfile; else the server should send its intermediate certificates',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'if you trust the issuer, say so with -CAfile; else the server should send its intermediate certificates',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'if you trust the issuer, say so with -CAfile; else the server should send its intermediate certificates',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'if this very certificate is to be trusted, give it with -CAfile',
  SELF_SIGNED_CERT_IN_CHAIN: 'if the root that the server sent is to be trusted, give it with -CAfile',
  CERT_HAS_EXPIRED: 'the certificate must be renewed; is the clock of this machine right?',
  CERT_NOT_YET_VALID: 'is the clock of this machine right?',
  HOSTNAME_MISMATCH:
    'is this the right host? -verify_hostname names another one that the certificate may be for',
  IP_ADDRESS_MISMATCH:
    'is this the right address? -verify_hostname names a host that the certificate may be for',
  CERT_REVOKED: 'its issuer has withdrawn the certificate: do not go on',
  EE_KEY_TOO_SMALL: 'the key is so short that it can be broken: the certificate must be made anew',
  CA_KEY_TOO_SMALL: 'the key of an issuer is so short that it can be broken',
  CA_MD_TOO_WEAK: 'a signature uses a broken hash: the certificate must be made anew',
  // Of the network.
  ECONNREFUSED: 'nobody listens there: are host and port right, and does the server run?',
  ENOTFOUND: 'there is no such host: is the name spelt right?',
  EAI_AGAIN: 'the name could not be looked up just now: is the network up?',
  ETIMEDOUT: 'nobody answered: is a firewall between?',
  EADDRINUSE: 'another program listens there already: take another port',
  EACCES: 'you may not do this: check permissions, or take a port from 1024 up',
  ENOENT: 'there is no such file or directory: is the path right?',
  'transport.handshakeTimeout':
    'the server took the connection and did not speak TLS in time: does the port want -starttls?',
  'transport.reset': 'the other side cut the connection: it may want a client certificate, or no TLS at all',
  'transport.truncated': 'what came may be all the same; -truncation end lets it pass',
  // Of the handshake.
  'incompatible.version': 'the two sides have no version of TLS in common: see -tls1_2, -min_protocol',
  'incompatible.cipherSuites': 'the two sides have no cipher suite in common: see -cipher and -ciphersuites',
  'incompatible.groups': 'the two sides have no group in common: see -groups',
  'incompatible.signatureSchemes': 'the two sides have no signature scheme in common: see -sigalgs',
  'incompatible.alpn': 'the two sides have no protocol in common: see -alpn',
  'incompatible.certificateRequired': 'the client must show a certificate: -cert and -key',
  'peer.badRecordVersion': 'this is no TLS: does the port want -starttls, or another port?',
  'peer.unknownRecordType': 'this is no TLS: does the port want -starttls, or another port?',
  'local.noCredential': 'no certificate of ours fits what the other side takes: see -cert',
  // Of what the other side says.
  'alert.40': 'the server found nothing in common: try other versions, suites, groups or a server name',
  'alert.42': 'the other side does not like our certificate',
  'alert.46': 'the other side does not like our certificate',
  'alert.48': 'the other side does not know the issuer of our certificate',
  'alert.70': 'the other side speaks no version that we offered: see -tls1_2, -min_protocol',
  'alert.112': 'the server does not know this name: see -servername',
  'alert.115': 'the server does not know this -psk_identity',
  'alert.116': 'the server wants a certificate of ours: -cert and -key',
  'alert.120': 'the server has none of the protocols: see -alpn',
  // Of files.
  'pem.noBlock': 'expected the text that begins with -----BEGIN',
  'encryption.passphraseMissing':
    'the key is encrypted: -pass env:NAME or -pass file:PATH says its passphrase, and a terminal is asked for it',
  'encryption.passphraseWrong': 'the passphrase of -pass is not the one of this file',
};
