import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Issued, encodePem } from '../src/index.ts';
import { nowMs } from './authority.ts';
import { type Testcase as AdaptedCase, verify, verifyLikeNode } from './limbo-adapter.mjs';
import { accepted, unlikeNode } from './limbo-explained.ts';
import { crlOf, entryOf, world } from './revocation.ts';

/**
 * The cases of x509-limbo (github.com/C2SP/x509-limbo), read from the file that SEALWIRE_LIMBO names, by default
 * `shared/limbo/limbo.json` beside the repository; and what Node did with them, from `expectations.json` beside that. Nine in
 * ten are bad chains: good ones are counted apart.
 */
const path =
  process.env['SEALWIRE_LIMBO'] ??
  fileURLToPath(new URL('../../../../shared/limbo/limbo.json', import.meta.url));
const expectations = new URL('expectations.json', `file://${path}`);

interface Testcase extends AdaptedCase {
  readonly expected_result: 'SUCCESS' | 'FAILURE';
}

interface Expectation {
  readonly node24: { readonly result: 'SUCCESS' | 'FAILURE' | 'SKIPPED'; readonly code: string | null };
}

describe('a case with CRLs, made here', () => {
  const { root, middle, leaf } = world();
  const pem = ({ certificate }: Issued) => encodePem('CERTIFICATE', certificate);
  const name = { kind: 'DNS', value: 'a.example' } as const;
  const bare: AdaptedCase = {
    id: 'crl',
    validation_kind: 'SERVER',
    trusted_certs: [pem(root)],
    untrusted_intermediates: [pem(middle)],
    peer_certificate: pem(leaf),
    validation_time: new Date(nowMs).toISOString(),
    expected_peer_name: name,
    expected_peer_names: [name],
    max_chain_depth: null,
  };
  const rootCrl = crlOf(root);
  test.each([
    ['none', [], { result: 'SUCCESS' }],
    ['good', [rootCrl, crlOf(middle)], { result: 'SUCCESS' }],
    ['revoked', [rootCrl, crlOf(middle, { revoked: [entryOf(leaf)] })], { code: 'CERT_REVOKED' }],
    ['nothing from the issuer', [rootCrl], { code: 'UNABLE_TO_GET_CRL' }],
  ] as const)('%s', async (_, crls, expected) => {
    const one = { ...bare, crls: crls.map((der) => encodePem('X509 CRL', der)) };
    expect(await verify(one)).toMatchObject(expected);
    expect(await verifyLikeNode(one)).toMatchObject(expected);
  });
});

if (existsSync(path)) {
  const { testcases } = JSON.parse(readFileSync(path, 'utf8')) as { testcases: Testcase[] };
  for (const [name, result] of [
    ['good chains of x509-limbo are accepted', 'SUCCESS'],
    ['bad chains of x509-limbo are refused, but for what is explained', 'FAILURE'],
  ] as const) {
    describe(name, () => {
      for (const one of testcases.filter((each) => each.expected_result === result)) {
        test(one.id, async () => {
          const verdict = await verify(one);
          expect(verdict.result, verdict.detail).toBe(one.id in accepted ? 'SUCCESS' : result);
        });
      }
    });
  }
  test('explained cases exist', () => {
    const ids = new Set(testcases.map(({ id }) => id));
    expect(Object.keys({ ...accepted, ...unlikeNode }).filter((id) => !ids.has(id))).toEqual([]);
  });
  if (existsSync(expectations)) likeNode(testcases);
  else skipped(`what Node did with x509-limbo, no file ${fileURLToPath(expectations)}`);
} else skipped(`x509-limbo, no file ${path}: set SEALWIRE_LIMBO to a limbo.json`);

function likeNode(testcases: readonly Testcase[]): void {
  const known = JSON.parse(readFileSync(expectations, 'utf8')) as Record<string, Expectation>;
  describe('as node:tls ends, with its codes', () => {
    for (const one of testcases) {
      const node = known[one.id]?.node24;
      if (node === undefined || node.result === 'SKIPPED') continue;
      test(one.id, async () => {
        const { result, code = null, detail } = await verifyLikeNode(one);
        if (result === 'SKIPPED') expect(detail).toBe('node:tls has no such option');
        else if (one.id in unlikeNode) expect({ result, code }).not.toEqual(node);
        else expect({ result, code }, detail).toEqual({ result: node.result, code: node.code });
      });
    }
  });
}

function skipped(reason: string): void {
  console.log(`skipped: ${reason}`);
  test.skip(reason);
}
