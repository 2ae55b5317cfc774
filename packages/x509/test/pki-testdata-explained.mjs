/** Tests of BoringSSL's pki/testdata in which this package is not of their opinion, or that it cannot run: each with the reason. */
export const explained = {
  'expired-root/not-after-ta-with-constraints.test':
    'the certificate of a trust anchor holds with its dates; whoever wants none gives a name and a key',
  'root-lacks-basic-constraints/ta-with-constraints.test':
    'RFC 5280 §4.2.1.9: a certificate of version 3 is a CA if it says so, a trust anchor not excepted',
  'root-eku-clientauth/serverauth-ta-with-expiration.test':
    'the certificate of a trust anchor holds with all that it says, its purposes too',
  'target-and-intermediate/trusted_leaf-root.test':
    'a certificate that is trusted is an anchor, not only an end entity; DER of the end entity alone trusts nobody else',
  'target-selfissued/trusted_leaf_require_self_signed.test':
    'anchorsMustBeSelfIssued compares names; the signature of an anchor by itself proves nothing',
  'target-has-pathlen-but-not-ca/main.test':
    'RFC 5280 §4.2.1.9: CAs MUST NOT include pathLenConstraint unless the cA boolean is asserted',
  'target-msapplicationpolicies-and-eku/main.test':
    'RFC 5280 §4.2: a critical extension that is not recognized MUST be refused, also where another stands for it',
  'many-names/ok-all-types.test':
    'RFC 5280 §4.2.1.10: of 341 names only 171 are permitted; BoringSSL does not run it either',
  'PKITS 4.1.4': 'no provider has DSA',
  'PKITS 4.1.5': 'no provider has DSA',
  ...each('purposes that have no rule here: C2PA and MLS', [
    'intermediate-eku-c2pamanifest/c2pamanifest.test',
    'intermediate-eku-c2pamanifest/c2patimestamp.test',
    'intermediate-eku-c2patimestamping/c2pamanifest.test',
    'intermediate-eku-c2patimestamping/c2patimestamp.test',
    'intermediate-eku-mlsclientauth-extra/mlsclientauth.test',
    'intermediate-eku-mlsclientauth/mlsclientauth.test',
    'target-eku-any/mlsclientauth.test',
    'target-eku-many/mlsclientauth.test',
    'target-eku-none/mlsclientauth.test',
  ]),
  ...each(
    'STRICT is a profile of CA/B BR §7.1.2; RFC 5280 §4.2.1.12 lets purposes be absent, any, or several',
    [
      'intermediate-eku-any-and-clientauth/serverauth-strict.test',
      'target-eku-any/clientauth-strict-leaf.test',
      'target-eku-any/clientauth-strict.test',
      'target-eku-any/serverauth-strict-leaf.test',
      'target-eku-any/serverauth-strict.test',
      'target-eku-clientauth/clientauth-strict.test',
      'target-eku-many/clientauth-strict-leaf.test',
      'target-eku-many/clientauth-strict.test',
      'target-eku-many/serverauth-strict-leaf.test',
      'target-eku-many/serverauth-strict.test',
      'target-eku-none/clientauth-strict-leaf.test',
      'target-eku-none/clientauth-strict.test',
      'target-eku-none/serverauth-strict.test',
    ],
  ),
  ...each('STRICT is a profile of CA/B BR §7.1.2; RFC 5280 §6.1 lets a CA be an end entity', [
    'target-has-ca-basic-constraints/strict.test',
    'target-not-end-entity/strict-leaf.test',
    'target-not-end-entity/strict.test',
  ]),
  ...each(
    'RFC 5280 §6.3: refused by its certificate revocation lists, which this script does not give',
    [
      ...[1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 18, 20, 21].map((i) => `4.${i}`),
      ...['5.2', '5.5', '5.7', '7.4', '7.5', '15.1', '15.3', '15.4', '15.6', '15.9', '15.10'],
      ...[2, 3, 6, 8, 9, 11, 12, 14, 15, 16, 17, 20, 21, 23, 26, 27, 31, 32, 34, 35].map((i) => `14.${i}`),
    ].map((number) => `PKITS 4.${number}`),
  ),
};

function each(reason, names) {
  return Object.fromEntries(names.map((name) => [name, reason]));
}
