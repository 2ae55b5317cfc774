import { nodeProvider } from '@sealwire/crypto-node';
import { TrustAnchors, certificatesDer, verifyChain } from '@sealwire/x509';

/** Which certificates a path goes through, where there are several ways: facts of their path_builder_unittest.cc and others. */
export function paths(scoreboard) {
  const { compare, read } = scoreboard;
  const one = (path) => certificatesDer(read(path))[0];
  const builder = (folder, names) =>
    Object.fromEntries(names.map((name) => [name, one(`path_builder_unittest/${folder}${name}.pem`)]));
  const multi = builder('multi-root-', multiRoot);
  for (const [name, facts] of Object.entries(multiRootFacts))
    decide(compare, `paths, several roots: ${name}`, multi, { timeMs: Date.UTC(2017, 2, 1), ...facts });

  const chainOf = (name) =>
    certificatesDer(read(`verify_certificate_chain_unittest/key-rollover/${name}chain.pem`));
  const [target, oldIntermediate, oldRoot] = chainOf('old');
  const [, newIntermediate, newRoot, rollover] = chainOf('longrollover');
  const rolled = { target, oldIntermediate, oldRoot, newIntermediate, newRoot, rollover };
  for (const [name, facts] of Object.entries(rolloverFacts))
    decide(compare, `paths, new key: ${name}`, rolled, { timeMs: Date.UTC(2015, 2, 2, 12), ...facts });

  const [leaf, intermediate, root] = certificatesDer(
    read('verify_certificate_chain_unittest/target-and-intermediate/chain.pem'),
  );
  for (const distrusted of [undefined, 'leaf', 'intermediate', 'root'])
    decide(
      compare,
      `paths, distrusted: ${distrusted}`,
      { leaf, intermediate, root },
      {
        sent: ['leaf', 'intermediate'],
        roots: ['root'],
        timeMs: Date.UTC(2021, 9, 5, 12),
        expected: distrusted === undefined ? 'leaf intermediate root' : 'refused',
        ...(distrusted === undefined ? {} : { distrusted: [distrusted] }),
      },
    );

  for (const [folder, names] of Object.entries(prioritized)) prioritization(scoreboard, folder, names);
  const preCertificate = builder('precertificate/', ['precertificate', 'root']);
  decide(compare, 'paths: precertificate', preCertificate, {
    sent: ['precertificate'],
    roots: ['root'],
    timeMs: Date.UTC(2023, 9, 1),
    expected: 'refused',
  });
  issuers(scoreboard);
  mozilla(scoreboard);
}

const multiRoot = ['A-by-B', 'B-by-C', 'B-by-F', 'C-by-D', 'C-by-E', 'D-by-D', 'E-by-E', 'F-by-E'];

const multiRootFacts = {
  TargetHasNameAndSpkiOfTrustAnchor: {
    sent: ['A-by-B'],
    roots: ['A-by-B', 'B-by-F'],
    expected: 'A-by-B B-by-F',
  },
  TargetWithSameNameAsTrustAnchorFails: { sent: ['A-by-B'], roots: ['A-by-B'], expected: 'refused' },
  SelfSignedTrustAnchorSupplementalCert: {
    sent: ['B-by-C', 'D-by-D', 'C-by-D'],
    roots: ['D-by-D'],
    timeMs: Date.UTC(2016, 0, 1),
    expected: 'refused',
  },
  TargetIsSelfSignedTrustAnchor: { sent: ['E-by-E'], roots: ['E-by-E', 'F-by-E'], expected: 'E-by-E' },
  TargetDirectlySignedByTrustAnchor: { sent: ['A-by-B'], roots: ['B-by-F'], expected: 'A-by-B B-by-F' },
  TriesSyncFirst: {
    sent: ['A-by-B', 'B-by-F', 'F-by-E', 'B-by-C', 'C-by-E'],
    roots: ['E-by-E'],
    expected: 'accepted',
  },
  TestLongChain: {
    sent: ['A-by-B', 'B-by-C', 'C-by-D'],
    roots: ['D-by-D', 'C-by-D'],
    expected: 'A-by-B B-by-C C-by-D',
  },
  TestBacktracking: {
    sent: ['A-by-B', 'B-by-F', 'F-by-E', 'B-by-C', 'C-by-D'],
    roots: ['D-by-D'],
    expected: 'A-by-B B-by-C C-by-D D-by-D',
  },
  TestOnlyPartialPathResult: { sent: ['A-by-B', 'B-by-F', 'F-by-E'], roots: [], expected: 'refused' },
  TestDistrustedPathPreferredOverPartialPath: {
    sent: ['A-by-B', 'B-by-F', 'F-by-E', 'B-by-C', 'C-by-D'],
    roots: ['D-by-D'],
    distrusted: ['D-by-D'],
    expected: 'refused',
  },
  TestCertIssuerOrdering: {
    sent: ['A-by-B', 'B-by-C', 'B-by-F', 'F-by-E', 'C-by-D', 'C-by-E'],
    roots: ['D-by-D'],
    expected: 'A-by-B B-by-C C-by-D D-by-D',
  },
  'TestCertIssuerOrdering, reversed': {
    sent: ['A-by-B', 'C-by-E', 'C-by-D', 'F-by-E', 'B-by-F', 'B-by-C'],
    roots: ['D-by-D'],
    expected: 'A-by-B B-by-C C-by-D D-by-D',
  },
  'TestDepthLimit of 2': {
    sent: ['A-by-B', 'B-by-C', 'C-by-D'],
    roots: ['D-by-D'],
    maxIntermediates: 0,
    expected: 'refused',
  },
  'TestDepthLimit of 5': {
    sent: ['A-by-B', 'B-by-C', 'C-by-D'],
    roots: ['D-by-D'],
    maxIntermediates: 3,
    expected: 'A-by-B B-by-C C-by-D D-by-D',
  },
  TestDepthLimitMultiplePaths: {
    sent: ['A-by-B', 'B-by-C', 'B-by-F', 'F-by-E'],
    roots: ['E-by-E', 'C-by-D'],
    maxIntermediates: 1,
    expected: 'A-by-B B-by-C C-by-D',
  },
};

