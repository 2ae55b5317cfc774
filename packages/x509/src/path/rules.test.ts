import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type SignatureAlgorithm } from '@sealwire/core';
import { type Contents, authority, issue, newKey } from '../../test/authority.ts';
import { chain, outcomeOf } from '../../test/chain.ts';
import { certificate, commonName, ecdsaWithSha256, oid, type Parts, sequence, tlv } from '../../test/der.ts';
import { type Issued, parseCertificate } from '../index.ts';

/** Every rule of RFC 5280 §6 that can refuse a chain, but for names: once broken, once kept. */

/** A certificate by hand, signed by `issuer`. */
function signed(parts: Partial<Parts>, issuer: Issued): Uint8Array {
  const { tbs } = parseCertificate(certificate(parts));
  const signature = issuer.key.sign({ type: 'ecdsa', hash: 'sha256' }, tbs);
  return sequence(tbs, ecdsaWithSha256, tlv(0x03, [0], signature));
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
  });
  test('without basicConstraints: never in version 3, and before it only as an anchor', () => {
    const middle = authority('middle');
    for (const [version, asAnchor, expected] of [
      [[], true, 'ok'],
      [[], false, 'INVALID_CA (rejected) at 1'],
      [tlv(0xa0, tlv(0x02, [2])), true, 'INVALID_CA (rejected) at 1'],
      [tlv(0xa0, tlv(0x02, [2])), false, 'INVALID_CA (rejected) at 1'],
    ] as const) {
      const root = authority('root');
      const plain = signed(
        {
          version,
          spki: middle.key.publicKey.spki,
          subject: commonName('middle'),
          issuer: commonName('root'),
        },
        root,
      );
      const leaf = issue('leaf', { issuer: { certificate: middle.certificate, key: middle.key } });
      const chain = [leaf, { ...middle, certificate: plain }];
      expect(outcomeOf(chain, asAnchor ? chain[1]! : root)).toBe(expected);
    }
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
  test('any purpose is asked for, or another one', () => {
    const leaf = { extendedKeyUsage: ['emailProtection'] };
    expect(chain({ leaf, options: { purpose: 'any' } })).toBe('ok');
    expect(chain({ leaf, options: { purpose: 'emailProtection' } })).toBe('ok');
    expect(chain({ leaf, options: { purpose: 'codeSigning' } })).toBe('INVALID_PURPOSE (unsupported) at 0');
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
  test('policies: none is required, unless a CA asks for one', () => {
    const policies = { id: '2.5.29.32', critical: true, value: sequence(sequence(oid('1.2.3'))) };
    expect(chain({ leaf: { extensions: [policies] } })).toBe('ok');
    const required = { id: '2.5.29.36', critical: true, value: sequence(tlv(0x80, [0])) };
    expect(chain({ middle: { extensions: [required] } })).toBe('NO_EXPLICIT_POLICY (rejected) at 0');
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
    ['secp256k1', { type: 'ec', curve: 'secp256k1' }, undefined],
    ['brainpoolP256r1', { type: 'ec', curve: 'brainpoolP256r1' }, undefined],
    ['brainpoolP512r1 SHA-256', { type: 'ec', curve: 'brainpoolP512r1' }, { type: 'ecdsa', hash: 'sha256' }],
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
  test('SHA-1 in the mask of RSASSA-PSS', () => {
    const root = authority('root', { keySpec: { type: 'rsa', bits: 2048 } });
    const signer = { ...root, key: { ...root.key, sign: () => new Uint8Array(256) } };
    const signatureAlgorithm = { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha1', saltBytes: 32 } as const;
    expect(outcomeOf([issue('leaf', { issuer: signer, signatureAlgorithm })], root)).toBe(
      'CA_MD_TOO_WEAK (unsupported) at 0',
    );
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
