import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type SignatureAlgorithm } from '@sealwire/core';
import { type Contents, authority, issue, newKey, nowMs, provider } from '../../test/authority.ts';
import { oid, sequence, tlv } from '../../test/der.ts';
import { type Issued, type PathPolicy, type VerifyChainOptions, verifyChain } from '../index.ts';

/** Every rule of RFC 5280 §6 that can refuse a chain: once broken, once kept. */
function outcomeOf(chain: readonly Issued[], root: Issued, options: Partial<VerifyChainOptions> = {}) {
  const outcome = verifyChain({
    provider,
    chain: chain.map(({ certificate }) => certificate),
    roots: root.certificate,
    timeMs: nowMs,
    ...options,
  });
  return outcome.ok ? 'ok' : `${outcome.code} (${outcome.reason}) at ${outcome.depth}`;
}

/** root → middle → leaf, with something changed in each. */
function chain(
  change: {
    root?: Contents;
    middle?: Contents;
    leaf?: Contents;
    options?: Partial<VerifyChainOptions>;
    policy?: Partial<PathPolicy>;
  } = {},
) {
  const root = authority('root', change.root);
  const middle = authority('middle', { issuer: root, ...change.middle });
  const leaf = issue('leaf', { issuer: middle, dnsNames: ['a.example'], ...change.leaf });
  return outcomeOf([leaf, middle], root, {
    ...change.options,
    ...(change.policy === undefined ? {} : { policy: change.policy }),
  });
}

test('nothing changed', () => expect(chain()).toBe('ok'));

describe('validity (§4.1.2.5)', () => {
  const [start, end] = [Date.UTC(2026, 2), Date.UTC(2026, 3)];
  test.each([
    [start - 1, 'CERT_NOT_YET_VALID (expired)'],
    [start, 'ok'],
    [end, 'ok'],
    [end + 999, 'ok'],
    [end + 1_000, 'CERT_HAS_EXPIRED (expired)'],
  ])('at %i', (timeMs, expected) => {
    for (const [depth, part] of (['leaf', 'middle', 'root'] as const).entries()) {
      const outcome = chain({ [part]: { notBeforeMs: start, notAfterMs: end }, options: { timeMs } });
      expect(outcome).toBe(expected === 'ok' ? 'ok' : `${expected} at ${depth}`);
    }
  });
});

describe('CAs (§4.2.1.9, §4.2.1.3)', () => {
  test('basicConstraints', () => {
    expect(chain({ middle: { ca: false } })).toBe('INVALID_CA (rejected) at 1');
    expect(chain({ root: { ca: false } })).toBe('INVALID_CA (rejected) at 2');
    expect(chain({ middle: { subject: {}, dnsNames: ['x.example'] } })).toBe(
      'MALFORMED_CERTIFICATE (malformed) at 0',
    );
  });
  test('keyCertSign', () => {
    expect(chain({ middle: { keyUsage: ['digitalSignature'] } })).toBe(
      'KEYUSAGE_NO_CERTSIGN (rejected) at 1',
    );
    expect(chain({ root: { keyUsage: ['cRLSign'] } })).toBe('KEYUSAGE_NO_CERTSIGN (rejected) at 2');
    expect(chain({ middle: { keyUsage: [] }, root: { keyUsage: [] } })).toBe('ok');
  });
  test('path length', () => {
    expect(chain({ root: { ca: { pathLength: 0 } } })).toBe('PATH_LENGTH_EXCEEDED (rejected) at 2');
    expect(chain({ root: { ca: { pathLength: 1 } }, middle: { ca: { pathLength: 0 } } })).toBe('ok');
  });
  test('self-issued intermediates do not count', () => {
    const root = authority('root', { ca: { pathLength: 1 } });
    const middle = authority('middle', { issuer: root });
    const rollover = authority('middle', { issuer: middle });
    expect(outcomeOf([issue('leaf', { issuer: rollover }), rollover, middle], root)).toBe('ok');
    const third = authority('third', { issuer: rollover });
    expect(outcomeOf([issue('leaf', { issuer: third }), third, rollover, middle], root)).toBe(
      'PATH_LENGTH_EXCEEDED (rejected) at 4',
    );
  });
});

