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
  'PKITS 4.14.30':
    'who signs the CRL is looked up in that CRL alone, a circle that is refused; NIST notes that the test need not be run',
  'crl_unittest/bad_crldp_has_crlissuer.pem':
    'RFC 5280 §6.3.3, last paragraph: the CRL is no indirect one and so does not belong to that point, but is one of the issuer',
  'crl_unittest/bad_idp_indirectcrl.pem':
    'RFC 5280 §5.3.3: indirect CRLs are supported; entries without certificateIssuer are about certificates of its issuer',
  ...each('X.690 §8.3.2: a serial number with an octet too many is no DER, and so the certificate none', [
    'ocsp_unittest/good_response_invalid_serial.pem',
    'request of ocsp_unittest/good_response_invalid_serial.pem',
  ]),
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
  'paths: ML-DSA': 'no provider has ML-DSA',
  ...each('no provider has ML-DSA', ['signature mldsa-44', 'signature mldsa-65', 'signature mldsa-87']),
  ...each('a certificate that is trusted is an anchor, also where it is the end entity', [
    'paths, several roots: TargetHasNameAndSpkiOfTrustAnchor',
    'paths, several roots: TargetWithSameNameAsTrustAnchorFails',
    'paths, new key: TestEndEntityIsTrustRoot',
  ]),
  'paths, new key: TestRolloverBothRootsTrusted':
    'both paths are good; the one that was sent first is taken, not the one with the newer dates',
  "paths, Mozilla's roots: AllPaths to the old root":
    'the certificate of a trust anchor holds with its dates; whoever wants none gives a name and a key',
  'signature rsa-pss-sha256-using-pss-key-with-params':
    'RFC 4055 §3.1: keys that are for RSASSA-PSS alone are read, and their parameters kept',
  ...constraints('RFC 5280 §4.2.1.6: a name in the preferred name syntax has no final dot', 'dnsname', [
    'dns permitted.example.com.',
    'dns permitted.example3.com.',
    'dns a.permitted.example3.com.',
  ]),
  ...constraints(
    'RFC 5280 §4.2.1.6: among the constraints is one with a final dot; what is malformed decides nothing',
    'dnsname',
    [
      'dns alsopermitted.example.com',
      'dns *.alsopermitted.example.com',
      'dns permitted.example3.com',
      'dns a.permitted.example3.com',
    ],
  ),
  ...constraints(
    'RFC 5280 §4.2.1.6: no DNS name, and so refused where DNS names are constrained',
    'dnsname',
    [
      'dns *xcluded.permitted.example.com',
      'dns exclude*.permitted.example.com',
      'dns excl*ded.permitted.example.com',
    ],
  ),
  ...constraints('RFC 5280 §4.2.1.6: an empty name is no DNS name', 'dnsname-excluded', ['dns ']),
  ...constraints(
    'RFC 5280 §4.2.1.10 knows no leading dot; with the domains below one the domain itself is excluded',
    'dnsname-excluded_with_leading_dot',
    ['dns bar.com'],
  ),
  ...constraints(
    'RFC 5280 §4.2.1.10: a dot alone is no constraint; what is malformed decides nothing',
    'dnsname-exclude_dot',
    ['dns permitted.example.com', 'dns foo.permitted.example.com'],
  ),
  ...constraints(
    'RFC 5280 §4.1.2.4: attributes are no VisibleStrings; the certificate cannot be read',
    'directoryname',
    ['name name-us-arizona-email-invalidstring'],
  ),
  ...constraints(
    'RFC 5280 §4.2.1.10: constraints of directory names apply to a subject that is not empty',
    'directoryname-excludeall',
    ['name name-empty'],
  ),
  ...constraints(
    'RFC 5280 §4.2.1.10: a host stands for all its mailboxes, those with quotes too',
    'rfc822name-permitted-hostname',
    ['san san-rfc822name-quoted'],
  ),
  ...constraints('RFC 5280 §7.5: the same mailbox, octet by octet', 'rfc822name-permitted-quoted', [
    'san san-rfc822name-quoted',
  ]),
  ...constraints(
    'RFC 5280 §7.5: a mailbox of another host is another, whatever quotes mean',
    'rfc822name-excluded-quoted',
    ['san san-rfc822name-subdomain'],
  ),
  ...constraints(
    'RFC 5280 §4.2.1.10 says nothing of an empty constraint; it stands for all, as for the other forms',
    'rfc822name-permitted-empty',
    ['san san-rfc822name'],
  ),
  ...Object.fromEntries(
    ['othername', 'x400address', 'edipartyname', 'uri', 'registeredid'].flatMap((form) =>
      ['permitted', 'excluded'].map((side) => [
        `name constraints ${form}-${side}, not critical: san san-${form}`,
        'RFC 5280 §4.2.1.10: a constraint that cannot be checked is not passed over, critical or not',
      ]),
    ),
  ),
  ...teletex(),
  'name custom-custom-normalized = custom-custom-normalized':
    'values that are no character string, BIT STRING or SEQUENCE are refused, as OpenSSL does',
  ...each(
    'RFC 5280 §4.1.2.4 binds CAs, which put other characters, Latin-1 too, into these types; they are compared as they stand',
    [
      'name PrintableString, others of ASCII',
      'name PrintableString, beyond ASCII',
      'name IA5String, beyond ASCII',
      'parse_certificate_unittest/issuer_bad_printable_string.pem',
      'parse_certificate_unittest/subject_not_ascii.pem',
      'parse_certificate_unittest/subject_not_printable_string.pem',
    ],
  ),
  'parse_certificate_unittest/basic_constraints_pathlen_256.pem':
    'RFC 5280 §4.2.1.9: pathLenConstraint is INTEGER (0..MAX)',
  'parse_certificate_unittest/basic_constraints_pathlen_not_ca.pem':
    'RFC 5280 §4.2.1.9: CAs MUST NOT include pathLenConstraint unless the cA boolean is asserted',
  ...each('RFC 5280 §4.1.1.2: signatureAlgorithm MUST be that of the TBSCertificate; not only for a chain', [
    'parse_certificate_unittest/failed_signature_algorithm.pem',
  ]),
  'parse_certificate_unittest/cert_skeleton.pem': 'only its outermost parts are those of a certificate',
  'parse_certificate_unittest/serial_37_bytes.pem': 'RFC 5280 §4.1.2.2: no longer than 20 octets',
  'parse_certificate_unittest/serial_negative.pem': 'RFC 5280 §4.1.2.2: MUST be a positive integer',
  'parse_certificate_unittest/subject_blank_subjectaltname_not_critical.pem':
    'RFC 5280 §4.2.1.6 binds CAs; subjectAltName is used, critical or not',
  ...each('RFC 5280 §4.1.1.2: the algorithm inside is none, only a place where one would be', [
    'parse_certificate_unittest/signature_algorithm_null.pem',
    ...[
      'v1',
      'v2_issuer_and_subject_unique_id',
      'v2_issuer_unique_id',
      'v2_no_optionals',
      'v3_all_optionals',
      'v3_extensions',
      'v3_no_optionals',
      'validity_both_generalized_time',
      'validity_both_utc_time',
      'validity_generalized_time_and_utc_time',
      'validity_utc_time_and_generalized_time',
    ].map((name) => `parse_certificate_unittest/tbs_${name}.pem`),
  ]),
  ...each('RFC 5280 §4.2.1.1 binds CAs; issuer and serial number in this extension are not used', [
    'parse_certificate_unittest/authority_key_identifier/issuer_only.pem',
    'parse_certificate_unittest/authority_key_identifier/serial_only.pem',
  ]),
};

