import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { bytes } from '../../test/harness/recorded-connection.ts';
import { suites12 } from '../registry/suites12.ts';
import { Transcript } from '../transcript/transcript.ts';
import { concat, hex } from '../wire/bytes.ts';
import { finishedHash, prf } from './prf.ts';
import { profileOf } from './profile.ts';
import { suite12 } from './suites.ts';

const sha256 = suite12(suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)!;
const sha384 = suite12(suites12.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)!;
const [tls10, tls11, tls12] = [0x0301, 0x0302, 0x0303].map(profileOf) as [Profile, Profile, Profile];
type Profile = ReturnType<typeof profileOf>;

const secret = bytes('b80b733d6ceefcdc71566ea48e5567df');
const seed = bytes('cd665cf6a8447dd6ff8b27555edb7465');

describe('the PRF', () => {
  // Posted to the mailing list of the TLS working group (archive: tls/current/msg03416), and equal in OpenSSL 3.0.19.
  it('of TLS 1.2 with SHA-256', () => {
    const output = prf(tls12, sha256, olderProvider)(
      bytes('9bbe436ba940f017b17652849a71db35'),
      'test label',
      [bytes('a0ba9f936cda311827a6f796ffd5198c')],
      100,
    );
    expect(hex(output)).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af' +
        '0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701' +
        '87347b66',
    );
  });

  it('of TLS 1.2 with SHA-384', () => {
    const output = prf(tls12, sha384, olderProvider)(secret, 'test label', [seed], 148);
    expect(hex(output)).toBe(
      '7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0' +
        'e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425' +
        '9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e099070' +
        '3d73e56f',
    );
  });

  // OpenSSL 3.0.19: `openssl kdf -kdfopt digest:MD5-SHA1 … TLS1-PRF`.
  it.each([
    [
      'even',
      secret,
      '9289c1c6c85b5bc9cbdeb255e32a9978f38e9decdf0cbef6a0f979168f3b0362da2328160fd5394b40f43410e09f14bdcd29',
    ],
    [
      'odd',
      concat([secret, new Uint8Array([0x31])]),
      'f017e7f1e74ff276dee20a048e81b5dd80179816534afafe33b7b5017023a3cad51549b4788166793ff99bf0ffecf9a0bfc9',
    ],
  ])('of TLS 1.0 and 1.1, whatever the suite: a secret of %s length', (_, own, expected) => {
    for (const profile of [tls10, tls11]) {
      for (const suite of [sha256, sha384]) {
        const output = prf(profile, suite, olderProvider)(own, 'test label', [seed], 50);
        expect(hex(output)).toBe(expected);
      }
    }
  });

  it('takes the seed in pieces, and cuts', () => {
    for (const profile of [tls10, tls12]) {
      const own = prf(profile, sha256, olderProvider);
      const whole = own(secret, 'test label', [seed], 90);
      for (const length of [0, 1, 12, 16, 20, 31, 32, 33, 64, 89]) {
        expect(own(secret, 'test label', [seed.subarray(0, 5), seed.subarray(5)], length)).toEqual(
          whole.subarray(0, length),
        );
      }
    }
  });

  it('needs hashes that the provider has', () => {
    const { md5: _, ...hashes } = olderProvider.hashes;
    expect(() => prf(tls11, sha256, { ...olderProvider, hashes })).toThrow('core tests has no md5');
  });
});

describe('the hash of Finished', () => {
  const transcript = () => Transcript.empty.append(secret).append(seed);
  const digest = (name: 'md5' | 'sha1' | 'sha256' | 'sha384') =>
    olderProvider.hashes[name]!.digest([secret, seed]);

  it('is the hash of the suite in TLS 1.2', () => {
    expect(transcript().digest(finishedHash(tls12, sha256, olderProvider))).toEqual(digest('sha256'));
    expect(transcript().digest(finishedHash(tls12, sha384, olderProvider))).toEqual(digest('sha384'));
  });

  it('is MD5 and SHA-1 before, one function for all suites, forks and all', () => {
    const both = concat([digest('md5'), digest('sha1')]);
    const hash = finishedHash(tls10, sha256, olderProvider);
    const begun = transcript();
    expect(begun.digest(hash)).toEqual(both);
    expect(begun.append(secret).digest(finishedHash(tls11, sha384, olderProvider))).toHaveLength(36);
    expect(begun.digest(hash)).toEqual(both);
  });
});