const rolloverFacts = {
  TestRolloverOnlyOldRootTrusted: {
    sent: ['target', 'newIntermediate', 'rollover'],
    roots: ['oldRoot'],
    expected: 'target newIntermediate rollover oldRoot',
  },
  TestRolloverBothRootsTrusted: {
    sent: ['target', 'oldIntermediate', 'newIntermediate', 'rollover'],
    roots: ['oldRoot', 'newRoot'],
    expected: 'target newIntermediate newRoot',
  },
  TestAnchorsNoMatchAndNoIssuerSources: { sent: ['target'], roots: ['newRoot'], expected: 'refused' },
  TestReturnsPartialPathEndedByLoopChecker: {
    sent: ['target', 'newIntermediate', 'newRoot', 'rollover'],
    roots: [],
    expected: 'refused',
  },
  TestMultipleRootMatchesOnlyOneWorks: {
    sent: ['target', 'oldIntermediate'],
    roots: ['newRoot', 'oldRoot'],
    expected: 'target oldIntermediate oldRoot',
  },
  TestRolloverLongChain: {
    sent: ['target', 'newIntermediate', 'newRoot', 'rollover'],
    roots: ['oldRoot'],
    expected: 'target newIntermediate rollover oldRoot',
  },
  TestEndEntityIsTrustRoot: { sent: ['newIntermediate'], roots: ['newIntermediate'], expected: 'refused' },
  TestEndEntityHasSameNameAndSpkiAsIntermediate: {
    sent: ['newRoot', 'rollover'],
    roots: ['oldRoot'],
    expected: 'refused',
  },
  TestEndEntityHasSameNameAndSpkiAsTrustAnchor: {
    sent: ['newRoot'],
    roots: ['rollover'],
    expected: 'newRoot rollover',
  },
  TestDuplicateIntermediates: {
    sent: ['target', 'oldIntermediate', 'oldIntermediate', 'newIntermediate'],
    roots: ['newRoot'],
    expected: 'target newIntermediate newRoot',
  },
  TestDuplicateIntermediateAndRoot: {
    sent: ['target', 'oldIntermediate', 'newRoot'],
    roots: ['newRoot'],
    expected: 'refused',
  },
};

/** Intermediates that all have the same name and key: any of them will do, and with the root distrusted none. */
const prioritized = {
  validity_date_prioritization: ['int_ac', 'int_ad', 'int_bc', 'int_bd'],
  key_id_prioritization: ['a', 'b', 'c'].flatMap((letter) =>
    ['matching_ski', 'no_ski', 'different_ski'].map((kind) => `int_${kind}_${letter}`),
  ),
  key_id_name_and_serial_prioritization: ['int_matching', 'int_match_name_only', 'int_mismatch'],
  self_issued_prioritization: ['root1_cross'],
};

function prioritization({ compare, list, read }, folder, intermediates) {
  const prefix = `path_builder_unittest/${folder}/`;
  const all = Object.fromEntries(
    list(prefix.slice(0, -1), '.pem').map((path) => [
      path.slice(prefix.length, -'.pem'.length),
      certificatesDer(read(path))[0],
    ]),
  );
  const roots = Object.keys(all).filter((name) => /^root\d?$/.test(name));
  const timeMs = Date.UTC(2017, 2, 1);
  for (const sent of [intermediates, intermediates.toReversed()]) {
    const facts = { sent: ['target', ...sent], roots, timeMs };
    decide(compare, `paths, ${folder} with ${sent[0]} first`, all, { ...facts, expected: 'accepted' });
    decide(compare, `paths, ${folder} with ${sent[0]} first, distrusted`, all, {
      ...facts,
      distrusted: roots,
      expected: 'refused',
    });
  }
}

