import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type CrlContents,
  type Issued,
  checkRevocation,
  encodePem,
  parseCertificate,
  parseCrl,
} from '../src/index.ts';
import { authority, issue, newKey, nowMs, provider } from './authority.ts';
import { hasOpenssl } from './openssl.ts';
import { crlOf, dayMs, entryOf, serialOf } from './revocation.ts';

/**
 * The same chains and CRLs, judged by `openssl verify` with CRL checks, and by the rules of this package that have its name.
 */
const folder = mkdtempSync(join(tmpdir(), 'sealwire-crl-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pem = (issued: Issued): string => encodePem('CERTIFICATE', issued.certificate);

const root = authority('root');
const middle = authority('middle', { issuer: root });
const uri = 'http://crl.example/1';
const leaves: Readonly<Record<string, Issued>> = {
  plain: issue('leaf', { issuer: middle, dnsNames: ['localhost'] }),
  pointed: issue('leaf', {
    issuer: middle,
    dnsNames: ['localhost'],
    crlDistributionPoints: [{ uris: [uri] }],
  }),
  someReasons: issue('leaf', {
    issuer: middle,
    dnsNames: ['localhost'],
    crlDistributionPoints: [{ uris: [uri], reasons: ['keyCompromise', 'superseded'] }],
  }),
  ofOther: issue('leaf', {
    issuer: middle,
    dnsNames: ['localhost'],
    crlDistributionPoints: [{ uris: [uri], crlIssuer: [{ CN: 'clerk' }] }],
  }),
};
const stranger = newKey();

/** One change to a CRL that is otherwise good. Deltas are left out: OpenSSL takes them for complete. */
const changes: Record<string, (leaf: Issued) => Partial<CrlContents>> = {
  none: () => ({}),
  revoked: (leaf) => ({ revoked: [entryOf(leaf)] }),
  held: (leaf) => ({ revoked: [entryOf(leaf, { reason: 'certificateHold' })] }),
  removed: (leaf) => ({ revoked: [entryOf(leaf, { reason: 'removeFromCRL' })] }),
  ofAnotherIssuer: (leaf) => ({ revoked: [entryOf(leaf, { certificateIssuer: { CN: 'other' } })] }),
  ofThisIssuer: (leaf) => ({ revoked: [entryOf(leaf, { certificateIssuer: { CN: 'middle' } })] }),
  revokedOther: () => ({ revoked: [entryOf(root)] }),
  expired: () => ({ thisUpdateMs: nowMs - 3 * dayMs, nextUpdateMs: nowMs - dayMs }),
  endsNow: () => ({ nextUpdateMs: nowMs }),
  startsNow: () => ({ thisUpdateMs: nowMs }),
  later: () => ({ thisUpdateMs: nowMs + dayMs, nextUpdateMs: nowMs + 2 * dayMs }),
  forged: () => ({ issuer: { certificate: middle.certificate, key: stranger } }),
  forgedAndRevoked: (leaf) => ({
    issuer: { certificate: middle.certificate, key: stranger },
    revoked: [entryOf(leaf)],
  }),
  expiredAndRevoked: (leaf) => ({
    thisUpdateMs: nowMs - 3 * dayMs,
    nextUpdateMs: nowMs - dayMs,
    revoked: [entryOf(leaf)],
  }),
  users: () => ({ issuingDistributionPoint: { onlyContains: 'userCerts' } }),
  cas: () => ({ issuingDistributionPoint: { onlyContains: 'caCerts' } }),
  attributes: () => ({ issuingDistributionPoint: { onlyContains: 'attributeCerts' } }),
  here: () => ({ issuingDistributionPoint: { uris: [uri] } }),
  there: () => ({ issuingDistributionPoint: { uris: ['http://crl.example/2'] } }),
  indirect: () => ({ issuingDistributionPoint: { indirectCrl: true } }),
  someReasons: () => ({ issuingDistributionPoint: { onlySomeReasons: ['keyCompromise'] } }),
  critical: () => ({ extensions: [{ id: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] }),
  criticalEntry: () => ({
    revoked: [entryOf(root, { extensions: [{ id: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] })],
  }),
  otherKeyIdentifier: () => ({
    extensions: [{ id: '2.5.29.35', value: Uint8Array.of(0x30, 3, 0x80, 1, 1) }],
  }),
};

const arbitrary = fc.record({
  leaf: fc.constantFrom(...Object.keys(leaves)),
  first: fc.constantFrom(...Object.keys(changes)),
  second: fc.option(fc.constantFrom(...Object.keys(changes)), { nil: undefined }),
  rootCrl: fc.constantFrom('good', 'none', 'revoked', 'expired'),
  all: fc.boolean(),
});
type Scene = typeof arbitrary extends fc.Arbitrary<infer T> ? T : never;

function crlsOf({ leaf, first, second, rootCrl }: Scene): Uint8Array[] {
  const own = leaves[leaf]!;
  const crls = [crlOf(middle, changes[first]!(own))];
  if (second !== undefined) {
    const change = changes[second]!(own);
    crls.push(crlOf(middle, { thisUpdateMs: nowMs - 2 * 3_600_000, ...change }));
  }
  if (rootCrl === 'good') crls.push(crlOf(root));
  if (rootCrl === 'revoked') crls.push(crlOf(root, { revoked: [entryOf(middle)] }));
  if (rootCrl === 'expired')
    crls.push(crlOf(root, { thisUpdateMs: nowMs - 3 * dayMs, nextUpdateMs: nowMs - dayMs }));
  return crls;
}

function ours(scene: Scene, rules: 'openssl' | 'node', timeMs = nowMs): string {
  const chain = [leaves[scene.leaf]!, middle, root].map(({ certificate }) => parseCertificate(certificate));
  const certificates = scene.all ? 'all' : 'endEntity';
  const wrong = checkRevocation(chain, { crls: crlsOf(scene), rules, certificates }, { timeMs, provider });
  return wrong === undefined ? 'ok' : `${wrong.code} at ${wrong.depth}`;
}

/** `openssl verify` tells the number of its first error and the depth. */
function opensslSays(scene: Scene): string {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  // Through the store, as Node does it: CRLs beside the anchors.
  const store =
    pem(root) +
    crlsOf(scene)
      .map((der) => encodePem('X509 CRL', der))
      .join('');
  const { stdout, stderr, status } = spawnSync(
    'openssl',
    [
      ...['verify', '-no-CApath', '-attime', String(nowMs / 1_000)],
      ...['-CAfile', file('store.pem', store), '-untrusted', file('middle.pem', pem(middle))],
      ...[scene.all ? '-crl_check_all' : '-crl_check', file('leaf.pem', pem(leaves[scene.leaf]!))],
    ],
    { encoding: 'utf8' },
  );
  if (status === 0) return 'ok';
  const [, number, depth] = /error (\d+) at (\d+) depth/.exec(stdout + stderr) ?? [];
  return `${codes[Number(number)] ?? number} at ${depth}`;
}

/** Of x509_vfy.h. */
const codes: Readonly<Record<number, string>> = {
  3: 'UNABLE_TO_GET_CRL',
  8: 'CRL_SIGNATURE_FAILURE',
  11: 'CRL_NOT_YET_VALID',
  12: 'CRL_HAS_EXPIRED',
  15: 'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  16: 'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  23: 'CERT_REVOKED',
  33: 'UNABLE_TO_GET_CRL_ISSUER',
  35: 'KEYUSAGE_NO_CRL_SIGN',
  36: 'UNHANDLED_CRITICAL_CRL_EXTENSION',
  44: 'DIFFERENT_CRL_SCOPE',
};

const isFull = process.env['SEALWIRE_PROFILE'] === 'full';

if (!hasOpenssl) console.log('openssl-crl.test.ts: openssl is missing, its opinion of CRLs is not asked');
describe.skipIf(!hasOpenssl)('beside openssl', () => {
  test('every change alone gives the same first error', () => {
    for (const leaf of Object.keys(leaves)) {
      for (const first of Object.keys(changes)) {
        const scene: Scene = { leaf, first, second: undefined, rootCrl: 'good', all: true };
        expect(ours(scene, 'openssl'), JSON.stringify(scene)).toBe(opensslSays(scene));
      }
    }
  });
  test('a delta alone is complete for openssl before 3.0.22, and for us it is not', () => {
    changes['delta'] = () => ({ baseCrlNumber: 1, crlNumber: 2 });
    const scene: Scene = {
      leaf: 'plain',
      first: 'delta',
      second: undefined,
      rootCrl: 'good',
      all: true,
    };
    expect(['ok', 'UNABLE_TO_GET_CRL at 0']).toContain(opensslSays(scene));
    expect(ours(scene, 'openssl')).toBe('UNABLE_TO_GET_CRL at 0');
    delete changes['delta'];
  });
  test('two CRLs of an issuer, and chains with something else wrong', () => {
    fc.assert(
      fc.property(arbitrary, (scene) => {
        expect(ours(scene, 'openssl')).toBe(opensslSays(scene));
      }),
      { numRuns: isFull ? 1_000 : 60, seed: isFull ? Date.now() : 5 },
    );
  });
  test('a CRL of openssl ca is read, and openssl crl reads and verifies ours', () => {
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('ca.pem'), pem(middle));
    writeFileSync(path('ca.key'), encodePem('PRIVATE KEY', middle.key.exportPkcs8()));
    const number = Buffer.from(serialOf(leaves['plain']!)).toString('hex').toUpperCase();
    const line = ['R', '270101000000Z', '260610120000Z,keyCompromise', number, 'unknown', '/CN=leaf'];
    writeFileSync(path('index.txt'), `${line.join('\t')}\n`);
    writeFileSync(path('crlnumber'), '1F\n');
    writeFileSync(
      path('ca.cnf'),
      `[ca]\ndefault_ca=d\n[d]\ndatabase=${path('index.txt')}\ncrlnumber=${path('crlnumber')}\ndefault_md=sha256\ndefault_crl_days=30\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\nissuingDistributionPoint=critical,@i\n[i]\nonlyuser=TRUE\nfullname=URI:${uri}\n`,
    );
    const args = ['ca', '-gencrl', '-config', path('ca.cnf'), '-cert', path('ca.pem')];
    execFileSync('openssl', [...args, '-keyfile', path('ca.key'), '-out', path('crl.pem')], {
      stdio: 'ignore',
    });
    const text = readFileSync(path('crl.pem'), 'utf8');
    const check = (leaf: Issued) =>
      checkRevocation(
        [leaf, middle, root].map(({ certificate }) => parseCertificate(certificate)),
        { crls: text, certificates: 'endEntity' },
        { timeMs: Date.now(), provider },
      )?.code;
    expect(check(leaves['pointed']!)).toBe(undefined);
    expect(check(leaves['plain']!)).toBe('DIFFERENT_CRL_SCOPE');
    const listed = issue('leaf', {
      issuer: middle,
      serialNumber: serialOf(leaves['plain']!),
      crlDistributionPoints: [{ uris: [uri] }],
    });
    expect(check(listed)).toBe('CERT_REVOKED');

    const own = crlOf(middle, {
      crlNumber: 77,
      revoked: [
        entryOf(leaves['plain']!, { reason: 'aACompromise', invalidityDateMs: nowMs }),
        { serialNumber: Uint8Array.of(1), revocationDateMs: Date.UTC(2055, 0) },
      ],
      issuingDistributionPoint: {
        relativeName: { CN: 'here' },
        onlyContains: 'userCerts',
        onlySomeReasons: ['keyCompromise'],
      },
    });
    const printed = spawnSync(
      'openssl',
      ['crl', '-inform', 'DER', '-noout', '-text', '-CAfile', path('ca.pem')],
      {
        input: own,
      },
    );
    const shown = printed.stdout.toString();
    expect(printed.stderr.toString()).toContain('verify OK');
    for (const part of [
      'Version 2',
      'AA Compromise',
      'Invalidity Date',
      'Jun 15 00:00:00 2026 GMT',
      'Only User Certificates',
      'Key Compromise',
      'Jan  1 00:00:00 2055 GMT',
    ])
      expect(shown).toContain(part);
    expect(parseCrl(own).crlNumber).toBe(77n);
  });
});
