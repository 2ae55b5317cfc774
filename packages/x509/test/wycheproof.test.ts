import type { CryptoProvider, PublicKey, SignatureAlgorithm } from '@sealwire/core';
import { type WycheproofFile, runWycheproofFile } from '@sealwire/testkit';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readAlgorithmIdentifier } from '../src/certificate/algorithm.ts';
import type { Certificate } from '../src/certificate/certificate.ts';
import { DerReader } from '../src/der/reader.ts';
import { pathPolicy } from '../src/path/policy.ts';
import { checkSignature } from '../src/path/signature-checks.ts';
import { writeSignatureAlgorithm } from '../src/writer/algorithm.ts';
import { toDer } from '../src/writer/asn1.ts';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { provider as older } from './authority.ts';

/**
 * Wycheproof's signatures as if they were those of certificates: through the AlgorithmIdentifier that names the algorithm, and the
 * check that stands between a certificate and its issuer. From the folder `SEALWIRE_WYCHEPROOF`, by default
 * `shared/wycheproof` beside the repository.
 */
const folder =
  process.env['SEALWIRE_WYCHEPROOF'] ??
  fileURLToPath(new URL('../../../../shared/wycheproof', import.meta.url));
const ofSignatures =
  /^(ecdsa_.*|ed25519|ed448|rsa_pss_.*|rsa_signature_.*|rsa_pkcs1_\d+|mldsa_\d+_verify)_test\.json$/;
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => ofSignatures.test(name) && !name.includes('p1363'))
  : [];
// What the vectors are about is arithmetic; how much of it is enough, other tests say.
const policy = pathPolicy({
  signatureHashes: ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
  minRsaBits: 512,
});
const used = new Set<string>();
const provider = withMlDsa(older);

/** Verifies as a chain does. */
const asInChains: CryptoProvider = {
  ...provider,
  importPublicKey(spki): PublicKey | undefined {
    const key = provider.importPublicKey(spki);
    return (
      key && {
        kind: key.kind,
        spki: key.spki,
        verify: (algorithm, message, signature) =>
          checkSignature(signed(algorithm, message, signature), { spki, subject }, 0, provider, policy) ===
          undefined,
      }
    );
  },
};

const subject = 'the key of the vector' as unknown as Certificate['subject'];

function signed(algorithm: SignatureAlgorithm, tbs: Uint8Array, signature: Uint8Array): Certificate {
  const der = toDer(writeSignatureAlgorithm(algorithm));
  const signatureAlgorithm = readAlgorithmIdentifier(new DerReader(der, 'test'), 'signatureAlgorithm');
  used.add(signatureAlgorithm.algorithm);
  return { tbs, signature, signatureAlgorithm } as Certificate;
}

if (files.length === 0) {
  const reason = `no folder ${folder}: set SEALWIRE_WYCHEPROOF to one with Wycheproof's testvectors_v1`;
  console.log(`skipped: Wycheproof, ${reason}`);
  it.skip(reason);
} else {
  it.each(files)('signatures of %s', (name) => {
    const file = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as WycheproofFile;
    const { failures, run, notApplicable } = runWycheproofFile(asInChains, file);
    expect(failures).toEqual([]);
    expect(run + notApplicable).toBeGreaterThan(0);
  });

  it('are of every kind that certificates have', () => {
    // PKCS #1 with four hashes of SHA-2, PSS, ECDSA with SHA-256 to SHA-512, Ed25519, Ed448, and ML-DSA's three.
    expect(used.size).toBeGreaterThanOrEqual(13);
  });
}