/** Who may have issued what, by names that are written otherwise: a path there and there alone. */
function issuers({ compare, read }) {
  const names = ['root', 'i1_1', 'i1_2', 'i2', 'i3_1', 'i3_2', 'c1', 'c2', 'd', 'e1', 'e2'];
  const all = Object.fromEntries(
    names.map((name) => [name, certificatesDer(read(`cert_issuer_source_static_unittest/${name}.pem`))[0]]),
  );
  const expected = {
    i1_1: ['root'],
    d: ['i2'],
    e1: ['i3_1', 'i3_2'],
    e2: ['i3_1', 'i3_2'],
    root: ['root'],
    c1: ['i1_1', 'i1_2'],
    c2: ['i1_1', 'i1_2'],
  };
  for (const [target, found] of Object.entries(expected)) {
    for (const candidate of names.filter((name) => name !== target || target === 'root')) {
      const outcome = verifyChain({
        provider: nodeProvider,
        chain: [all[target]],
        roots: all[candidate],
        timeMs: Date.UTC(2021, 2, 1),
        purpose: 'any',
        policy: weak,
      });
      const isFound = outcome.ok || outcome.reason !== 'unknownCa';
      compare(
        `issuer of ${target}: ${candidate}`,
        found.includes(candidate) ? 'found' : 'not found',
        isFound ? 'found' : 'not found',
        outcome.message,
      );
    }
  }
}

/** Chains of the public web, to Mozilla's roots of their time. */
function mozilla({ compare, read }) {
  const der = (name) => new Uint8Array(read(`verify_unittest/${name}.der`));
  const names = [
    ...['google-leaf', 'google-intermediate1', 'google-intermediate2', 'lencr-leaf'],
    ...['lencr-intermediate-r3', 'lencr-root-x1-cross-signed', 'lencr-root-x1', 'lencr-root-dst-x3'],
  ];
  const all = Object.fromEntries(names.map((name) => [name, der(name)]));
  const trusted = splitDer(der('mozilla_roots'));
  const google = { sent: ['google-leaf', 'google-intermediate1', 'google-intermediate2'], trusted };
  const googleMs = 1_499_727_444_000;
  const letsEncrypt = ['lencr-leaf', 'lencr-intermediate-r3', 'lencr-root-x1-cross-signed'];
  const facts = {
    GoogleChain: { ...google, timeMs: googleMs, expected: 'accepted' },
    'GoogleChain without its intermediates': {
      ...google,
      sent: ['google-leaf'],
      timeMs: googleMs,
      expected: 'refused',
    },
    'DepthLimit of 5': { ...google, timeMs: googleMs, maxIntermediates: 3, expected: 'accepted' },
    'DepthLimit of 2': { ...google, timeMs: googleMs, maxIntermediates: 0, expected: 'refused' },
    'AllPaths to the new root': {
      sent: letsEncrypt,
      roots: ['lencr-root-x1'],
      timeMs: 1_699_404_611_000,
      expected: 'lencr-leaf lencr-intermediate-r3 lencr-root-x1',
    },
    'AllPaths to the old root': {
      sent: letsEncrypt,
      roots: ['lencr-root-dst-x3'],
      timeMs: 1_699_404_611_000,
      expected: 'lencr-leaf lencr-intermediate-r3 lencr-root-x1-cross-signed lencr-root-dst-x3',
    },
  };
  for (const [name, one] of Object.entries(facts))
    decide(compare, `paths, Mozilla's roots: ${name}`, all, { roots: [], purpose: 'serverAuth', ...one });
  const pem = (name) => certificatesDer(read(`verify_unittest/mldsa-${name}.pem`))[0];
  decide(
    compare,
    'paths: ML-DSA',
    { leaf: pem('leaf'), intermediate: pem('intermediate'), root: pem('root') },
    { sent: ['leaf', 'intermediate'], roots: ['root'], timeMs: 1_775_458_800_000, expected: 'accepted' },
  );
}

/** SHA-1 and RSA of 1,024 bits were fine when these were made. */
const weak = { securityLevel: 0, minRsaBits: 1_024, signatureHashes: ['sha1', 'sha256', 'sha384', 'sha512'] };

/** `expected`: the names of the path, `refused`, or `accepted` where several paths would do. */
function decide(compare, name, certificates, facts) {
  const { sent, roots, trusted = [], distrusted = [], timeMs, maxIntermediates, expected } = facts;
  const outcome = verifyChain({
    provider: nodeProvider,
    chain: sent.map((one) => certificates[one]),
    roots: new TrustAnchors([...roots.map((one) => certificates[one]), ...trusted], {
      distrusted: distrusted.map((one) => certificates[one]),
    }),
    timeMs,
    purpose: facts.purpose ?? 'any',
    policy: { ...weak, ...(maxIntermediates === undefined ? {} : { maxIntermediates }) },
  });
  if (!outcome.ok) return compare(name, expected, 'refused', `(${outcome.code}: ${outcome.message})`);
  const nameOf = ({ der }) =>
    Object.keys(certificates).find((one) => Buffer.compare(certificates[one], der) === 0) ?? 'another';
  compare(name, expected, expected === 'accepted' ? expected : outcome.chain.map(nameOf).join(' '));
}

/** Certificates one after the other, as in a file of roots. */
function splitDer(der) {
  const all = [];
  for (let at = 0; at < der.length; ) {
    const end = at + 4 + der[at + 2] * 256 + der[at + 3];
    all.push(der.subarray(at, end));
    at = end;
  }
  return all;
}
