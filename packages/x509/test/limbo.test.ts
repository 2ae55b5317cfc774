import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { certificatesDer, verifyChain } from '../src/index.ts';
import { nodeProvider } from '@sealwire/crypto-node';

/**
 * The cases of x509-limbo (github.com/C2SP/x509-limbo), read from the file that SEALWIRE_LIMBO names, by default
 * `shared/limbo/limbo.json` beside the repository. Cases whose expectation goes beyond RFC 5280 and RFC 9525 stand below, each with its reason.
 */
const path =
  process.env['SEALWIRE_LIMBO'] ??
  fileURLToPath(new URL('../../../../shared/limbo/limbo.json', import.meta.url));

interface Case {
  readonly id: string;
  readonly validation_kind: 'SERVER' | 'CLIENT';
  readonly trusted_certs: string[];
  readonly untrusted_intermediates: string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly expected_result: 'SUCCESS' | 'FAILURE';
  readonly expected_peer_name: { kind: 'DNS' | 'IP' | 'RFC822'; value: string } | null;
  readonly expected_peer_names: { kind: string; value: string }[];
  readonly max_chain_depth: number | null;
}

/** Accepted although limbo wants them refused. */
const tolerated: Record<string, string> = {
  'rfc5280::aki::critical-aki': 'criticality of an extension that we understand binds CAs',
  'rfc5280::aki::leaf-missing-aki': 'key identifiers are hints for building; their absence hides nothing',
  'rfc5280::nc::permitted-dns-match-noncritical': 'the constraints are enforced, critical or not',
  'rfc5280::nc::not-allowed-in-ee-noncritical': 'an end entity constrains nobody',
  'rfc5280::nc::not-allowed-in-ee-critical': 'an end entity constrains nobody',
  'rfc5280::san::underscore-dns': 'real hosts have underscores, and they match nothing else',
  'rfc5280::serial::zero': 'trusted roots carry it; §4.1.2.2 asks to handle such certificates gracefully',
  'webpki::aki::root-with-aki-authoritycertissuer': 'profile of the CA/Browser Forum, not RFC 5280',
  'webpki::aki::root-with-aki-authoritycertserialnumber': 'profile of the CA/Browser Forum, not RFC 5280',
  'webpki::aki::root-with-aki-ski-mismatch': 'profile of the CA/Browser Forum, not RFC 5280',
  'webpki::cn::punycode-not-in-san': 'the common name is never looked at',
  'webpki::cn::utf8-vs-punycode-mismatch': 'the common name is never looked at',
  'webpki::cn::case-mismatch': 'the common name is never looked at',
  'webpki::eku::ee-anyeku': 'RFC 5280 §4.2.1.12 gives it this meaning',
  'webpki::eku::root-has-eku': 'the purposes of a root are enforced',
  'webpki::san::public-suffix-multi-label-wildcard-san': 'needs the list of public suffixes',
  'webpki::san::public-suffix-private-namespace-wildcard-san': 'needs the list of public suffixes',
  'webpki::san::san-critical-with-nonempty-subject': 'profile of the CA/Browser Forum, not RFC 5280',
  'webpki::malformed-aia': 'the extension is not used, and so is not read',
  'webpki::forbidden-rsa-not-divisible-by-8-in-root': 'profile of the CA/Browser Forum, not RFC 5280',
  'webpki::ca-as-leaf': 'RFC 5280 lets a CA be an end entity',
  'webpki::ee-basicconstraints-ca': 'RFC 5280 lets a CA be an end entity',
};

if (!existsSync(path)) {
  const reason = `no file ${path}: set SEALWIRE_LIMBO to a limbo.json`;
  console.log(`skipped: x509-limbo, ${reason}`);
  test.skip(reason);
} else {
  const { testcases } = JSON.parse(readFileSync(path, 'utf8')) as { testcases: Case[] };
  describe('x509-limbo', () => {
    for (const one of testcases) {
      test(one.id, () => {
        const outcome = run(one);
        const expected = tolerated[one.id] === undefined ? one.expected_result === 'SUCCESS' : true;
        expect(outcome.ok, outcome.ok ? 'accepted' : `${outcome.code}: ${outcome.message}`).toBe(expected);
      });
    }
    test('tolerated cases exist', () => {
      const ids = new Set(testcases.map(({ id }) => id));
      expect(Object.keys(tolerated).filter((id) => !ids.has(id))).toEqual([]);
    });
  });
}

function run(one: Case) {
  const hostName =
    one.expected_peer_name !== null && one.expected_peer_name.kind !== 'RFC822'
      ? one.expected_peer_name.value
      : undefined;
  return verifyChain({
    provider: nodeProvider,
    chain: certificatesDer([one.peer_certificate, ...one.untrusted_intermediates]),
    roots: one.trusted_certs,
    timeMs: one.validation_time === null ? Date.now() : Date.parse(one.validation_time),
    purpose: one.validation_kind === 'SERVER' ? 'serverAuth' : 'clientAuth',
    ...(hostName === undefined ? {} : { hostName }),
    policy: one.max_chain_depth === null ? {} : { maxIntermediates: one.max_chain_depth },
  });
}
