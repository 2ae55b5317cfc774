import { dirname, join } from 'node:path';
import { TrustAnchors, anyPolicy, certificatesDer, parseCertificate, verifyChain } from '@sealwire/x509';
import { nodeProvider } from '@sealwire/crypto-node';

/**
 * Their certificate chains, and NIST's PKITS with its CRLs. A chain is accepted or refused as its test says, and where it is
 * accepted the valid policies are those of the test.
 */
export function chains(scoreboard) {
  for (const file of scoreboard.list('verify_certificate_chain_unittest', '.test'))
    chainTest(file, scoreboard);
  const header = scoreboard.read('nist-pkits/pkits_testcases-inl.h').toString('latin1');
  for (const text of header.split('WRAPPED_TYPED_TEST_P(').slice(1))
    if (text.includes('test_number')) pkitsTest(text, scoreboard);
}

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

/** One `.test` file: lines of `key: value`, then the errors, of which warnings are none. */
function chainTest(file, { compare, read }) {
  const [head, errors] = read(file).toString().split('expected_errors:');
  const fields = Object.fromEntries(
    head
      .split('\n')
      .filter((line) => line.includes(': ') && !line.startsWith('#'))
      .map((line) => line.split(': ').map((part) => part.trim())),
  );
  const chain = certificatesDer(read(join(dirname(file), fields.chain)).toString());
  const { roots, policy } = trust(fields.last_cert_trust, chain);
  judge(compare, file.slice(file.indexOf('/') + 1), {
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
function pkitsTest(text, { compare, read }) {
  const list = (name) => {
    const [, inside] = new RegExp(`${name}\\[\\] = \\{([^}]*)\\}`).exec(text);
    return [...inside.matchAll(/"([^"]+)"/g)].map(([, one]) => one);
  };
  const [anchor, ...chain] = list('certs').map((name) => read(`nist-pkits/certs/${name}.crt`));
  const set = (name) => new RegExp(`Set${name}\\("([^"]*)"\\)`).exec(text)?.[1];
  const is = (name) => new RegExp(`Set${name}\\(true\\)`).test(text);
  judge(compare, `PKITS ${/test_number = "([^"]+)"/.exec(text)[1]}`, {
    chain: chain.reverse(),
    roots: new TrustAnchors([], { named: [nameAndKey(anchor)] }),
    timeMs: Date.UTC(2011, 3, 15),
    purpose: 'any',
    // The test gives CRLs in no order, and whoever signs one of another key than the issuer's is in the chain.
    revocation: {
      crls: list('crls').map((name) => read(`nist-pkits/crls/${name}.crl`)),
      crlIssuers: chain,
    },
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

function judge(compare, name, { isGood, policies, ...options }) {
  const there = isGood ? accepted(policies) : 'refused';
  if (options.purpose === undefined) return compare(name, there, 'not run');
  const outcome = verifyChain({ provider: nodeProvider, ...options });
  if (!outcome.ok) return compare(name, there, 'refused', `(${outcome.code}: ${outcome.message})`);
  compare(name, there, accepted(policies === undefined ? undefined : outcome.policies));
}

function accepted(policies) {
  return policies === undefined ? 'accepted' : `accepted for the policies ${policies.toSorted().join(', ')}`;
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
