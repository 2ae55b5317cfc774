import { refuseOtherType, refuseSelection } from '../../auth/own-certificate.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import { supportedGroupsExtension } from '../../extensions/supported-groups.ts';
import type { Move } from '../../machine/define.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import { readableCertificateTypes } from '../../negotiate/certificate-type.ts';
import { curveOfKey } from '../../negotiate/signature-scheme.ts';
import { namedGroups } from '../../registry/groups.ts';
import { registryName } from '../../registry/registered.ts';
import type { FetchStatusReply, SelectCertificateReply } from '../../values/decisions.ts';
import { signingScheme } from '../signing.ts';
import { sendFirstFlight } from './first-flight.ts';
import type { Credential } from '../../values/credential.ts';
import type { Profile } from '../profile.ts';
import { hasCertificate, type Suite12 } from '../suites.ts';
import { schemesOfRsaKeys } from '../signature-schemes.ts';
import { clientSchemes, favourite, isTransport, suiteFor } from './negotiate.ts';
import type { Candidate, Chosen, Seeking, ServerState } from './states.ts';

/** A full handshake: who we are. */
export function askForCredential(
  { received, profile, suites }: Seeking,
  context: Context,
): Move<ServerState> {
  const { hello } = received;
  const wanted = favourite(received, suites);
  if (wanted !== undefined && !hasCertificate(wanted))
    return sendFirstFlight(unsigned(received, profile, wanted), undefined, context);
  const types = readableCertificateTypes(hello);
  const schemes = clientSchemes(hello, profile, suites);
  return select({ received, profile, suites, schemes, types, before: undefined }, context);
}

function select(candidate: Candidate, context: Context): Move<ServerState> {
  const { received, types, schemes } = candidate;
  const { hello, view, version } = received;
  return {
    state: { at: 'decideCertificate', candidate },
    ask: {
      kind: 'selectCertificate',
      ask: {
        role: 'server',
        version,
        certificateTypes: types,
        signatureSchemes: schemes,
        certificateSignatureSchemes: view.certificateSignatureSchemes,
        delegatedSignatureSchemes: [],
        groups: hello.extensions.get(supportedGroupsExtension),
        certificateAuthorities: view.certificateAuthorities,
        serverName: view.serverName,
        nowMs: context.nowMs,
      },
    },
  };
}

/** The key decides the suite (RFC 5246 §7.4.2); then a staple, if the client asks for one. */
export function onCredential(
  { candidate }: Extract<ServerState, { at: 'decideCertificate' }>,
  reply: SelectCertificateReply,
  context: Context,
): Move<ServerState> {
  if (fitsNone(reply) && mayServeForTransport(candidate))
    return select({ ...candidate, schemes: schemesOfRsaKeys(), before: reply }, context);
  // Why nobody signs is what somebody should hear.
  const settled = fitsNone(reply) ? (candidate.before ?? reply) : reply;
  if (!settled.ok) refuseSelection(settled);
  const { credential } = settled;
  if (credential === undefined) {
    const { received, profile, suites } = candidate;
    const without = favourite(
      received,
      suites.filter((suite) => !hasCertificate(suite)),
    );
    if (without === undefined) throw noneFits();
    return sendFirstFlight(unsigned(received, profile, without), undefined, context);
  }
  refuseOtherType(credential, candidate.types);
  const chosen = choose(candidate, credential);
  const status = candidate.received.hello.extensions.get(statusRequestExtension);
  if (status?.kind !== 'ocsp' || credential.type !== 'x509')
    return sendFirstFlight(chosen, undefined, context);
  return {
    state: { at: 'decideStatus', chosen },
    ask: { kind: 'fetchStatus', ask: { credential } },
  };
}

export function onStatus(
  { chosen }: Extract<ServerState, { at: 'decideStatus' }>,
  reply: FetchStatusReply,
  context: Context,
): Move<ServerState> {
  // A response that cannot be had is left out; whether that is acceptable is the client's decision (RFC 6066 §8).
  return sendFirstFlight(chosen, reply.ok ? reply.ocspResponse : undefined, context);
}

function fitsNone(reply: SelectCertificateReply): boolean {
  return reply.ok ? reply.credential === undefined : reply.reason === 'noneFits';
}

/** Whether a key may do that signs nothing the client verifies: the client encrypts to it (RFC 5246 §7.4.2). */
function mayServeForTransport({ profile, suites, before }: Candidate): boolean {
  return profile.signs.hasSchemeField && before === undefined && suites.some(isTransport);
}

function choose(candidate: Candidate, credential: Credential): Chosen {
  const { received, profile, schemes, before } = candidate;
  const suites = before === undefined ? candidate.suites : candidate.suites.filter(isTransport);
  const named = profile.signs.hasSchemeField ? schemes : undefined;
  checkCurve(received, credential);
  const scheme = signingScheme(credential, named, profile);
  const suite = suiteFor(received, suites, credential, scheme);
  return { received, profile, suite, signer: { credential, scheme } };
}

/**
 * "If the client has used a Supported Elliptic Curves Extension, the public key in the server's certificate MUST respect the
 * client's choice of elliptic curves" (RFC 8422 §5.3).
 */
function checkCurve({ hello }: ReceivedHello, { signatureSchemes }: Credential): void {
  const curve = curveOfKey(signatureSchemes);
  const listed = hello.extensions.get(supportedGroupsExtension);
  if (curve === undefined || listed === undefined || listed.includes(curve)) return;
  throw new TlsError(
    'incompatible.groups',
    `our key is on ${registryName(namedGroups, curve)}, which the client does not list`,
    { section: 'RFC 8422 §5.3', handshakeMessage: 'client_hello', field: 'supported_groups' },
  );
}

/** Without a certificate: with a pre-shared key, or anonymously. */
function unsigned(received: ReceivedHello, profile: Profile, suite: Suite12): Chosen {
  return { received, profile, suite, signer: undefined };
}

function noneFits(): TlsError {
  return new TlsError(
    'incompatible.signatureSchemes',
    'the client can verify none of our certificates, or has no cipher suite for them',
    { section: 'RFC 5246 §7.4.2', handshakeMessage: 'client_hello', field: 'signature_algorithms' },
  );
}
