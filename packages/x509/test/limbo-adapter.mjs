import { X509Certificate } from 'node:crypto';
import { certificatesDer, nodeTlsError, nodeTlsPolicy, verifyChain } from '@sealwire/x509';
import { checkServerIdentity } from '@sealwire/x509/node';
import { nodeProvider } from '@sealwire/crypto-node';

/**
 * Cases in the schema of x509-limbo (github.com/C2SP/x509-limbo), through the built package: `verify` by the rules of this
 * package, `verifyLikeNode` as `node:tls` would decide. Neither throws for what stands in a case.
 */

export async function verify(testcase) {
  const { max_chain_depth: depth } = testcase;
  const policy = depth === null || depth === undefined ? {} : { maxIntermediates: depth };
  const outcome = run(testcase, policy, 'rfc5280', hostNameOf(testcase));
  if (!outcome.ok) return failure(outcome.code, outcome.message);
  const certificate = outcome.chain[0];
  const usages = certificate.keyUsage;
  const missing = (testcase.key_usage ?? []).find((usage) => usages?.has(usage) === false);
  if (missing !== undefined) return failure('INVALID_PURPOSE', `expected the key usage ${missing}`);
  const stranger = testcase.expected_peer_names.find((name) => !isNamed(certificate, name));
  if (stranger !== undefined)
    return failure('HOSTNAME_MISMATCH', `expected ${stranger.kind} ${stranger.value}`);
  return { result: 'SUCCESS' };
}

/**
 * As `node:tls` with the roots as `ca`: OpenSSL's rules, then `tls.checkServerIdentity`. Skipped where Node has no option.
 */
export async function verifyLikeNode(testcase) {
  if (testcase.max_chain_depth !== null || testcase.expected_peer_names.some(({ kind }) => kind === 'RFC822'))
    return { result: 'SKIPPED', detail: 'node:tls has no such option' };
  const outcome = run(testcase, nodeTlsPolicy(), 'node');
  if (!outcome.ok) {
    const { code, message } = nodeTlsError(outcome);
    return failure(code, message);
  }
  const hostName = testcase.validation_kind === 'SERVER' ? hostNameOf(testcase) : undefined;
  if (hostName === undefined) return { result: 'SUCCESS' };
  const legacy = new X509Certificate(testcase.peer_certificate).toLegacyObject();
  const error = checkServerIdentity(hostName, legacy);
  return error === undefined ? { result: 'SUCCESS' } : failure(error.code, error.message);
}

/** Where a case brings CRLs, nobody is accepted whom they do not speak well of. */
function run(testcase, policy, rules, hostName) {
  const { validation_time: time, validation_kind: kind, crls = [] } = testcase;
  return verifyChain({
    provider: nodeProvider,
    chain: certificatesDer([testcase.peer_certificate, ...testcase.untrusted_intermediates]),
    roots: testcase.trusted_certs,
    timeMs: time === null ? Date.now() : Date.parse(time),
    purpose: kind === 'SERVER' ? 'serverAuth' : 'clientAuth',
    ...(hostName === undefined ? {} : { hostName }),
    ...(crls.length === 0 ? {} : { revocation: { crls, rules } }),
    policy,
  });
}

function hostNameOf({ expected_peer_name: name }) {
  return name === null || name.kind === 'RFC822' ? undefined : name.value;
}

/** RFC 5280 §7.5: local parts are compared exactly, hosts without regard to case. */
function isNamed(certificate, { kind, value }) {
  if (kind !== 'RFC822') return true;
  const canonical = (mailbox) => {
    const at = mailbox.lastIndexOf('@');
    return mailbox.slice(0, at) + mailbox.slice(at).toLowerCase();
  };
  const names = certificate.subjectAltName ?? [];
  return names.some((name) => name.type === 'email' && canonical(name.value) === canonical(value));
}

function failure(code, detail) {
  return { result: 'FAILURE', code, detail };
}
