/**
 * Cases of x509-limbo in which this package is not of its opinion, each with the clause that it goes by. None is of the
 * tiers core, bettertls, bettertls-soft, optional and dos: the cases here ask for more than RFC 5280 and RFC 9525 do, or
 * for what few validators do.
 */
export const accepted: Readonly<Record<string, string>> = {
  'rfc5280::aki::critical-aki':
    'RFC 5280 §4.2.1.1 binds CAs; §4.2: a critical extension that is recognized is processed',
  'rfc5280::aki::leaf-missing-aki': 'RFC 5280 §4.2.1.1 binds CAs; §6.1 does not look at key identifiers',
  'rfc5280::nc::permitted-dns-match-noncritical':
    'RFC 5280 §4.2.1.10 binds CAs; the constraints are enforced, critical or not (CA/B BR §7.1.2.5.2 allows it)',
  'rfc5280::nc::not-allowed-in-ee-noncritical': 'RFC 5280 §6.1.4 (g): an end entity constrains nobody',
  'rfc5280::nc::not-allowed-in-ee-critical': 'RFC 5280 §6.1.4 (g): an end entity constrains nobody',
  'rfc5280::san::underscore-dns':
    'RFC 9525 §6.3 compares labels; real hosts have underscores, which match nothing else',
  'rfc5280::serial::zero':
    'RFC 5280 §4.1.2.2: users SHOULD be prepared to gracefully handle such certificates',
  'webpki::aki::root-with-aki-authoritycertissuer': 'CA/B BR §7.1.2.1.3, not RFC 5280',
  'webpki::aki::root-with-aki-authoritycertserialnumber': 'CA/B BR §7.1.2.1.3, not RFC 5280',
  'webpki::aki::root-with-aki-ski-mismatch': 'CA/B BR §7.1.2.1.3, not RFC 5280',
  'webpki::cn::punycode-not-in-san': 'RFC 9525 §2: the common name is never looked at',
  'webpki::cn::utf8-vs-punycode-mismatch': 'RFC 9525 §2: the common name is never looked at',
  'webpki::cn::case-mismatch': 'RFC 9525 §2: the common name is never looked at',
  'webpki::eku::ee-anyeku':
    'RFC 5280 §4.2.1.12 gives anyExtendedKeyUsage this meaning; CA/B BR §7.1.2.7.10 forbids it',
  'webpki::eku::root-has-eku': 'CA/B BR §7.1.2.1.2, not RFC 5280; the purposes of a root are enforced',
  'webpki::san::public-suffix-multi-label-wildcard-san':
    'CA/B BR §3.2.2.6 binds CAs, and needs the list of public suffixes',
  'webpki::san::public-suffix-private-namespace-wildcard-san':
    'CA/B BR §3.2.2.6 binds CAs, and needs the list of public suffixes',
  'webpki::san::san-critical-with-nonempty-subject': 'RFC 5280 §4.2.1.6 says SHOULD, to CAs',
  'webpki::malformed-aia': 'RFC 5280 §4.2.2.1: the extension is not used, and so is not read',
  'webpki::forbidden-rsa-not-divisible-by-8-in-root': 'CA/B BR §6.1.5, not RFC 5280',
  'webpki::ca-as-leaf':
    'RFC 5280 §6.1 lets a CA be an end entity; conflicts with rfc5280::ca-as-leaf of the tier core',
  'webpki::ee-basicconstraints-ca': 'RFC 5280 §6.1 lets a CA be an end entity',
};

/** Cases in which the policy of `nodeTlsPolicy` ends otherwise than Node 24 with OpenSSL 3.5 did, each with the reason. */
export const unlikeNode: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'bettertls::pathbuilding::tc23',
      'bettertls::pathbuilding::tc31',
      'bettertls::pathbuilding::tc32',
      'bettertls::pathbuilding::tc52',
      'bettertls::pathbuilding::tc53',
      'bettertls::pathbuilding::tc54',
      'bettertls::pathbuilding::tc63',
      'bettertls::pathbuilding::tc66',
      'bettertls::pathbuilding::tc68',
      'rfc5280::nc::nc-forbids-alternate-chain-ica',
    ].map((id) => [id, 'OpenSSL does not turn back from the first chain that it builds; another is good']),
  ),
  'cve::cve-2025-61727': 'OpenSSL compares the wildcard as text; it may stand for an excluded name',
  'rfc5280::nc::nc-permits-invalid-dns-san': 'a name that is none is refused where it is constrained',
  'webpki::nc::intermediate-permitted-excluded-subtrees-both-null':
    'RFC 5280 §4.2.1.10: one of the two fields MUST be present',
  'rfc5280::ca-empty-subject': 'certificates whose issuer has no name are not read (RFC 5280 §4.1.2.4)',
  'bettertls::nameconstraints::tc8855':
    'an address of another length than 4 or 16 is refused before names are compared',
  'bettertls::nameconstraints::tc9409':
    'an address of another length than 4 or 16 is refused before names are compared',
  'webpki::forbidden-p192-root': 'keys of P-192 cannot be read here, and are too small there',
  'webpki::forbidden-dsa-leaf': 'DSA ends a handshake before the chain is looked at',
};
