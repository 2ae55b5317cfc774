import type { CryptoProvider } from '@sealwire/core';
import { runAead } from './aead.ts';
import { runCbc } from './cbc.ts';
import { runEcdhPoint, runEcdhSpki, runMlKem, runMlKemEncaps, runMlKemKey, runXdh } from './exchange.ts';
import { runHkdf, runMac } from './mac.ts';
import { runEcdsa, runEddsa, runMlDsa, runRsaPkcs1, runRsaPkcs1Generate, runRsaPss } from './signature.ts';
import type { GroupRunner, Verdict, WycheproofFile, WycheproofGroup, WycheproofTest } from './vector.ts';

/**
 * Runs a provider against a file of Wycheproof (https://github.com/C2SP/wycheproof, schema `testvectors_v1`).
 *
 * What counts as right: `valid` must give the expected result and `invalid` must be refused, without an
 * exception. `acceptable` was decided once, by flag:
 *  - `ZeroSharedSecret`: refused, as RFC 9846 §7.4.2 demands; other X25519/X448 cases (twist, non-canonical
 *    or special points): must compute the expected secret, as RFC 7748 §5 demands.
 *  - `CompressedPoint`, `UnnamedCurve`, `InvalidAsn` and all else about the form of keys: refused.
 *  - `MissingNull` in an RSA signature: refused, since the whole block is compared.
 *  - `WeakHash`, `SmallModulus`, `SmallPublicKey`: computed. Policy about strength is not the provider's.
 *  - a `valid` key in a form that TLS and X.509 do not know is refused: see `runEcdhSpki`, `runRsaPss`.
 */
export function runWycheproofFile(
  provider: CryptoProvider,
  file: WycheproofFile,
  options: WycheproofOptions = {},
): WycheproofOutcome {
  const { most = Number.POSITIVE_INFINITY } = options;
  const outcome = {
    cases: 0,
    run: 0,
    notApplicable: 0,
    leftOut: new Set<string>(),
    failures: [] as string[],
  };
  const applicable: [WycheproofGroup, WycheproofTest, GroupRunner][] = [];
  for (const group of file.testGroups) {
    const runner = runners[group.type];
    for (const test of group.tests) {
      outcome.cases++;
      if (runner === undefined) outcome.notApplicable++;
      else applicable.push([group, test, runner]);
    }
    if (runner !== undefined) continue;
    const reason = unusedTypes[group.type];
    if (reason === undefined) outcome.failures.push(`no runner for groups of type ${group.type}`);
    else outcome.leftOut.add(`${group.type}: ${reason}`);
  }
  for (const [group, test, runner] of sampled(applicable, most)) {
    let verdict: Verdict;
    try {
      verdict = runner(provider, group, test, file.algorithm ?? '');
    } catch (error) {
      verdict = `threw ${String(error)}`;
    }
    if (verdict === 'not applicable') outcome.notApplicable++;
    else outcome.run++;
    if (verdict !== 'right' && verdict !== 'not applicable') {
      outcome.failures.push(
        `tcId ${test.tcId} (${test.result}; ${test.flags?.join(', ')}; ${test.comment}): ${verdict}`,
      );
    }
  }
  return outcome;
}

export interface WycheproofOptions {
  /** Run at most so many cases of the file, evenly spread over it. Default: all. */
  readonly most?: number;
}

export interface WycheproofOutcome {
  readonly cases: number;
  readonly run: number;
  /** Parameters that TLS does not use, such as nonces of other lengths than 12 bytes. */
  readonly notApplicable: number;
  /** Why groups of the file were not run at all. */
  readonly leftOut: ReadonlySet<string>;
  readonly failures: readonly string[];
}

/** Every n-th, always the same for the same length. */
function sampled<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!);
}

const runners: Readonly<Record<string, GroupRunner>> = {
  AeadTest: runAead,
  IndCpaTest: runCbc,
  MacTest: runMac,
  HkdfTest: runHkdf,
  XdhComp: runXdh,
  EcdhEcpointTest: runEcdhPoint,
  EcdhTest: runEcdhSpki,
  MLKEMTest: runMlKem,
  MLKEMEncapsTest: runMlKemEncaps,
  MLKEMKeyGen: runMlKemKey,
  EcdsaVerify: runEcdsa,
  EddsaVerify: runEddsa,
  MlDsaVerify: runMlDsa,
  RsassaPkcs1Verify: runRsaPkcs1,
  RsassaPkcs1Generate: runRsaPkcs1Generate,
  RsassaPssVerify: runRsaPss,
  RsassaPssWithParametersVerify: runRsaPss,
};

/** Types of groups that say nothing about `CryptoProvider`. */
const unusedTypes: Readonly<Record<string, string>> = {
  EcCurveTest: 'curve parameters are fixed',
  EcdhPemTest: 'the same keys as EcdhTest, in PEM',
  EcdsaP1363Verify: 'TLS and X.509 use the DER form',
  JsonWebKey: 'JSON Web Keys are not read',
  MLKEMDecapsValidationTest: 'private keys are seeds, never expanded',
  PbkdfTest: 'password-based keys are not part of the provider',
  PbeTest: 'password-based keys are not part of the provider',
  PrimalityTest: 'primality tests are not part of the provider',
  RsaesPkcs1Decrypt: 'RSA decryption is not part of the provider',
  XdhAsnComp: 'X25519 and X448 keys travel as raw bytes in TLS',
  XdhJwkComp: 'X25519 and X448 keys travel as raw bytes in TLS',
  XdhPemComp: 'X25519 and X448 keys travel as raw bytes in TLS',
};