/** Files that are no tests, or of what this package does not do: how their paths begin, and why. */
export const notUsed = {
  'path_builder_unittest/mtc_plants04/': 'certificates of Merkle trees, which are a draft',
  'verify_unittest/mtc-': 'certificates of Merkle trees, which are a draft',
  'parse_certificate_unittest/v3_certificate_template.pk8': 'a key that the others were made with',
};

/** About names, both where the constraints are critical and where they are not. */
function constraints(reason, file, names) {
  return Object.fromEntries(
    ['critical', 'not critical'].flatMap((label) =>
      names.map((name) => [`name constraints ${file}, ${label}: ${name}`, reason]),
    ),
  );
}

/** Strings of Teletex are prepared like the others; BoringSSL takes them for octets. */
function teletex() {
  const reason =
    'RFC 5280 §7.1 leaves it open; what looks the same is the same, also where a name is excluded';
  const [teletexString, ...others] = [
    'T61STRING',
    'PRINTABLESTRING',
    'UTF8',
    'BMPSTRING',
    'UNIVERSALSTRING',
  ].map((type) => `ascii-${type}-unmangled`);
  const changed = ['case_swap', 'extra_whitespace'].map((what) => teletexString.replace('unmangled', what));
  const both = (a, b) => [`name ${a} = ${b}`, `name ${b} = ${a}`];
  const within = (a, b) => [`name ${a} within ${b}`, `name ${a}-extra_rdn within ${b}`];
  return each(reason, [
    ...[...others, ...changed].flatMap((other) => both(teletexString, other)),
    ...others.flatMap((other) => [...within(teletexString, other), ...within(other, teletexString)]),
  ]);
}

function each(reason, names) {
  return Object.fromEntries(names.map((name) => [name, reason]));
}