describe('purposes (§4.2.1.12, §4.2.1.3)', () => {
  test.each([
    [['serverAuth'], 'serverAuth', 'ok'],
    [['clientAuth'], 'serverAuth', 'INVALID_PURPOSE (unsupported)'],
    [['serverAuth'], 'clientAuth', 'INVALID_PURPOSE (unsupported)'],
    [['clientAuth', 'serverAuth'], 'clientAuth', 'ok'],
    [['any'], 'clientAuth', 'ok'],
    [['1.2.3.4'], 'serverAuth', 'INVALID_PURPOSE (unsupported)'],
  ] as const)('%j for %s', (extendedKeyUsage, purpose, expected) => {
    for (const [depth, part] of (['leaf', 'middle', 'root'] as const).entries()) {
      const outcome = chain({ [part]: { extendedKeyUsage: [...extendedKeyUsage] }, options: { purpose } });
      expect(outcome).toBe(expected === 'ok' ? 'ok' : `${expected} at ${depth}`);
    }
  });
  test('key usage of the leaf', () => {
    expect(chain({ leaf: { keyUsage: ['keyEncipherment'] }, options: { keyUse: 'sign' } })).toBe(
      'INVALID_PURPOSE (unsupported) at 0',
    );
    expect(chain({ leaf: { keyUsage: ['digitalSignature'] }, options: { keyUse: 'encipher' } })).toBe(
      'INVALID_PURPOSE (unsupported) at 0',
    );
    expect(chain({ leaf: { keyUsage: ['keyEncipherment'] }, options: { keyUse: 'encipher' } })).toBe('ok');
    expect(chain({ leaf: { keyUsage: [] }, options: { keyUse: 'sign' } })).toBe('ok');
    expect(chain({ leaf: { keyUsage: ['keyCertSign'] } })).toBe('ok');
  });
});

describe('critical extensions (§4.2)', () => {
  test.each(['leaf', 'middle', 'root'] as const)('an unknown one in the %s', (part) => {
    const extension = (critical: boolean) => ({
      extensions: [{ id: '1.2.3.4', critical, value: Uint8Array.of(5, 0) }],
    });
    expect(chain({ [part]: extension(true) })).toMatch(/^UNHANDLED_CRITICAL_EXTENSION \(unsupported\)/);
    expect(chain({ [part]: extension(false) })).toBe('ok');
  });
  test('policies: none is required', () => {
    const policies = { id: '2.5.29.32', critical: true, value: sequence(sequence(oid('1.2.3'))) };
    expect(chain({ leaf: { extensions: [policies] } })).toBe('ok');
    const required = { id: '2.5.29.36', critical: true, value: sequence(tlv(0x80, [0])) };
    expect(chain({ middle: { extensions: [required] } })).toBe(
      'UNHANDLED_CRITICAL_EXTENSION (unsupported) at 1',
    );
  });
  test('a malformed known one', () => {
    const malformed = { id: '2.5.29.17', value: Uint8Array.of(5, 0) };
    expect(chain({ leaf: { extensions: [malformed] } })).toBe('MALFORMED_CERTIFICATE (malformed) at 0');
    expect(chain({ middle: { extensions: [malformed] } })).toBe('MALFORMED_CERTIFICATE (malformed) at 1');
  });
});

