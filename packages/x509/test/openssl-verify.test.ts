import { createPublicKey, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Issued,
  TrustAnchors,
  nodeTlsError,
  nodeTlsPolicy,
  parseCertificate,
  verifyChain,
} from '../src/index.ts';
import { checkKeyCertSign, mayHaveIssued } from '../src/path/openssl-rules.ts';
import { opensslErrors } from '../src/path/openssl-walk.ts';
import { pathPolicy } from '../src/path/policy.ts';
import { checkIsSigned } from '../src/path/signature-checks.ts';
import { nowMs, provider } from './authority.ts';
import { type EditName, type Hierarchy, type Plan, grow, plans } from './hierarchies.ts';
import { hasOpenssl, opensslVerifyErrors } from './openssl.ts';

/** Random hierarchies, beside `openssl verify` and Node's `X509Certificate`. */
const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const runs = isFull ? 2_000 : 60;
const der = (issued: readonly Issued[]) => issued.map(({ certificate }) => certificate);

/** As `openssl verify` prints them: it goes on after some errors, and stops after any other. */
function printed({ roots, sent, leaf }: Hierarchy): string[] {
  const errors = opensslErrors({
    endEntity: parseCertificate(leaf.certificate),
    intermediates: der(sent).map(parseCertificate),
    anchors: new TrustAnchors(der(roots)),
    use: { timeMs: nowMs, purpose: 'serverAuth', keyUse: undefined },
    policy: pathPolicy(nodeTlsPolicy()),
    provider,
  });
  const last = errors.findIndex(({ code }) => !goesOnAfter.has(code));
  return errors
    .slice(0, last < 0 ? errors.length : last + 1)
    .map((error) => `${error.depth} ${nodeTlsError(error).message}`);
}

function isAccepted({ roots, sent, leaf }: Hierarchy, policy = {}): boolean {
  const chain = der([leaf, ...sent]);
  return verifyChain({ provider, chain, roots: der(roots), timeMs: nowMs, policy }).ok;
}

describe('random hierarchies', () => {
  if (!hasOpenssl) {
    const reason = 'beside openssl verify: no openssl command';
    console.log(`skipped: ${reason}`);
    test.skip(reason);
  } else
    test('give the same errors as openssl verify, in the same order, by the policy for node:tls', () => {
      fc.assert(
        fc.property(plans, (plan) => {
          const hierarchy = grow(plan);
          const { roots, sent, leaf } = hierarchy;
          const said = opensslVerifyErrors(der(roots), der(sent), leaf.certificate, [
            ...['-purpose', 'sslserver', '-auth_level', '2', '-attime', String(nowMs / 1_000)],
          ]);
          expect(printed(hierarchy)).toEqual(said);
          expect(isAccepted(hierarchy, nodeTlsPolicy())).toBe(said.length === 0);
          // And by the rules of RFC 5280, but for what is explained.
          const isGood = isAccepted(hierarchy);
          if (isGood !== (said.length === 0)) expect(differences(plan, isGood)).not.toEqual([]);
        }),
        { numRuns: runs },
      );
    });

  test('certificates have issued what X509Certificate says', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { path } = grow(plan);
        for (const [i, upper] of path.entries()) {
          for (const lower of path.slice(i)) {
            const [above, below] = [upper, lower].map((one) => parseCertificate(one.certificate));
            const [nodeAbove, nodeBelow] = [upper, lower].map((one) => new X509Certificate(one.certificate));
            expect(mayHaveIssued(above!, below!) && checkKeyCertSign(above!, 1) === undefined).toBe(
              nodeBelow!.checkIssued(nodeAbove!),
            );
            const key = createPublicKey({ key: Buffer.from(above!.spki), format: 'der', type: 'spki' });
            expect(checkIsSigned(below!, above!, 0, provider) === undefined).toBe(nodeBelow!.verify(key));
          }
        }
      }),
      { numRuns: runs },
    );
  });
});

function differences(plan: Plan, isGood: boolean): readonly EditName[] {
  const list = isGood ? onlyOpenssl : onlyWe;
  return plan.edits.map(([name]) => name).filter((name) => name in list);
}

const notAsked =
  '§4.2.1.3: the key usage of the end entity is looked at when it is known what its key does (keyUse)';

/** Refused by OpenSSL, accepted by the rules of RFC 5280. */
const onlyOpenssl: Partial<Record<EditName, string>> = {
  lastSecond: '§4.1.2.5: the validity period is inclusive',
  anyPurpose: '§4.2.1.12: anyExtendedKeyUsage does not restrict',
  otherKeyIdentifier: '§4.2.1.1: a means of identifying the key; §6.1 does not look at it',
  otherSubjectKeyIdentifier: '§4.2.1.2: a means of identifying the key; §6.1 does not look at it',
  onlyDataEncipherment: notAsked,
  noCa: notAsked,
  pathLength0: notAsked,
  pathLength1: notAsked,
};

/** The reverse. */
const onlyWe: Partial<Record<EditName, string>> = {
  requiresPolicy: '§4.2.1.11: policies are looked at without being asked to',
};

/** Those after which the command goes on. */
const goesOnAfter: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'UNHANDLED_CRITICAL_EXTENSION',
]);
