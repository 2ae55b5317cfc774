import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { TrustAnchors, anyPolicy, certificatesDer, parseCertificate, verifyChain } from '@sealwire/x509';
import { nodeProvider } from '@sealwire/crypto-node';
import { explained } from './pki-testdata-explained.mjs';

/**
 * Runs the certificate chains of BoringSSL's pki/testdata, NIST's PKITS among them, through the built package:
 *
 *     node packages/x509/test/pki-testdata.mjs <a tree of github.com/google/boringssl>
 *
 * A chain is accepted or refused as its test says, and where it is accepted the valid policies are those of the test; or the
 * difference is explained in the file beside this one. Anything else, and an explanation that nothing needs, ends in 1.
 */
const [tree] = process.argv.slice(2);
if (tree === undefined) {
  console.error('expected the path of a tree of github.com/google/boringssl');
  process.exit(2);
}
const data = join(tree, 'pki/testdata');
const counts = { 'as expected': 0, explained: 0, wrong: 0 };
const used = new Set();

/** Others are not run. `STRICT` is BoringSSL's word for the profile of the CA/Browser Forum. */
const purposes = {
  ANY_EKU: 'any',
  SERVER_AUTH: 'serverAuth',
  SERVER_AUTH_STRICT: 'serverAuth',
  SERVER_AUTH_STRICT_LEAF: 'serverAuth',
  CLIENT_AUTH: 'clientAuth',
  CLIENT_AUTH_STRICT: 'clientAuth',
  CLIENT_AUTH_STRICT_LEAF: 'clientAuth',
};

for (const file of testFiles(join(data, 'verify_certificate_chain_unittest'))) chainTest(file);
const cases = readFileSync(join(data, 'nist-pkits/pkits_testcases-inl.h'), 'utf8').split(
  'WRAPPED_TYPED_TEST_P(',
);
for (const text of cases.slice(1)) if (text.includes('test_number')) pkitsTest(text);

for (const name of Object.keys(explained)) {
  if (used.has(name)) continue;
  counts.wrong++;
  console.log(`${name}: explained, but as expected or unknown`);
}
console.log(
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', '),
);
process.exitCode = counts.wrong === 0 ? 0 : 1;

/** One `.test` file: lines of `key: value`, then the errors, of which warnings are none. */
function chainTest(file) {
  const [head, errors] = readFileSync(file, 'utf8').split('expected_errors:');
  const fields = Object.fromEntries(
    head
      .split('\n')
      .filter((line) => line.includes(': ') && !line.startsWith('#'))
      .map((line) => line.split(': ').map((part) => part.trim())),
  );
  const chain = certificatesDer(readFileSync(join(dirname(file), fields.chain), 'utf8'));
  const { roots, policy } = trust(fields.last_cert_trust, chain);
  judge(relative(join(data, 'verify_certificate_chain_unittest'), file), {
    chain: chain.length > 1 && roots.size > 0 ? chain.slice(0, -1) : chain,
    roots,
    timeMs: timeOf(fields.utc_time === 'DEFAULT' ? '211005120000Z' : fields.utc_time),
    purpose: purposes[fields.key_purpose],
    policy: { ...weak(fields.digest_policy !== 'STRONG'), ...policy },
    isGood: !/^ERROR: /m.test(errors),
    policies: fields.expected_user_constrained_policy_set?.split(', '),
  });
}

