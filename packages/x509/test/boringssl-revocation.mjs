/**
 * BoringSSL's tests of CRLs and OCSP responses: `node test/boringssl-revocation.mjs <path of boringssl>`, on what is
 * built. Their files are not ours to copy; the script prints each that comes out otherwise than there, with the reason
 * if it is known, and ends with 1 if one is not.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  checkOcspResponse,
  checkRevocation,
  makeOcspRequest,
  parseCertificate,
  parsePem,
  verifyChain,
} from '@sealwire/x509';

const [root] = process.argv.slice(2);
if (root === undefined) {
  console.error('expected the path of a checkout of BoringSSL');
  process.exit(2);
}
const folder = join(root, 'pki/testdata');
/** Keys and hashes of the time when these files were made. */
const policy = { signatureHashes: ['sha1', 'sha256', 'sha384', 'sha512'], minRsaBits: 1024 };

/** Where we decide otherwise, on purpose. */
const explained = new Map([
  [
    'crl_unittest/bad_crldp_has_crlissuer.pem',
    'The CRL is no indirect one and so does not belong to that point, but is one of the issuer (RFC 5280 §6.3.3, last paragraph).',
  ],
  [
    'crl_unittest/bad_idp_indirectcrl.pem',
    'Indirect CRLs are supported; entries without certificateIssuer are about certificates of its issuer (RFC 5280 §5.3.3).',
  ],
  ...['', 'request of '].map((of) => [
    `${of}ocsp_unittest/good_response_invalid_serial.pem`,
    'A serial number with an octet too many is no DER, and so the certificate none (X.690 §8.3.2).',
  ]),
  ['PKITS 4.1.4', 'DSA is not supported.'],
  ['PKITS 4.1.5', 'DSA is not supported.'],
  [
    'PKITS 4.14.30',
    'Who signs the CRL is looked up in that CRL alone, a circle that we refuse; NIST notes that the test need not be run.',
  ],
]);

const results = { agree: 0, explained: 0, wrong: 0 };

function compare(name, expected, got, detail) {
  if (expected === got) {
    results.agree++;
    return;
  }
  const reason = explained.get(name);
  results[reason === undefined ? 'wrong' : 'explained']++;
  console.log(
    `${reason === undefined ? 'WRONG' : 'explained'} ${name}: ${expected} there, ${got} here (${detail})`,
  );
  if (reason !== undefined) console.log(`  ${reason}`);
}

function blocks(path) {
  const byLabel = new Map();
  for (const { label, der } of parsePem(readFileSync(path))) byLabel.set(label, der);
  return byLabel;
}

for (const file of readdirSync(join(folder, 'crl_unittest')).filter((name) => name.endsWith('.pem'))) {
  const parts = blocks(join(folder, 'crl_unittest', file));
  const chain = ['CERTIFICATE', 'CA CERTIFICATE', 'CA CERTIFICATE 2']
    .filter((label) => parts.has(label))
    .map((label) => parseCertificate(parts.get(label)));
  // With one certificate of the CA it is the anchor; a second has certified it or is its other key.
  const wrong = checkRevocation(
    chain,
    { crls: parts.get('CRL'), maxAgeSeconds: 7 * 86_400, clockSkewSeconds: 0, certificates: 'endEntity' },
    { timeMs: Date.UTC(2017, 2, 9), provider: nodeProvider, policy },
  );
  const got = wrong === undefined ? 'good' : wrong.code === 'CERT_REVOKED' ? 'revoked' : 'unknown';
  const expected = /^(good|revoked)/.exec(file)?.[0] ?? 'unknown';
  compare(
    `crl_unittest/${file}`,
    expected,
    got,
    wrong === undefined ? 'ok' : `${wrong.code}: ${wrong.message}`,
  );
}

const verdicts = { GOOD: 'good', REVOKED: 'revoked', UNKNOWN: 'unknown' };
const table = readFileSync(join(root, 'pki/ocsp_unittest.cc'), 'latin1');
for (const [, file, verdict] of table.matchAll(/\{"(\w+\.pem)",\s*OCSPRevocationStatus::(\w+)/g)) {
  const parts = blocks(join(folder, 'ocsp_unittest', file));
  const [certificate, issuer] = [parts.get('CERTIFICATE'), parts.get('CA CERTIFICATE')];
  const ask = (make) => {
    try {
      return make();
    } catch (error) {
      return { status: 'unknown', code: error.code, message: error.message };
    }
  };
  const outcome = ask(() =>
    checkOcspResponse({
      provider: nodeProvider,
      response: parts.get('OCSP RESPONSE'),
      certificate,
      issuer,
      timeMs: 1_488_672_000_000,
      maxAgeSeconds: 7 * 86_400,
      clockSkewSeconds: 0,
      policy,
    }),
  );
  const detail = outcome.status === 'good' ? 'ok' : `${outcome.code}: ${outcome.message}`;
  compare(`ocsp_unittest/${file}`, verdicts[verdict], outcome.status, detail);
  const request = ask(() =>
    makeOcspRequest({ provider: nodeProvider, certificates: [{ certificate, issuer }] }),
  );
  const isSame = request instanceof Uint8Array && Buffer.compare(request, parts.get('OCSP REQUEST')) === 0;
  compare(`request of ocsp_unittest/${file}`, 'same', isSame ? 'same' : 'other', request.message ?? 'DER');
}

/** NIST's PKITS with its CRLs; what concerns policies is not what is asked here. */
const pkits = join(folder, 'nist-pkits');
const source = readFileSync(join(pkits, 'pkits_testcases-inl.h'), 'latin1');
const names = (list) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
for (const [, certs, crls, number, verdict] of source.matchAll(
  /certs\[\] = \{([^}]*)\};\s*const char\* const crls\[\] = \{([^}]*)\};[^}]*?test_number = "([^"]+)";\s*info\.should_validate = (\w+);/g,
)) {
  if (/^4\.(8|9|10|11|12)\./.test(number)) continue;
  const [anchor, ...rest] = names(certs).map(
    (name) => new Uint8Array(readFileSync(join(pkits, 'certs', `${name}.crt`))),
  );
  const lists = names(crls).map((name) => new Uint8Array(readFileSync(join(pkits, 'crls', `${name}.crl`))));
  const outcome = verifyChain({
    provider: nodeProvider,
    chain: rest.reverse(),
    roots: [anchor],
    timeMs: Date.UTC(2011, 3, 15),
    policy,
    revocation: { crls: lists, crlIssuers: rest },
  });
  compare(
    `PKITS ${number}`,
    verdict === 'true' ? 'valid' : 'invalid',
    outcome.ok ? 'valid' : 'invalid',
    outcome.ok ? 'ok' : `${outcome.code}: ${outcome.message}`,
  );
}

console.log(`${results.agree} agree, ${results.explained} explained, ${results.wrong} wrong`);
process.exitCode = results.wrong === 0 && results.agree > 0 ? 0 : 1;
