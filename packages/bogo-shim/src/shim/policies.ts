import {
  type Answers,
  type ClientHelloView,
  type Credential,
  type Decision,
  type DecisionKind,
  type DecisionMap,
  describeScheme,
  namedGroups,
  type OpenTicketReply,
  type ServerConfig,
  type Session,
  type SelectCertificateAsk,
  signatureSchemes as schemes,
  type VerifyPeerAsk,
  type VerifyPeerReply,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { isX509Error, parseCertificate } from '@sealwire/x509';
import type { Flags } from '../flags/table.ts';
import { acceptsEarlyData } from '../quic/early-data.ts';
import { isUnderPolicy } from './compliance.ts';
import type { NumberedCredential } from './credentials.ts';
import type { Memory } from './memory.ts';
import { derNames } from './names.ts';
import { lookupPsk } from './pre-shared-keys.ts';
import { authenticationOf, cipherSuites } from './suites.ts';
import { versionsOf } from './versions.ts';

type Policies = { readonly [K in DecisionKind]: (ask: DecisionMap[K]['ask']) => DecisionMap[K]['reply'] };

/** What the answers of one connection found out, for the checks after the handshake. */
export interface Observed {
  /** The flags that count now: others once 0-RTT data was not taken. */
  readonly flags: Flags;
  /** The client's hello, of which others than `chooseConfig` want to know. */
  hello: ClientHelloView | undefined;
  /** The session behind the ticket or id that a client showed. */
  found: Session | undefined;
  /** Expectations about questions that were not met. */
  readonly failures: string[];
  selectedCredential: number;
  storedSessions: number;
  sealedTickets: number;
  verifications: number;
}

export function newObserved(flagsNow: () => Flags): Observed {
  return {
    get flags() {
      return flagsNow();
    },
    hello: undefined,
    found: undefined,
    failures: [],
    selectedCredential: -1,
    storedSessions: 0,
    sealedTickets: 0,
    verifications: 0,
  };
}
/** Answers to every decision, as the flags of the test have it. */
export function policiesFor(
  credentials: readonly NumberedCredential[],
  memory: Memory,
  observed: Observed,
  refined: (hello: ClientHelloView) => ServerConfig | undefined,
): Policies {
  return {
    chooseConfig({ hello }) {
      observed.hello = hello;
      checkServerName(observed.flags, hello.serverName, observed);
      checkAdvertised(observed.flags, hello.alpnProtocols, observed);
      if (observed.flags['install-ddos-callback'] && observed.flags['fail-ddos-callback'])
        return {
          ok: false,
          reason: 'refused',
          message: 'there are too many connections',
          alert: 'internal_error',
        };
      if (observed.flags['fail-early-callback'])
        return { ok: false, reason: 'refused', message: 'the early callback says no' };
      if (lacksCertificate(observed.flags, hello))
        return {
          ok: false,
          reason: 'refused',
          message: 'the client is asked for a raw public key, and has X.509 certificates alone',
          alert: 'unsupported_certificate',
        };
      if (readsNoCertificate(hello)) {
        return {
          ok: false,
          reason: 'refused',
          message: 'the client reads no type of certificate that we know',
          alert: 'handshake_failure',
        };
      }
      const config = refined(hello);
      return config === undefined ? { ok: true } : { ok: true, config };
    },
    selectCertificate(ask) {
      checkRequest(observed.flags, ask, observed);
      if (observed.flags['fail-cert-callback'])
        return { ok: false, message: 'the certificate callback says no' };
      const chosen = credentials.find((each) => fits(each, ask, observed.flags));
      if (chosen === undefined && mustHaveOne(observed.flags, credentials, ask))
        return { ok: false, reason: 'noneFits', message: unfit(credentials, ask, observed.flags) };
      observed.selectedCredential = chosen?.number ?? -1;
      return { ok: true, credential: chosen?.credential };
    },
    sign({ credential, delegation, algorithm, input }) {
      const { key } = delegation ?? credential;
      if (key === 'external') return { ok: false, message: 'no key' };
      return { ok: true, signature: key.sign(algorithm, input) };
    },
    decryptPremaster({ credential: { key }, ciphertext, fallback }) {
      if (key === 'external') return { ok: false, message: 'no key' };
      return { ok: true, premaster: key.decryptPkcs1?.(ciphertext, fallback) ?? fallback };
    },
    verifyPeer: (ask) => verify(observed.flags, ask, observed),
    fetchStatus({ credential }) {
      const response = credential.type === 'x509' ? credential.ocspResponse : undefined;
      const declines = observed.flags['use-ocsp-callback'] && observed.flags['decline-ocsp-callback'];
      return response === undefined || declines ? { ok: true } : { ok: true, ocspResponse: response };
    },
    chooseSession: ({ renegotiation }) => ({
      ok: true,
      sessions: memory.session === undefined || renegotiation > 0 ? [] : [memory.session],
    }),
    lookupPsk: (ask) => lookupPsk(observed.flags, ask, observed),
    openTicket(ask) {
      const reply = onlyIfPreferred(memory.keeper.openTicket(ask), observed);
      observed.found = reply.ok ? reply.found?.session : undefined;
      if (!reply.ok || reply.found === undefined || !observed.flags['renew-ticket']) return reply;
      return { ok: true, found: { ...reply.found, renew: true } };
    },
    useTicket: () => ({ ok: true, use: true }),
    sealTicket(ask) {
      if (observed.flags['skip-ticket']) return { ok: false, message: 'the test wants no ticket' };
      observed.sealedTickets++;
      return memory.keeper.sealTicket(ask);
    },
    lookupSession(ask) {
      const found = memory.sessionIds.lookupSession(ask);
      const reply =
        found.ok && found.session && !isPreferred(found.session, observed) ? { ok: true as const } : found;
      observed.found ??= reply.ok ? reply.session : undefined;
      return reply;
    },
    storeSession(ask) {
      observed.storedSessions++;
      return memory.sessionIds.storeSession(ask);
    },
    acceptEarlyData: (ask) => acceptsEarlyData(observed.flags, ask),
  };
}

/** The runner's library makes a full handshake where that would have another suite. */
function onlyIfPreferred(reply: OpenTicketReply, observed: Observed): OpenTicketReply {
  return reply.ok && reply.found && !isPreferred(reply.found.session, observed) ? { ok: true } : reply;
}

/** The first suite of the kind that the client wants and we have, in whose order it is. */
function isPreferred({ cipherSuite, version }: Session, { flags, hello }: Observed): boolean {
  if (hello === undefined || flags.cipher !== undefined || flags['server-preference']) return true;
  const versions = versionsOf(flags).filter((module) => module.versions.some((each) => each === version));
  const ours = cipherSuites(versions, flags).filter(
    (suite) => authenticationOf(suite) === authenticationOf(cipherSuite),
  );
  return hello.cipherSuites.find((suite) => ours.includes(suite)) === cipherSuite;
}

/** The policies as answers on the spot, or none of them, so that every decision becomes an output. */
export function answersOf(policies: Policies, flags: Flags): Answers {
  if (flags.async) return Object.fromEntries(Object.keys(policies).map((kind) => [kind, () => undefined]));
  return flags['fail-ocsp-callback'] ? { ...policies, fetchStatus: () => undefined } : policies;
}

/** The late answer; `undefined`: the test wants the connection given up instead. */
export function answerOf(policies: Policies, flags: Flags, { kind, ask }: Decision): unknown {
  if (kind === 'fetchStatus' && flags['fail-ocsp-callback']) return undefined;
  return (policies[kind] as (ask: unknown) => unknown)(ask);
}

/** A certificate whose signature the peer can verify, of an authority that it names, if that matters. */
function fits(numbered: NumberedCredential, ask: SelectCertificateAsk, flags: Flags): boolean {
  return canSign(numbered, ask, flags) && isOfNamedIssuer(numbered, ask);
}

/** Suites with pre-shared keys need no certificate; where these keys alone are there, none of them was the client's. */
function mustHaveOne(
  { psk, credentials: all }: Flags,
  credentials: readonly NumberedCredential[],
  { role }: SelectCertificateAsk,
): boolean {
  if (psk !== undefined) return false;
  return credentials.length > 0 || (role === 'server' && all.some(({ type }) => type === 'psk'));
}

/** A certificate is wanted, if only asked for, and the client says by its silence that it has X.509 alone (RFC 7250 §4.1). */
function lacksCertificate(flags: Flags, { extensionTypes }: ClientHelloView): boolean {
  const taken = flags['accepted-peer-cert-types'];
  if (taken === undefined || taken.includes(0) || !flags['verify-peer']) return false;
  return !extensionTypes.includes(clientCertificateType);
}

/** RFC 7250 §4.2 has unsupported_certificate for this, which is what the core says; the tests want the client refused as for any other reason. */
function readsNoCertificate({ extensions }: ClientHelloView): boolean {
  const listed = extensions.find(({ type }) => type === serverCertificateType)?.data;
  return (
    listed !== undefined && listed.length > 1 && !listed.subarray(1).some((type) => type === 0 || type === 2)
  );
}

const clientCertificateType = 19;
const serverCertificateType = 20;

function unfit(credentials: readonly NumberedCredential[], ask: SelectCertificateAsk, flags: Flags): string {
  if (credentials.length === 0) return "none of the client's pre-shared keys is ours";
  const signing = credentials.some((each) => canSign(each, ask, flags));
  return signing
    ? 'no certificate is of an authority that the peer names'
    : 'the peer verifies no signature of ours';
}

function canSign({ credential }: NumberedCredential, ask: SelectCertificateAsk, flags: Flags): boolean {
  // Before TLS 1.3 a key signs with hashes that its credential does not list, too: the core's way, which a policy narrows.
  const { signatureSchemes: listed } = credential;
  if (isUnderPolicy(flags) && !listed.some((scheme) => ask.signatureSchemes.includes(scheme))) return false;
  if (!ask.certificateTypes.includes(credential.type)) return false;
  if (delegates(credential, ask)) return true;
  const { key, signatureSchemes } = credential;
  if (ask.version >= 0x0304) {
    return signatureSchemes.some(
      (scheme) =>
        ask.signatureSchemes.includes(scheme) &&
        (describeScheme(scheme)?.signsHandshake === true ||
          (ask.role === 'client' && describeScheme(scheme)?.signsForClients === true)),
    );
  }
  const kind = key === 'external' ? undefined : key.kind;
  if (kind?.type === 'ec' && ask.groups?.includes(namedGroups[kind.curve]) === false) return false;
  // Before TLS 1.3 hash and key are independent of each other, but for RSASSA-PSS and SHA-1.
  const own = signatureSchemes.filter((scheme) => {
    const { signsForClients, sinceTls13 } = describeScheme(scheme) ?? {};
    return signsForClients !== true && sinceTls13 !== true;
  });
  const families = new Set(own.map(familyOf));
  return ask.signatureSchemes.some(
    (scheme) =>
      own.includes(scheme) ||
      (families.has(familyOf(scheme)) && (ask.version < 0x0303 || withEveryKey.includes(scheme))),
  );
}

/** The peer verifies what the delegation is signed with, and what its key signs with (RFC 9345 §4.1). */
function delegates(credential: Credential, ask: SelectCertificateAsk): boolean {
  if (credential.type !== 'x509' || credential.delegations === undefined) return false;
  return credential.delegations.some(
    ({ credential: { cred, algorithm } }) =>
      ask.delegatedSignatureSchemes.includes(cred.dcCertVerifyAlgorithm) &&
      ask.signatureSchemes.includes(algorithm),
  );
}

function isOfNamedIssuer(
  { credential, mustMatchIssuer }: NumberedCredential,
  ask: SelectCertificateAsk,
): boolean {
  if (!mustMatchIssuer || credential.type !== 'x509') return true;
  const issuers = credential.chain.map((der) => Buffer.from(parseCertificate(der).issuer.der));
  return ask.certificateAuthorities.some((name) => issuers.some((issuer) => issuer.equals(name)));
}

const withEveryKey: readonly number[] = [
  schemes.rsa_pkcs1_sha256,
  schemes.rsa_pkcs1_sha384,
  schemes.rsa_pkcs1_sha512,
  schemes.ecdsa_secp256r1_sha256,
  schemes.ecdsa_secp384r1_sha384,
  schemes.ecdsa_secp521r1_sha512,
];

/** What kind of key a scheme is for: before TLS 1.3 hash and curve do not belong together. */
function familyOf(scheme: number): string {
  const type = describeScheme(scheme)?.algorithm.type;
  if (type === 'rsa-pss' || type === 'rsa-pkcs1' || scheme === 0x0201 || scheme === 0xff01) return 'rsa';
  return type === 'ecdsa' || scheme === 0x0203 ? 'ecdsa' : `${scheme}`;
}

function verify(flags: Flags, ask: VerifyPeerAsk, observed: Observed): VerifyPeerReply {
  const { evidence, cause, stored } = ask;
  const spki = evidence.type === 'x509' ? readKey(evidence.chain[0]!.certificate, ask) : evidence.spki;
  if (!(spki instanceof Uint8Array)) return spki;
  if (cause === 'resumption' && !flags['reverify-on-resume'])
    return { ok: true, publicKey: spki, verdict: stored?.verdict };
  if (cause !== 'renegotiation') observed.verifications++;
  if (observed.verifications > 1) observed.failures.push('the peer was verified twice');
  checkStaples(flags, ask, observed);
  checkExpectedName(flags, ask, observed);
  if (flags['fail-ocsp-callback'])
    return {
      ok: false,
      reason: 'badStatusResponse',
      message: 'the test says that the OCSP response is of no use',
    };
  const isBinding =
    flags['verify-peer'] || flags['require-any-client-certificate'] || flags['use-custom-verify-callback'];
  const pin = flags['expect-peer-rpk-sha256'];
  if (pin !== undefined && !(evidence.type === 'rawPublicKey' && nodeHash(spki).equals(pin)))
    return { ok: false, reason: 'rejected', message: 'the raw public key is not the one that is expected' };
  if (flags['verify-fail'] && (isBinding || evidence.type === 'rawPublicKey'))
    return {
      ok: false,
      reason: 'rejected',
      message: 'the test says that verification fails',
      // Who has a callback for a verdict alone cannot name the alert.
      ...(flags['use-custom-verify-callback'] ? {} : { alert: 'handshake_failure' as const }),
    };
  return { ok: true, publicKey: spki, verdict: flags['verify-fail'] ? 'failed' : 'passed' };
}

function nodeHash(bytes: Uint8Array): Buffer {
  return Buffer.from(nodeProvider.hashes.sha256!.digest([bytes]));
}

/** The key of a certificate, if it may be used as the handshake uses it (RFC 5280 §4.2.1.3). */
function readKey(der: Uint8Array, { keyUse }: VerifyPeerAsk): Uint8Array | VerifyPeerReply {
  try {
    const { spki, keyUsage } = parseCertificate(der);
    const needed = keyUse === 'sign' ? 'digitalSignature' : 'keyEncipherment';
    if (keyUsage?.has(needed) === false)
      return { ok: false, reason: 'unsupported', message: `the key usage lacks ${needed}` };
    return spki;
  } catch (error) {
    if (!isX509Error(error)) throw error;
    // As if the message itself were malformed: what the runner's own library does.
    return { ok: false, reason: 'malformed', message: error.message, alert: 'decode_error' };
  }
}

function checkServerName(flags: Flags, name: string | undefined, { failures }: Observed): void {
  const expected = flags['expect-server-name'];
  if (expected !== undefined && name !== expected) failures.push(`SNI ${name}, expected ${expected}`);
  if (flags['expect-no-server-name'] && name !== undefined) failures.push(`SNI ${name}, expected none`);
}

function checkAdvertised(flags: Flags, protocols: readonly string[], { failures }: Observed): void {
  const expected = flags['expect-advertised-alpn'];
  if (expected === undefined) return;
  const got = protocols.map((name) => String.fromCharCode(name.length) + name).join('');
  if (got !== expected) failures.push(`ALPN ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}

function checkRequest(flags: Flags, ask: SelectCertificateAsk, { failures }: Observed): void {
  const expectedSchemes = flags['expect-peer-verify-pref'];
  if (expectedSchemes !== undefined && expectedSchemes.join() !== ask.signatureSchemes.join())
    failures.push(`the peer verifies ${ask.signatureSchemes}, expected ${expectedSchemes}`);
  const list = flags['expect-client-ca-list'];
  if (list === undefined || ask.role !== 'client') return;
  const expected = derNames(list).map((name) => Buffer.from(name).toString('hex'));
  const got = ask.certificateAuthorities.map((name) => Buffer.from(name).toString('hex'));
  if (expected.join() !== got.join()) failures.push(`authorities ${got}, expected ${expected}`);
}

/** Where the server could not decrypt the hello, it must be that of the public name (RFC 9849 §6.1.7), which is another than ours. */
function checkExpectedName(flags: Flags, { expectedName }: VerifyPeerAsk, { failures }: Observed): void {
  const expected = flags['expect-ech-name-override'];
  if (expected !== undefined && expectedName !== expected)
    failures.push(`the name to be verified is ${expectedName}, expected ${expected}`);
  if (flags['expect-no-ech-name-override'] && expectedName !== undefined)
    failures.push(`the name to be verified is ${expectedName}, expected that of the test`);
}

function checkStaples(flags: Flags, { evidence }: VerifyPeerAsk, { failures }: Observed): void {
  const expected = flags['expect-ocsp-response'];
  if (expected === undefined || evidence.type !== 'x509') return;
  if (evidence.chain[0]?.ocspResponse === undefined)
    failures.push('no OCSP response where the peer is verified');
}
