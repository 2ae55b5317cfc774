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
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateVerify } from '../../messages/certificate-verify.ts';
import type { Certificate } from '../../messages/certificate.ts';
import type { CompressedCertificate } from '../../messages/compressed-certificate.ts';
import { receiveFromCertificate } from '../../negotiate/custom-extensions.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import { hashOf } from '../suites.ts';
import type { ServerState } from './states.ts';

/** The client's Certificate (RFC 9846 §4.5.1): it may be empty unless the configuration requires one. */
export function onCertificate(
  { handshake, request }: Extract<ServerState, { at: 'awaitCertificate' }>,
  received: Certificate | CompressedCertificate,
  context: Context,
): Move<ServerState> {
  const message = uncompressed(
    received,
    request.extensions.get(compressCertificateExtension),
    handshake.config.certificateCompression,
    context,
  );
  checkCertificateContext(message, request.certificateRequestContext);
  if (message.certificateList.length === 0) {
    if (handshake.config.clientAuthentication === 'require') {
      throw new TlsError(
        'incompatible.certificateRequired',
        'the client has no certificate, and must have one',
        {
          section: 'RFC 9846 §4.5.1.3',
          handshakeMessage: 'certificate',
          field: 'certificate_list',
        },
      );
    }
    return {
      state: { at: 'awaitFinished', handshake, peer: undefined },
      effects: compressionFacts(received),
    };
  }
  const evidence = evidenceOf(message, request.extensions, context.limits, handshake.clientCertificateType);
  return {
    state: { at: 'decideVerifyPeer', handshake, evidence, verifiedAtMs: context.receivedAtMs },
    effects: [
      ...compressionFacts(received),
      ...receiveFromCertificate(handshake.config.customExtensions, message, request.extensions),
    ],
    ask: verifyPeerAsk('handshake', evidence, handshake.config, context),
  };
}

export function onPeerVerdict(
  { handshake, evidence, verifiedAtMs }: Extract<ServerState, { at: 'decideVerifyPeer' }>,
  reply: VerifyPeerReply,
): Move<ServerState> {
  const { publicKey, verdict } = acceptedPeer(reply, evidence);
  return { state: { at: 'awaitCertificateVerify', handshake, evidence, publicKey, verdict, verifiedAtMs } };
}

export function onCertificateVerify(
  state: Extract<ServerState, { at: 'awaitCertificateVerify' }>,
  message: CertificateVerify,
  context: Context,
): Move<ServerState> {
  const { handshake, evidence, publicKey, verdict, verifiedAtMs } = state;
  const transcriptHash = context.before.digest(hashOf(handshake.suite, context.provider));
  verifyHandshakeSignature(context.provider, handshake.config.signatureSchemes, evidence, {
    signer: 'client',
    scheme: message.algorithm,
    signature: message.signature,
    content: signedContent('client', transcriptHash),
    spki: publicKey,
  });
  return {
    state: {
      at: 'awaitFinished',
      handshake,
      peer: { evidence, verdict, verifiedAtMs, scheme: message.algorithm },
    },
  };
}
