import { compressionFacts, uncompressed } from '../../auth/compressed-certificate.ts';
import {
  acceptedPeer,
  checkCertificateContext,
  evidenceOf,
  verifyPeerAsk,
} from '../../auth/peer-certificate.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { verifyHandshakeSignature } from '../../auth/verify-signature.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import { checkServerCertificateType } from '../../negotiate/certificate-type.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { CertificateVerify } from '../../messages/certificate-verify.ts';
import type { Certificate } from '../../messages/certificate.ts';
import type { CompressedCertificate } from '../../messages/compressed-certificate.ts';
import { receiveCustomExtensions, receiveFromCertificate } from '../../negotiate/custom-extensions.ts';
import { checkCompressionAlgorithms } from '../../negotiate/certificate-compression.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import { hashOf } from '../suites.ts';
import { requireSignatureAlgorithms } from './own-certificate.ts';
import type { ClientHandshake, ClientState } from './states.ts';

/** CertificateRequest (RFC 9846 §4.4.2); answered after the server's Finished, when it is known who asks. */
export function onCertificateRequest(
  handshake: ClientHandshake,
  request: CertificateRequest,
): Move<ClientState> {
  const at = { section: 'RFC 9846 §4.4.2', handshakeMessage: 'certificate_request' };
  checkCompressionAlgorithms(request.extensions);
  if (request.certificateRequestContext.length > 0) {
    throw new TlsError(
      'peer.certificateRequestContext',
      'certificate_request_context must be empty in the handshake',
      {
        ...at,
        field: 'certificate_request_context',
      },
    );
  }
  requireSignatureAlgorithms(request);
  return {
    state: { at: 'awaitCertificate', handshake, request },
    effects: [
      { do: 'fact', facts: { certificateRequested: true } },
      ...receiveCustomExtensions(handshake.config.customExtensions, request.extensions),
    ],
  };
}

/** The server's Certificate (RFC 9846 §4.5.1): never empty; the application judges it. */
export function onCertificate(
  handshake: ClientHandshake,
  request: CertificateRequest | undefined,
  received: Certificate | CompressedCertificate,
  context: Context,
): Move<ClientState> {
  const { extensions } = handshake.hello;
  const message = uncompressed(
    received,
    extensions.get(compressCertificateExtension),
    handshake.config.certificateCompression,
    context,
  );
  checkCertificateContext(message, new Uint8Array(0));
  if (message.certificateList.length === 0) {
    throw new TlsError('peer.emptyCertificate', 'the server sent no certificate', {
      section: 'RFC 9846 §4.5.1.3',
      handshakeMessage: 'certificate',
      field: 'certificate_list',
    });
  }
  const type = checkServerCertificateType(
    handshake.certificateTypes ?? {},
    handshake.config.peerCertificateTypes,
  );
  const evidence = evidenceOf(message, extensions, context.limits, type);
  return {
    state: { at: 'decideVerifyPeer', handshake, request, evidence, verifiedAtMs: context.receivedAtMs },
    effects: [
      ...compressionFacts(received),
      ...receiveFromCertificate(handshake.config.customExtensions, message, extensions),
    ],
    ask: verifyPeerAsk('handshake', evidence, handshake.config, context),
  };
}

export function onPeerVerdict(
  { handshake, request, evidence, verifiedAtMs }: Extract<ClientState, { at: 'decideVerifyPeer' }>,
  reply: VerifyPeerReply,
): Move<ClientState> {
  const { publicKey, verdict, validUntilMs } = acceptedPeer(reply, evidence);
  return {
    state: {
      at: 'awaitCertificateVerify',
      handshake,
      request,
      evidence,
      publicKey,
      verdict,
      validUntilMs,
      verifiedAtMs,
    },
  };
}

export function onCertificateVerify(
  state: Extract<ClientState, { at: 'awaitCertificateVerify' }>,
  message: CertificateVerify,
  context: Context,
): Move<ClientState> {
  const { handshake, request, evidence, publicKey, verdict, validUntilMs, verifiedAtMs } = state;
  const transcriptHash = context.before.digest(hashOf(handshake.suite, context.provider));
  verifyHandshakeSignature(context.provider, handshake.config.signatureSchemes, evidence, {
    signer: 'server',
    scheme: message.algorithm,
    signature: message.signature,
    content: signedContent('server', transcriptHash),
    spki: publicKey,
  });
  const peer = { evidence, verdict, validUntilMs, verifiedAtMs, scheme: message.algorithm };
  return { state: { at: 'awaitFinished', handshake, request, peer } };
}