describe('keys and algorithms', () => {
  const every: [string, Contents['keySpec'], SignatureAlgorithm | undefined][] = [
    ['RSA PKCS #1 SHA-256', { type: 'rsa', bits: 2048 }, undefined],
    ['RSA PKCS #1 SHA-512', { type: 'rsa', bits: 2048 }, { type: 'rsa-pkcs1', hash: 'sha512' }],
    [
      'RSA PSS SHA-256',
      { type: 'rsa', bits: 2048 },
      { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 },
    ],
    [
      'RSA-PSS key SHA-384',
      { type: 'rsa-pss', bits: 2048 },
      { type: 'rsa-pss', hash: 'sha384', mgfHash: 'sha384', saltBytes: 48 },
    ],
    ['P-256', { type: 'ec', curve: 'secp256r1' }, undefined],
    ['P-256 SHA-512', { type: 'ec', curve: 'secp256r1' }, { type: 'ecdsa', hash: 'sha512' }],
    ['P-384', { type: 'ec', curve: 'secp384r1' }, undefined],
    ['P-521', { type: 'ec', curve: 'secp521r1' }, undefined],
    ['Ed25519', { type: 'ed25519' }, undefined],
    ['Ed448', { type: 'ed448' }, undefined],
  ];
  test.each(every)('%s', (_name, keySpec, signatureAlgorithm) => {
    const contents = {
      ...(keySpec === undefined ? {} : { keySpec }),
      ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
    };
    expect(chain({ root: contents, middle: contents, leaf: contents })).toBe('ok');
  });
  test('SHA-1 is for those who ask for it', () => {
    const weak = {
      keySpec: { type: 'rsa', bits: 2048 },
      signatureAlgorithm: { type: 'rsa-pkcs1', hash: 'sha1' },
    } as const;
    expect(chain({ root: { keySpec: weak.keySpec }, middle: weak })).toBe(
      'CA_MD_TOO_WEAK (unsupported) at 1',
    );
    expect(
      chain({
        root: { keySpec: weak.keySpec },
        middle: weak,
        leaf: { signatureAlgorithm: { type: 'rsa-pkcs1', hash: 'sha256' } },
        policy: { signatureHashes: ['sha1', 'sha256'] },
      }),
    ).toBe('ok');
    // A root's signature by itself proves nothing, and is not looked at.
    expect(chain({ root: weak })).toBe('ok');
  });
  test('small RSA keys', () => {
    const small = { keySpec: { type: 'rsa', bits: 1024 } } as const;
    expect(chain({ root: small })).toBe('CA_KEY_TOO_SMALL (rejected) at 2');
    expect(chain({ middle: small })).toBe('CA_KEY_TOO_SMALL (rejected) at 1');
    expect(chain({ leaf: small })).toBe('EE_KEY_TOO_SMALL (rejected) at 0');
    expect(chain({ root: small, middle: small, leaf: small, policy: { minRsaBits: 1024 } })).toBe('ok');
  });
  test('an algorithm that nobody knows', () => {
    const root = authority('root');
    const leaf = issue('leaf', { issuer: root });
    // ecdsa-with-SHA256 (…4.3.2) becomes …4.3.9, in both places.
    const changed = leaf.certificate.slice();
    const id = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    for (let i = 0; i + id.length <= changed.length; i++) {
      if (id.every((octet, k) => changed[i + k] === octet)) changed[i + id.length - 1] = 9;
    }
    expect(outcomeOf([{ ...leaf, certificate: changed }], root)).toBe(
      'UNSUPPORTED_SIGNATURE_ALGORITHM (unsupported) at 0',
    );
  });
  test('a key that the provider does not know', () => {
    const spki = sequence(sequence(oid('1.2.3')), tlv(0x03, [0, 1, 2, 3]));
    const root = authority('root');
    const strange = issue('leaf', {
      issuer: root,
      key: { ...newKey(), publicKey: { ...newKey().publicKey, spki } },
    });
    expect(outcomeOf([strange], root)).toBe('UNSUPPORTED_PUBLIC_KEY (unsupported) at 0');
    const middle = authority('middle', {
      issuer: root,
      key: { ...newKey(), publicKey: { ...newKey().publicKey, spki } },
    });
    expect(outcomeOf([issue('leaf', { issuer: { ...middle, key: newKey() } }), middle], root)).toBe(
      'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY (unsupported) at 1',
    );
  });
});

