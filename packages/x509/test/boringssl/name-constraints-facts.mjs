/**
 * What BoringSSL expects of the names in pki/testdata/name_constraints_unittest (its name_constraints_unittest.cc of
 * 2026-08-21), by file of constraints: DNS names, addresses, files of subjects, files of alternative names. `critical`: refused where
 * the extension is critical, permitted where it is not.
 */
export const facts = {
  dnsname: {
    dns: {
      permitted: [
        'permitted.example.com',
        'permitted.example.com.',
        'a.permitted.example.com',
        'alsopermitted.example.com',
        '*.foo.permitted.example.com',
        '*.alsopermitted.example.com',
        '*xcluded.permitted.example.com',
        'exclude*.permitted.example.com',
        'excl*ded.permitted.example.com',
        'permitted.example3.com',
        'permitted.example3.com.',
        'a.permitted.example3.com',
        'a.permitted.example3.com.',
      ],
      refused: [
        'apermitted.example.com',
        'apermitted.example.com.',
        'excluded.permitted.example.com',
        'a.excluded.permitted.example.com',
        'stillnotpermitted.excluded.permitted.example.com',
        'a.stillnotpermitted.excluded.permitted.example.com',
        'extraneousexclusion.example.com',
        'a.extraneousexclusion.example.com',
        'other.example.com',
        'other.com',
        '*.permitted.example.com',
        '*.excluded.permitted.example.com',
        '*.example2.com',
        '*.',
        '*.*',
        '.*',
        '*',
      ],
    },
    san: {
      permitted: ['san-permitted', 'san-excluded-directoryname', 'san-excluded-ipaddress'],
      refused: ['san-excluded-dnsname'],
    },
  },
  dnsname2: {
    dns: {
      permitted: ['com', 'bar.com', 'baz.bar.com', '*.baz.bar.com', '*.com'],
      refused: ['foo.bar.com', 'baz.foo.bar.com', '*.bar.com', '*.foo.bar.com'],
    },
  },
  'dnsname-permitted_with_leading_dot': {
    dns: { permitted: ['foo.bar.com', '*.bar.com'], refused: ['com', 'bar.com', 'foobar.com'] },
  },
  'dnsname-excluded_with_leading_dot': {
    dns: { permitted: ['com', 'bar.com', 'foobar.com'], refused: ['foo.bar.com', '*.bar.com'] },
  },
  'dnsname-permitted_two_dot': {
    dns: { refused: ['com', 'com.', 'foo.com', '*.com'] },
  },
  'dnsname-excluded': {
    dns: {
      permitted: ['', 'foo.com', 'permitted.example.com'],
      refused: ['excluded.permitted.example.com', 'a.excluded.permitted.example.com'],
    },
  },
  'dnsname-excludeall': {
    dns: { refused: ['', 'foo.com', 'permitted.example.com', 'foo.permitted.example.com'] },
  },
  'dnsname-exclude_dot': {
    dns: { permitted: ['permitted.example.com', 'foo.permitted.example.com'], refused: ['foo.com'] },
  },
  directoryname: {
    name: {
      permitted: [
        'name-us',
        'name-us-arizona',
        'name-jp-tokyo',
        'name-us-arizona-email',
        'name-us-arizona-email-invalidstring',
      ],
      refused: ['name-ca', 'name-us-california', 'name-us-california-mountain_view', 'name-de', 'name-jp'],
    },
    san: {
      permitted: ['san-permitted', 'san-excluded-dnsname', 'san-excluded-ipaddress'],
      refused: ['san-excluded-directoryname'],
    },
  },
  'directoryname-excluded': {
    name: {
      permitted: ['name-empty', 'name-us'],
      refused: ['name-us-california', 'name-us-california-mountain_view'],
    },
  },
  'directoryname-excludeall': {
    name: { refused: ['name-empty', 'name-us', 'name-us-california', 'name-jp'] },
  },
  ipaddress: {
    ip: {
      permitted: [
        '192.168.0.1',
        '192.167.5.32',
        '192.167.5.63',
        '102:304:506:708:90a:b0c:0:1',
        '102:304:506:708:90a:b0b:520:0',
        '102:304:506:708:90a:b0b:53f:ffff',
      ],
      refused: [
        '192.169.0.1',
        '192.168.5.1',
        '192.168.5.33',
        '192.167.5.31',
        '192.167.5.64',
        '192.166.5.32',
        '102:304:506:708:90a:b0d:0:1',
        '102:304:506:708:90a:b0c:500:1',
        '102:304:506:708:90a:b0c:521:1',
        '102:304:506:708:90a:b0b:51f:ffff',
        '102:304:506:708:90a:b0b:540:0',
        '102:304:506:708:90a:b0a:521:1',
      ],
    },
    san: {
      permitted: ['san-permitted', 'san-excluded-dnsname', 'san-excluded-directoryname'],
      refused: ['san-excluded-ipaddress'],
    },
  },
  'ipaddress-excluded': {
    ip: { permitted: ['192.168.0.1', '102:304:506:708:90a:b0d:0:1'], refused: ['192.168.5.1'] },
  },
  'ipaddress-excludeall': {
    ip: {
      refused: ['192.168.0.1', '1.1.1.1', '201:101:101:101:101:101:101:101', '102:304:506:708:90a:b0d:0:1'],
    },
  },
  'ipaddress-permit_singlehost': {
    ip: {
      permitted: ['192.168.1.3'],
      refused: ['0.0.0.0', '192.168.1.1', '192.168.1.2', '192.168.1.4', '255.255.255.255'],
    },
  },
  'ipaddress-permit_prefix31': {
    ip: {
      permitted: ['192.168.1.2', '192.168.1.3'],
      refused: ['0.0.0.0', '192.168.1.1', '192.168.1.4', '192.168.1.5', '255.255.255.255'],
    },
  },
  'ipaddress-permit_prefix1': {
    ip: { permitted: ['128.0.0.0', '255.255.255.255'], refused: ['0.0.0.0', '127.255.255.255'] },
  },
  'ipaddress-permit_all': {
    ip: { permitted: ['0.0.0.0', '192.168.1.1', '255.255.255.255'] },
  },
  'ipaddress-mapped_addrs': {
    ip: {
      permitted: ['192.168.1.0', '192.168.1.2', '0:0:0:0:0:ffff:c0a8:200', '0:0:0:0:0:ffff:c0a8:202'],
      refused: ['0:0:0:0:0:ffff:c0a8:100', '192.168.1.1', '192.168.2.0', '0:0:0:0:0:ffff:c0a8:201'],
    },
  },
  'othername-permitted': {
    san: { critical: ['san-othername'] },
  },
  'othername-excluded': {
    san: { permitted: ['san-rfc822name-quoted'], critical: ['san-othername'] },
  },
  'rfc822name-permitted': {
    name: {
      refused: [
        'name-us-arizona-email',
        'name-us-arizona-email-localpartcase',
        'name-us-arizona-email-multiple',
      ],
    },
    san: {
      permitted: ['san-rfc822name', 'san-rfc822name-domaincase'],
      refused: [
        'san-rfc822name-localpartcase',
        'san-rfc822name-subdomain',
        'san-rfc822name-no-at',
        'san-rfc822name-two-ats',
        'san-rfc822name-quoted',
        'san-rfc822name-ipv4',
        'san-rfc822name-multiple',
      ],
    },
  },
  'rfc822name-excluded': {
    name: {
      permitted: ['name-us-arizona-email'],
      refused: ['name-us-arizona-email-localpartcase', 'name-us-arizona-email-multiple'],
    },
    san: {
      permitted: ['san-rfc822name-localpartcase', 'san-rfc822name-subdomain'],
      refused: [
        'san-rfc822name',
        'san-rfc822name-domaincase',
        'san-rfc822name-no-at',
        'san-rfc822name-two-ats',
        'san-rfc822name-ipv4',
      ],
    },
  },
  'rfc822name-permitted-hostname': {
    name: {
      permitted: ['name-us-arizona-email', 'name-us-arizona-email-multiple'],
      refused: ['name-us-arizona-email-invalidstring'],
    },
    san: {
      permitted: [
        'san-rfc822name',
        'san-rfc822name-domaincase',
        'san-rfc822name-localpartcase',
        'san-rfc822name-multiple',
      ],
      refused: [
        'san-rfc822name-subdomain',
        'san-rfc822name-no-at',
        'san-rfc822name-two-ats',
        'san-rfc822name-empty-localpart',
        'san-rfc822name-quoted',
      ],
    },
  },
  'rfc822name-excluded-hostname': {
    san: {
      permitted: ['san-rfc822name-subdomain'],
      refused: [
        'san-rfc822name',
        'san-rfc822name-domaincase',
        'san-rfc822name-localpartcase',
        'san-rfc822name-no-at',
        'san-rfc822name-two-ats',
        'san-rfc822name-empty-localpart',
      ],
    },
  },
  'rfc822name-permitted-hostnamewithat': {
    san: {
      refused: [
        'san-rfc822name-empty-localpart',
        'san-rfc822name',
        'san-rfc822name-domaincase',
        'san-rfc822name-localpartcase',
        'san-rfc822name-subdomain',
        'san-rfc822name-no-at',
        'san-rfc822name-two-ats',
      ],
    },
  },
  'rfc822name-excluded-hostnamewithat': {
    san: {
      refused: [
        'san-rfc822name-empty-localpart',
        'san-rfc822name',
        'san-rfc822name-domaincase',
        'san-rfc822name-localpartcase',
        'san-rfc822name-subdomain',
        'san-rfc822name-no-at',
        'san-rfc822name-two-ats',
      ],
    },
  },
  'rfc822name-permitted-subdomains': {
    san: {
      permitted: ['san-rfc822name-subdomain', 'san-rfc822name-subdomaincase'],
      refused: ['san-rfc822name', 'san-rfc822name-subdomain-no-at', 'san-rfc822name-subdomain-two-ats'],
    },
  },
  'rfc822name-excluded-subdomains': {
    san: {
      permitted: ['san-rfc822name'],
      refused: [
        'san-rfc822name-subdomain',
        'san-rfc822name-subdomaincase',
        'san-rfc822name-subdomain-no-at',
        'san-rfc822name-subdomain-two-ats',
      ],
    },
  },
  'rfc822name-permitted-empty': {
    san: { refused: ['san-rfc822name', 'san-rfc822name-empty'] },
  },
  'rfc822name-excluded-empty': {
    san: { refused: ['san-rfc822name', 'san-rfc822name-empty'] },
  },
  'rfc822name-permitted-ipv4': {
    san: { refused: ['san-rfc822name', 'san-rfc822name-empty', 'san-rfc822name-ipv4'] },
  },
  'rfc822name-excluded-ipv4': {
    san: { refused: ['san-rfc822name', 'san-rfc822name-empty', 'san-rfc822name-ipv4'] },
  },
  'rfc822name-permitted-quoted': {
    san: { refused: ['san-rfc822name-quoted'] },
  },
  'rfc822name-excluded-quoted': {
    san: { refused: ['san-rfc822name-subdomain'] },
  },
  'x400address-permitted': {
    san: { critical: ['san-x400address'] },
  },
  'x400address-excluded': {
    san: { critical: ['san-x400address'] },
  },
  'edipartyname-permitted': {
    san: { critical: ['san-edipartyname'] },
  },
  'edipartyname-excluded': {
    san: { critical: ['san-edipartyname'] },
  },
  'uri-permitted': {
    san: { critical: ['san-uri'] },
  },
  'uri-excluded': {
    san: { critical: ['san-uri'] },
  },
  'registeredid-permitted': {
    san: { critical: ['san-registeredid'] },
  },
  'registeredid-excluded': {
    san: { critical: ['san-registeredid'] },
  },
  directoryname_and_dnsname: {
    name: {
      permitted: ['name-us-arizona-foo.com', 'name-us-arizona-permitted.example.com'],
      refused: ['name-us-california-permitted.example.com'],
    },
  },
  directoryname_and_dnsname_and_ipaddress: {
    name: {
      permitted: ['name-us-arizona-1.1.1.1', 'name-us-arizona-192.168.1.1', 'name-us-arizona-ipv6'],
      refused: ['name-us-california-192.168.1.1'],
    },
  },
};

/** Files of constraints that are malformed. */
export const malformed = [
  'ipaddress-invalid_addr',
  'ipaddress-invalid_mask_not_contiguous_1',
  'ipaddress-invalid_mask_not_contiguous_2',
  'ipaddress-invalid_mask_not_contiguous_3',
  'ipaddress-invalid_mask_not_contiguous_4',
  'dnsname-with_min_0',
  'dnsname-with_min_1',
  'dnsname-with_min_0_and_max',
  'dnsname-with_min_1_and_max',
  'dnsname-with_max',
  'invalid-no_subtrees',
  'invalid-empty_permitted_subtree',
  'invalid-empty_excluded_subtree',
];
