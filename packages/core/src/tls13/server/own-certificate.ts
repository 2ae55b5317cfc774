import { certificatePart } from '../../auth/compressed-certificate.ts';
import { certificateOf, presented, refuseOtherType, refuseSelection } from '../../auth/own-certificate.ts';
import { certificateVerifyOf, signerFor, signAsk } from '../../auth/sign.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import { delegatedCredentialExtension } from '../../extensions/delegated-credential.ts';
import { postHandshakeAuthExtension } from '../../extensions/post-handshake-auth.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { signatureAlgorithmsExtension } from '../../extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import type { Move } from '../../machine/define.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { clientCertificateType, readableCertificateTypes } from '../../negotiate/certificate-type.ts';
import { protocolVersions } from '../../registry/versions.ts';
import type { CertificateTypeName, Credential } from '../../values/credential.ts';
import type { FetchStatusReply, SelectCertificateReply, SignReply } from '../../values/decisions.ts';
import { hashOf } from '../suites.ts';
import { closeFlight, openFlight } from './first-flight.ts';
import type { Negotiated, ServerState } from './states.ts';

/** Everything is negotiated but who we are. */
export function askForCertificate(negotiated: Negotiated, context: Context): Move<ServerState> {
  const { view, hello } = negotiated.received;
  const signatureSchemes = hello.extensions.get(signatureAlgorithmsExtension);
  if (signatureSchemes === undefined) {
    // A hello with pre_shared_key may lack it, and is served by a certificate all the same.
    throw new TlsError('peer.missingExtension', 'the ClientHello lacks signature_algorithms', {
      section: 'RFC 9846 §4.3.3',
      handshakeMessage: 'client_hello',
      field: 'signature_algorithms',
    });
  }
  const types = readableCertificateTypes(hello);
  const ofClient = clientCertificateTypeFor(negotiated.received);
  return {
    state: {
      at: 'decideCertificate',
      negotiated: ofClient === undefined ? negotiated : { ...negotiated, clientCertificateType: ofClient },
      types,
    },
    ask: {
      kind: 'selectCertificate',
      ask: {
        role: 'server',
        version: protocolVersions.tls13,
        certificateTypes: types,
        signatureSchemes,
        certificateSignatureSchemes: view.certificateSignatureSchemes,
        delegatedSignatureSchemes: hello.extensions.get(delegatedCredentialExtension) ?? [],
        groups: undefined,
        certificateAuthorities: view.certificateAuthorities,
        serverName: view.serverName,
        nowMs: context.nowMs,
      },
    },
  };
}

/** What the client is asked to authenticate with, now or later; `undefined`: it is not asked, or has nothing that we take. */
function clientCertificateTypeFor(received: ReceivedHello): CertificateTypeName | undefined {
  const { config, hello } = received;
  const isAskedLater = hello.extensions.has(postHandshakeAuthExtension);
  if (config.clientAuthentication === 'none' && !isAskedLater) return undefined;
  return clientCertificateType(received);
}

export function onCredential(
  { negotiated, types }: Extract<ServerState, { at: 'decideCertificate' }>,
  reply: SelectCertificateReply,
  context: Context,
): Move<ServerState> {
  if (!reply.ok) refuseSelection(reply);
  const { credential } = reply;
  if (credential === undefined) throw noneFits(negotiated, types);
  refuseOtherType(credential, types);
  const status = negotiated.received.hello.extensions.get(statusRequestExtension);
  if (status?.kind !== 'ocsp' || credential.type !== 'x509')
    return present(negotiated, credential, undefined, context);
  return {
    state: { at: 'decideStatus', negotiated, credential },
    ask: { kind: 'fetchStatus', ask: { credential } },
  };
}

function noneFits(
  { received: { config, hello } }: Negotiated,
  types: readonly CertificateTypeName[],
): TlsError {
  const at = { section: 'RFC 9846 §4.5.1.2', handshakeMessage: 'certificate' };
  if (hello.extensions.has(preSharedKeyExtension) && config.credentials.length === 0) {
    return new TlsError('incompatible.pskIdentity', 'the client shows no pre-shared key that we know', {
      section: 'RFC 9846 §6.2',
      handshakeMessage: 'client_hello',
      field: 'pre_shared_key',
    });
  }
  const ofOtherType =
    config.credentials.length > 0 && !config.credentials.some(({ type }) => types.includes(type));
  return ofOtherType
    ? new TlsError(
        'incompatible.certificateTypes',
        `the client takes ${types.join(' or ')}, we have no such`,
        at,
      )
    : new TlsError('incompatible.signatureSchemes', 'the client can verify none of our certificates', at);
}

export function onStatus(
  { negotiated, credential }: Extract<ServerState, { at: 'decideStatus' }>,
  reply: FetchStatusReply,
  context: Context,
): Move<ServerState> {
  // A response that cannot be had is left out; whether that is acceptable is the client's decision (RFC 6066 §8).
  return present(negotiated, credential, reply.ok ? reply.ocspResponse : undefined, context);
}

/** ServerHello to Certificate (RFC 9846 §2, figure 1); nothing leaves before the signature is there. */
function present(
  negotiated: Negotiated,
  credential: Credential,
  ocspResponse: Uint8Array | undefined,
  context: Context,
): Move<ServerState> {
  const { received, suite } = negotiated;
  const { config, hello } = received;
  const signer = signerFor(credential, {
    role: 'server',
    signatureSchemes: hello.extensions.get(signatureAlgorithmsExtension) ?? [],
    delegatedSignatureSchemes: hello.extensions.get(delegatedCredentialExtension) ?? [],
    nowMs: context.nowMs,
  });
  const open = openFlight({ serverCertificateType: credential.type, ...negotiated }, context);
  const wantsTimestamps = hello.extensions.has(signedCertificateTimestampExtension);
  const certificate = certificateOf(
    credential,
    new Uint8Array(0),
    {
      ocspResponse,
      signedCertificateTimestamps:
        wantsTimestamps && credential.type === 'x509' ? credential.signedCertificateTimestamps : undefined,
      delegation: signer.delegation,
    },
    config,
    hello.extensions,
  );
  const part = certificatePart(
    certificate,
    signer,
    config.certificateCompression,
    hello.extensions.get(compressCertificateExtension),
    context.provider,
  );
  const flight = open.flight.append(part.raw);
  const content = signedContent('server', flight.transcript.digest(hashOf(suite, context.provider)));
  return {
    state: { at: 'decideSign', negotiated, open: { ...open, flight }, scheme: signer.scheme },
    effects: [...part.facts, ...presented(signer)],
    ask: signAsk(signer, content),
  };
}

export function onSignature(
  { negotiated, open, scheme }: Extract<ServerState, { at: 'decideSign' }>,
  reply: SignReply,
  context: Context,
): Move<ServerState> {
  const flight = open.flight.append(encodeMessage(certificateVerifyOf(scheme, reply)));
  const known = { do: 'fact', facts: { ownSignatureScheme: scheme } } as const;
  return closeFlight(negotiated, { ...open, flight }, [known], context);
}