/** One case of PKITS as it stands in the generated header; its chains go from the anchor downwards. */
function pkitsTest(text) {
  const list = (name) => {
    const [, inside] = new RegExp(`${name}\\[\\] = \\{([^}]*)\\}`).exec(text);
    return [...inside.matchAll(/"([^"]+)"/g)].map(([, one]) => one);
  };
  const [anchor, ...chain] = list('certs').map((name) =>
    readFileSync(join(data, `nist-pkits/certs/${name}.crt`)),
  );
  const set = (name) => new RegExp(`Set${name}\\("([^"]*)"\\)`).exec(text)?.[1];
  const is = (name) => new RegExp(`Set${name}\\(true\\)`).test(text);
  judge(`PKITS ${/test_number = "([^"]+)"/.exec(text)[1]}`, {
    chain: chain.reverse(),
    roots: new TrustAnchors([], { named: [nameAndKey(anchor)] }),
    timeMs: Date.UTC(2011, 3, 15),
    purpose: 'any',
    policy: {
      ...weak(true),
      initialPolicySet: policySet(set('InitialPolicySet') ?? 'anyPolicy'),
      initialExplicitPolicy: is('InitialExplicitPolicy'),
      initialPolicyMappingInhibit: is('InitialPolicyMappingInhibit'),
      initialAnyPolicyInhibit: is('InitialInhibitAnyPolicy'),
    },
    isGood: /should_validate = true/.test(text),
    policies: policySet(set('UserConstrainedPolicySet') ?? 'NIST-test-policy-1'),
  });
}

function judge(name, { isGood, policies, ...options }) {
  let result = 'not run';
  if (options.purpose !== undefined) {
    const outcome = verifyChain({ provider: nodeProvider, ...options });
    const got = outcome.ok ? outcome.policies.join(', ') : undefined;
    if (outcome.ok !== isGood)
      result = outcome.ok ? 'accepted' : `refused: ${outcome.code} ${outcome.message}`;
    else if (outcome.ok && policies !== undefined && got !== policies.toSorted().join(', '))
      result = `accepted for the policies ${got}, expected ${policies.join(', ')}`;
    else result = undefined;
  }
  if (result === undefined) counts['as expected']++;
  else if (name in explained) {
    counts.explained++;
    used.add(name);
  } else {
    counts.wrong++;
    console.log(`${name}: ${result}`);
  }
}

/** What is trusted of a chain. An anchor without constraints is a name and a key. */
function trust(kind, chain) {
  const last = chain.at(-1);
  const named = () => new TrustAnchors([], { named: [nameAndKey(last)] });
  switch (kind) {
    case 'TRUSTED_ANCHOR':
    case 'TRUSTED_ANCHOR_WITH_REQUIRE_BASIC_CONSTRAINTS':
      return { roots: named() };
    case 'TRUSTED_ANCHOR_OR_LEAF':
      return { roots: chain.length === 1 ? new TrustAnchors([last]) : named() };
    case 'TRUSTED_LEAF_REQUIRE_SELF_SIGNED':
      return { roots: new TrustAnchors([last]), policy: { anchorsMustBeSelfIssued: true } };
    case 'DISTRUSTED':
      return { roots: new TrustAnchors([last], { distrusted: [last] }) };
    case 'UNSPECIFIED':
      return { roots: new TrustAnchors([]) };
    default:
      return { roots: new TrustAnchors([last]) };
  }
}

function nameAndKey(der) {
  const { subject, spki } = parseCertificate(der);
  return { subject: subject.der, publicKey: spki };
}

/** SHA-1 and RSA of 1,024 bits, which most of the tests are made with. */
function weak(allowsSha1) {
  const signatureHashes = ['sha256', 'sha384', 'sha512', ...(allowsSha1 ? ['sha1'] : [])];
  return { securityLevel: 0, minRsaBits: 1_024, signatureHashes };
}

function policySet(text) {
  return text
    .split(',')
    .filter((name) => name !== '')
    .map((name) =>
      name === 'anyPolicy' ? anyPolicy : name.replace('NIST-test-policy-', '2.16.840.1.101.3.2.1.48.'),
    );
}

function timeOf(text) {
  const [year, month, day, hour, minute, second] = text.match(/\d\d/g).map(Number);
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second);
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(folder, entry.name)).map((name) => join(folder, entry.name, name))
        : [],
    )
    .filter((file) => file.endsWith('.test'))
    .toSorted();
}