describe('name constraints (§4.2.1.10)', () => {
  const under = (constraints: Contents['nameConstraints'], leaf: Contents) =>
    chain({ middle: { nameConstraints: constraints! }, leaf });
  const [permittedViolation, excludedViolation, undecidable] = [
    'PERMITTED_VIOLATION (rejected) at 0',
    'EXCLUDED_VIOLATION (rejected) at 0',
    'UNSUPPORTED_CONSTRAINT_TYPE (rejected) at 0',
  ];
  test.each<[Contents['nameConstraints'], Contents, string]>([
    [{ permitted: { dnsNames: ['example'] } }, { dnsNames: ['a.example', 'EXAMPLE'] }, 'ok'],
    [
      { permitted: { dnsNames: ['example'] } },
      { dnsNames: ['a.example', 'a.badexample'] },
      permittedViolation,
    ],
    [{ permitted: { dnsNames: ['.example'] } }, { dnsNames: ['a.example'] }, 'ok'],
    [{ permitted: { dnsNames: ['a.example'] } }, { dnsNames: ['*.example'] }, permittedViolation],
    [{ permitted: { dnsNames: ['b.example'] } }, { dnsNames: ['*.b.example'] }, 'ok'],
    [{ permitted: { dnsNames: ['a.example', 'b.example'] } }, { dnsNames: ['x.b.example'] }, 'ok'],
    [{ permitted: { dnsNames: ['a.example'] } }, { dnsNames: [], ipAddresses: ['127.0.0.1'] }, 'ok'],
    [{ excluded: { dnsNames: ['b.example'] } }, { dnsNames: ['a.example'] }, 'ok'],
    [
      { excluded: { dnsNames: ['b.example'] } },
      { dnsNames: ['a.example', 'x.B.example'] },
      excludedViolation,
    ],
    [{ excluded: { dnsNames: ['b.example'] } }, { dnsNames: ['*.example'] }, excludedViolation],
    [{ excluded: { dnsNames: [''] } }, { dnsNames: ['a.example'] }, excludedViolation],
    [
      { permitted: { dnsNames: ['example'] }, excluded: { dnsNames: ['example'] } },
      { dnsNames: ['a.example'] },
      excludedViolation,
    ],
    [{ permitted: { dnsNames: ['not..a.name'] } }, { dnsNames: ['a.example'] }, undecidable],
    [{ permitted: { ipRanges: ['10.0.0.0/8'] } }, { dnsNames: [], ipAddresses: ['10.255.0.1'] }, 'ok'],
    [
      { permitted: { ipRanges: ['10.0.0.0/8'] } },
      { dnsNames: [], ipAddresses: ['11.0.0.1'] },
      permittedViolation,
    ],
    [{ permitted: { ipRanges: ['10.0.0.0/8'] } }, { dnsNames: [], ipAddresses: ['::1'] }, permittedViolation],
    [
      { excluded: { ipRanges: ['2001:db8::/33'] } },
      { dnsNames: [], ipAddresses: ['2001:db8:7fff::1'] },
      excludedViolation,
    ],
    [
      { excluded: { ipRanges: ['2001:db8::/33'] } },
      { dnsNames: [], ipAddresses: ['2001:db8:8000::1'] },
      'ok',
    ],
    [{ permitted: { emails: ['a@host.example'] } }, { emails: ['a@HOST.example'] }, 'ok'],
    [{ permitted: { emails: ['a@host.example'] } }, { emails: ['A@host.example'] }, permittedViolation],
    [{ permitted: { emails: ['host.example'] } }, { emails: ['a@sub.host.example'] }, permittedViolation],
    [{ permitted: { emails: ['.host.example'] } }, { emails: ['a@sub.host.example'] }, 'ok'],
    [
      { excluded: { emails: ['host.example'] } },
      { emails: ['not an address'.replaceAll(' ', '')] },
      undecidable,
    ],
    [
      { excluded: { emails: ['host.example'] } },
      { dnsNames: [], subject: { CN: 'x', emailAddress: 'a@host.example' } },
      excludedViolation,
    ],
    [{ permitted: { directoryNames: [{ O: 'One' }] } }, { subject: { O: 'one', CN: 'x' } }, 'ok'],
    [
      { permitted: { directoryNames: [{ O: 'One' }] } },
      { subject: { O: 'Two', CN: 'x' } },
      permittedViolation,
    ],
    [{ excluded: { directoryNames: [{ O: 'One' }] } }, { subject: { O: 'One', CN: 'x' } }, excludedViolation],
    [{ permitted: { directoryNames: [{ O: 'One' }] } }, { subject: {} }, 'ok'],
  ])('%j over %j', (constraints, leaf, expected) => expect(under(constraints, leaf)).toBe(expected));

  const withSubtree = (base: Uint8Array) => ({
    extensions: [{ id: '2.5.29.30', critical: true, value: sequence(tlv(0xa0, sequence(base))) }],
  });
  const withName = (name: Uint8Array) => ({
    dnsNames: [],
    extensions: [{ id: '2.5.29.17', value: sequence(name) }],
  });
  const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  test.each([
    ['https://a.example/x', 'a.example', 'ok'],
    ['https://user@a.EXAMPLE:8443', '.example', 'ok'],
    ['https://b.example/a.example', 'a.example', permittedViolation],
    ['https://1.2.3.4/', 'a.example', undecidable],
    ['mailto:a@a.example', 'a.example', undecidable],
  ])('URI %s within %s', (uri, base, expected) => {
    expect(
      chain({ middle: withSubtree(tlv(0x86, ascii(base))), leaf: withName(tlv(0x86, ascii(uri))) }),
    ).toBe(expected);
  });
  test('forms that we cannot compare are refused where they meet, and only there', () => {
    const registered = tlv(0x88, [0x2a, 3]);
    expect(chain({ middle: withSubtree(registered), leaf: withName(registered) })).toBe(undecidable);
    expect(chain({ middle: withSubtree(registered) })).toBe('ok');
    expect(
      chain({
        middle: withSubtree(registered),
        leaf: withName(tlv(0xa0, oid('1.2.3'), tlv(0xa0, tlv(0x0c)))),
      }),
    ).toBe('ok');
  });
  test('a mask with holes', () => {
    const holes = tlv(0x87, [10, 0, 0, 0, 0xff, 0, 0xff, 0]);
    expect(chain({ middle: withSubtree(holes), leaf: { dnsNames: [], ipAddresses: ['10.0.0.1'] } })).toBe(
      undecidable,
    );
  });
  test('act on intermediates too, unless they are self-issued', () => {
    const constraints = { permitted: { directoryNames: [{ O: 'One' }] } };
    const root = authority('root', { nameConstraints: constraints, subject: { O: 'One' } });
    const outside = authority('x', { issuer: root, subject: { O: 'Two' } });
    expect(
      outcomeOf([issue('leaf', { issuer: outside, subject: { O: 'One', CN: 'x' } }), outside], root),
    ).toBe('PERMITTED_VIOLATION (rejected) at 1');
    const named = authority('root', { nameConstraints: { permitted: { dnsNames: ['example'] } } });
    const rollover = authority('root', { issuer: named, dnsNames: ['elsewhere'] });
    expect(outcomeOf([issue('leaf', { issuer: rollover }), rollover], named)).toBe('ok');
  });
});

describe('names', () => {
  test.each([
    ['a.example', 'ok'],
    ['b.example', 'HOSTNAME_MISMATCH (nameMismatch) at 0'],
    ['127.0.0.1', 'IP_ADDRESS_MISMATCH (nameMismatch) at 0'],
    ['leaf', 'HOSTNAME_MISMATCH (nameMismatch) at 0'],
    ['not a name', 'HOSTNAME_MISMATCH (nameMismatch) at 0'],
  ])('%s', (hostName, expected) => expect(chain({ options: { hostName } })).toBe(expected));
});

test("the caller's mistakes", () => {
  expect(() => chain({ options: { timeMs: Number.NaN } })).toThrow(ApiMisuseError);
  expect(() => chain({ policy: { minRsaBits: -1 } })).toThrow(ApiMisuseError);
  expect(() => chain({ policy: { maxDepth: 1 } as never })).toThrow(ApiMisuseError);
});
