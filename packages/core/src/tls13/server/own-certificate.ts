import { certificatePart } from '../../auth/compressed-certificate.ts';
import { certificateOf } from '../../auth/own-certificate.ts';
import { certificateVerifyOf, schemeFor, signAsk } from '../../auth/sign.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import { signatureAlgorithmsExtension } from '../../extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import type { Credential } from '../../values/credential.ts';
import type { FetchStatusReply, SelectCertificateReply, SignReply } from '../../values/decisions.ts';
import { hashOf } from '../suites.ts';
import { closeFlight, openFlight } from './first-flight.ts';
import type { Negotiated, ServerState } from './states.ts';

/** Everything is negotiated but who we are. */
export function askForCertificate(negotiated: Negotiated): Move<ServerState> {
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
  return {
    state: { at: 'decideCertificate', negotiated },
    ask: {
      kind: 'selectCertificate',
      ask: {
        role: 'server',
        signatureSchemes,
        certificateSignatureSchemes: view.certificateSignatureSchemes,
        certificateAuthorities: view.certificateAuthorities,
        serverName: view.serverName,
      },
    },
  };
}

export function onCredential(
  { negotiated }: Extract<ServerState, { at: 'decideCertificate' }>,
  reply: SelectCertificateReply,
  context: Context,
): Move<ServerState> {
  const at = { section: 'RFC 9846 §4.5.1.2', handshakeMessage: 'certificate' };
  if (!reply.ok) throw new TlsError('local.noCredential', reply.message, { ...at, cause: reply.cause });
  if (reply.credential === undefined) {
    throw new TlsError('incompatible.signatureSchemes', 'the client can verify none of our certificates', at);
  }
  const { credential } = reply;
  const status = negotiated.received.hello.extensions.get(statusRequestExtension);
  if (status?.kind !== 'ocsp') return present(negotiated, credential, undefined, context);
  return {
    state: { at: 'decideStatus', negotiated, credential },
    ask: { kind: 'fetchStatus', ask: { credential } },
  };
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
  const scheme = schemeFor(credential, hello.extensions.get(signatureAlgorithmsExtension) ?? []);
  const open = openFlight(negotiated, context);
  const wantsTimestamps = hello.extensions.has(signedCertificateTimestampExtension);
  const certificate = certificateOf(
    credential,
    new Uint8Array(0),
    {
      ocspResponse,
      signedCertificateTimestamps: wantsTimestamps ? credential.signedCertificateTimestamps : undefined,
    },
    config,
  );
  const part = certificatePart(
    certificate,
    credential,
    config.certificateCompression.send,
    hello.extensions.get(compressCertificateExtension),
    context.provider,
  );
  const flight = open.flight.append(part.raw);
  const content = signedContent('server', flight.transcript.digest(hashOf(suite, context.provider)));
  return {
    state: { at: 'decideSign', negotiated, open: { ...open, flight }, scheme },
    effects: part.facts,
    ask: signAsk(credential, scheme, content),
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
